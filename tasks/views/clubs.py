"""`/clubs/`: find a club, found one, join, leave, hand it over."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Forbidden, Refused
from kocforum.members.models import Member
from kocforum.ui.refusals import refuse_into

from ..actions.clubs import found_club, hand_over_club, join_club, leave_club, take_the_lead
from ..forms.clubs import ClubForm, HandOverForm
from ..models import Club
from ..queries.clubs import cities_of_clubs, clubs_in, clubs_of, events_of_club, members_of, past_of_club, talk_of
from ..rules.clubs import belongs_to, can_found_club, can_hand_over, can_leave, can_take_the_lead

PER_PAGE = 20


def _club_or_404(request: HttpRequest, slug: str) -> Club:
    clubs = Club.objects.visible_to(request.user).with_size().select_related("model", "leader", "board")
    return get_object_or_404(clubs, slug=slug)


@require_safe
def clubs(request: HttpRequest) -> HttpResponse:
    """All clubs, by city."""
    cities = cities_of_clubs(request.user)
    city = request.GET.get("city", "")
    page = Paginator(clubs_in(request.user, city if city in cities else ""), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "events",
        "page": page,
        "cities": cities,
        "city": city,
        "mine": list(clubs_of(request.user)),
        "may_found": can_found_club(request.user) is True,
    }
    return render(request, "tasks/clubs/list.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Found a club. Who may not reads why."""
    if isinstance(refusal := can_found_club(request.user), Forbidden):
        messages.info(request, str(refusal))
        return redirect("clubs")
    form = ClubForm(request.POST or None, initial={"op_id": uuid.uuid4(), "city": request.user.city})
    if request.method == "POST" and form.is_valid():
        try:
            club = found_club(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("The club is there, with a board of its own. Tell the first ones."))
            return redirect(club)
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/clubs/form.html", {"section": "events", "form": form}, status=status)


@require_safe
def club(request: HttpRequest, slug: str) -> HttpResponse:
    """One club: what it is for, who belongs to it, what is talked about."""
    found = _club_or_404(request, slug)
    context = {
        "section": "events",
        "club": found,
        "members": members_of(found),
        "events": events_of_club(found, request.user),
        "past": past_of_club(found, request.user),
        "threads": talk_of(found, request.user),
        "belongs": belongs_to(request.user, found),
        "may_leave": can_leave(request.user, found) is True,
        "may_lead": can_take_the_lead(request.user, found),
        "hand_over": HandOverForm() if can_hand_over(request.user, found) else None,
    }
    return render(request, "tasks/clubs/club.html", context)


@require_POST
@login_required
def do(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Join, leave, hand over, lead."""
    found = _club_or_404(request, slug)
    try:
        if what == "join":
            join_club(by=request.user, club=found)
            messages.success(request, _("You belong to the club now."))
        elif what == "leave":
            leave_club(by=request.user, club=found)
            messages.info(request, _("You have left the club."))
        elif what == "lead":
            take_the_lead(by=request.user, club=found)
            messages.success(request, _("You lead the club now."))
        else:
            to = Member.objects.visible_to(request.user).filter(username=request.POST.get("to", "").strip()).first()
            hand_over_club(by=request.user, club=found, to=to or Member())
            messages.success(request, _("Handed over. Thank you for what you did for the club."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
