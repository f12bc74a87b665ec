"""`/events/`: what owners can join, by city and date; one event; plan one, run one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Forbidden, Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions import events as running
from ..actions.rsvps import give_up_place, put_first, take_place
from ..actions.waivers import accept_waiver
from ..enums import RsvpState
from ..forms.check_ins import drawn
from ..forms.crews import AnnouncementForm, CrewForm
from ..forms.events import EventForm, PlaceForm
from ..models import Event, Rsvp
from ..queries.clubs import clubs_of
from ..queries.event_pictures import first_pictures
from ..queries.event_terms import version_of_terms
from ..queries.events import cities_of_events, coming_events, held_events, my_places, page_of
from ..rules.events import can_plan, can_run
from .doors import initiative_or_404, number_in

PER_PAGE, PAST_SHOWN = 20, 5
WEEKS_AHEAD = 4


def event_or_404(request: HttpRequest, pk: int) -> Event:
    """An event that this person may know of."""
    events = Event.objects.visible_to(request.user)
    return get_object_or_404(events.select_related("initiative__proposer", "initiative__endorsement"), pk=pk)


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What can be joined, by city and date."""
    cities = cities_of_events(request.user)
    city = request.GET.get("city", "")
    found = coming_events(request.user, city if city in cities else "")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    held = held_events(request.user, city if city in cities else "")
    past = list(held[:PAST_SHOWN]) if page.number == 1 else []
    shown = first_pictures([*page, *past])
    for one in [*page, *past]:
        one.picture = shown.get(one.pk)
    context = {
        "section": "events",
        "page": page,
        "past": past,
        "cities": cities,
        "city": city,
        "mine": my_places(request.user),
        "clubs": list(clubs_of(request.user)),
    }
    return render(request, "tasks/events/list.html", context)


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: when, where, who comes, the own place; for its organisers everybody with their words."""
    return event_page(request, event_or_404(request, pk))


def event_page(
    request: HttpRequest,
    found: Event,
    form: PlaceForm | None = None,
    crew_form: CrewForm | None = None,
    announcement_form: AnnouncementForm | None = None,
) -> HttpResponse:
    """The page of an event, with a form that was refused."""
    context = page_of(found, request.user)
    mine = context["mine"]
    form = form or PlaceForm(event=found, questions=context["questions"], by=request.user, mine=mine)
    if mine is not None and mine.state == RsvpState.GOING:
        context["square"] = drawn(mine.ticket)
    if context["runs"]:
        said = {"op_id": uuid.uuid4()} | unsent_text(request, "announcement", pk=found.pk)
        context["crew_form"] = crew_form or CrewForm()
        context["announcement_form"] = announcement_form or AnnouncementForm(initial=said)
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/events/event.html", {"section": "events", **context, "form": form}, status=status)


@require_POST
@login_required
def rsvp(request: HttpRequest, pk: int) -> HttpResponse:
    """Come, wait, take an offer; or not come."""
    found = event_or_404(request, pk)
    if "give_up" in request.POST:
        try:
            give_up_place(by=request.user, event=found)
            messages.info(request, _("Thank you for saying so. Your place goes to the next one."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(found)
    mine = Rsvp.objects.filter(event=found, member=request.user.pk).first()
    questions = list(found.questions.all())
    form = PlaceForm(request.POST, event=found, questions=questions, by=request.user, mine=mine)
    if form.is_valid():
        try:
            taken = take_place(by=request.user, event=found, **form.values())
        except Refused as refused:
            refuse_into(form, refused)
            found.refresh_from_db(fields=["waiver", "waiver_sha256"])
        else:
            _say(request, taken)
            return redirect(found)
    return event_page(request, found, form)


@require_POST
@login_required
def waiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the words about risk anew, for a place that one has."""
    found = event_or_404(request, pk)
    try:
        accept_waiver(by=request.user, event=found, waived=request.POST.get("waived", "")[:64])
        messages.success(request, _("Thank you. Accepted as they stand."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{found.get_absolute_url()}#place")


def _say(request: HttpRequest, taken: Rsvp) -> None:
    if taken.state == RsvpState.GOING:
        messages.success(request, _("You have a place. See you there."))
    else:
        messages.info(request, _("All places are taken. You are on the waiting list, and hear when one is free."))


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Plan an event of an own initiative."""
    initiative = initiative_or_404(request.user, number_in(request.GET.get("initiative")))
    if isinstance(refusal := can_plan(request.user, initiative), Refused):
        if isinstance(refusal, Forbidden):
            raise Http404
        messages.info(request, str(refusal))
        return redirect(initiative)
    form = EventForm(request.POST or None, initial={"op_id": uuid.uuid4(), **_begin(initiative)})
    if request.method == "POST" and form.is_valid():
        try:
            made = running.plan_event(
                by=request.user, initiative=initiative, terms=form.terms(), op_id=form.cleaned_data["op_id"]
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Planned. Nobody sees it before you open it."))
            return redirect(made)
    return _form_page(request, form, initiative=initiative)


def _begin(initiative: Any) -> dict[str, Any]:
    """A Saturday morning some weeks from now, with the words of the initiative."""
    day = timezone.localtime() + timedelta(weeks=WEEKS_AHEAD)
    day += timedelta(days=(5 - day.weekday()) % 7)
    starts = day.replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    ends = starts.replace(hour=17)
    return {
        "title": initiative.title,
        "about": initiative.summary,
        "city": initiative.place[:40],
        "starts_at": starts,
        "ends_at": ends,
        "timezone": "Asia/Shanghai",
        "capacity": initiative.heads or 30,
    }


@keeps_unsent_text("event", fields=("title", "about", "agenda", "city", "place", "questions", "waiver", "seen"))
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its organisers change it. To everybody else this page is not there."""
    found = event_or_404(request, pk)
    if can_run(request.user, found) is not True:
        raise Http404
    unsent = unsent_text(request, "event", pk=pk)
    form = EventForm(request.POST or None, initial=EventForm.initial_from(found) | unsent)
    seen = request.POST.get("seen", "") if request.method == "POST" else unsent.get("seen") or version_of_terms(found)
    now = []
    if request.method == "POST" and form.is_valid():
        try:
            running.edit_event(by=request.user, event=found, terms=form.terms(), seen=seen)
        except Refused as refused:
            refuse_into(form, refused)
            found = event_or_404(request, pk)
            if seen != version_of_terms(found):
                # Shown what stands there now, they can save over it.
                seen, now = version_of_terms(found), form.stands_now(found)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return _form_page(request, form, event=found, initiative=found.initiative, seen=seen, now=now)


def _form_page(request: HttpRequest, form: EventForm, **more: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/events/form.html", {"section": "events", "form": form, **more}, status=status)


@require_POST
@login_required
def run(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Open, close, cancel; let somebody stand first in line."""
    found = event_or_404(request, pk)
    try:
        if what == "open":
            running.open_event(by=request.user, event=found)
            messages.success(request, _("It is open. Tell your friends."))
        elif what == "close":
            running.close_event(by=request.user, event=found)
        elif what == "postpone":
            running.postpone_event(by=request.user, event=found, reason=request.POST.get("reason", ""))
            messages.info(request, _("Everybody with a place hears of it. Give it another day, then open it again."))
        elif what == "cancel":
            running.cancel_event(by=request.user, event=found, reason=request.POST.get("reason", ""))
        elif what == "first":
            places = Rsvp.objects.visible_to(request.user).select_related("event__initiative")
            put_first(
                by=request.user, rsvp=get_object_or_404(places, event=found, pk=number_in(request.POST.get("place")))
            )
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
