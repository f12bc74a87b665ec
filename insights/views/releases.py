"""Releases: on the desk made and moved, in public read with what owners say."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.forum.enums import Outcome
from kocforum.forum.models import Thread

from ..actions import releases
from ..forms.releases import AnswerForm, ReleaseForm
from ..models import Offer, Release, Ticket
from ..queries.desk import releases_list
from ..queries.owners import comparison, models_of, reports_of_release, verifications_of
from ..rules.releases import can_release
from ..rules.states import OPEN
from ..rules.tickets import can_see_desk
from .doors import refuse_into, staff_page

MOST_SHOWN = 100


@staff_page
def desk_releases(request: HttpRequest) -> HttpResponse:
    """All releases, drafts among them."""
    page = Paginator(releases_list(request.user), 20).get_page(request.GET.get("page"))
    context = {"section": "desk", "tab": "releases", "page": page, "may_release": can_release(request.user)}
    return render(request, "insights/releases/list.html", context)


def _form(request: HttpRequest, release: Release | None = None) -> ReleaseForm:
    initial = {"kind": "software", "op_id": uuid.uuid4()}
    if release:
        initial = {
            name: getattr(release, name) for name in ("kind", "title", "title_en", "announcement", "announcement_en")
        }
        initial |= {
            "version": release.number,
            "vehicle_models": release.vehicle_models.all(),
        }
    return ReleaseForm(request.POST or None, initial=initial)


@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a release."""
    if not can_release(request.user):
        raise Http404
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            release = releases.create_release(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect("desk_release", pk=release.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "insights/releases/form.html", {"section": "desk", "form": form}, status=status)


def _release(pk: int) -> Release:
    return get_object_or_404(Release.objects.select_related("version"), pk=pk)


@staff_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change words and models."""
    release = _release(pk)
    if not can_release(request.user):
        raise Http404
    form = _form(request, release)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "op_id"}
        try:
            releases.edit_release(by=request.user, release=release, **values)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_release", pk=pk)
    context = {"section": "desk", "form": form, "release": release}
    return render(request, "insights/releases/form.html", context, status=422 if request.method == "POST" else 200)


@staff_page
def desk_release(request: HttpRequest, pk: int) -> HttpResponse:
    """What a release answers, whom it was offered to, and its two steps."""
    release = _release(pk)
    answered = Ticket.objects.visible_to(request.user).filter(answers__release=release)
    waiting = Ticket.objects.visible_to(request.user).filter(state__in=OPEN).exclude(answers__release=release)
    context = {
        "section": "desk",
        "release": release,
        "models": models_of(release),
        "tickets": answered.select_related("department"),
        "answer_form": AnswerForm(tickets=waiting),
        "offers": Offer.objects.visible_to(request.user)
        .filter(release=release)
        .select_related("member", "vehicle__model", "report__thread"),
        "may_release": can_release(request.user),
    }
    return render(request, "insights/releases/desk.html", context)


@staff_page
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a ticket under the release."""
    release = _release(pk)
    form = AnswerForm(request.POST, tickets=Ticket.objects.visible_to(request.user))
    if form.is_valid():
        releases.answer_ticket(by=request.user, release=release, ticket=form.cleaned_data["ticket"])
    else:
        messages.warning(request, _("Choose a ticket."))
    return redirect("desk_release", pk=pk)


@staff_page
@require_POST
def beta(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer it to those who told."""
    offers = releases.start_beta(by=request.user, release=_release(pk))
    said = ngettext("The beta is offered to %(n)s owner.", "The beta is offered to %(n)s owners.", len(offers))
    messages.success(request, said % {"n": len(offers)})
    return redirect("desk_release", pk=pk)


@staff_page
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody has it."""
    releases.publish_release(by=request.user, release=_release(pk))
    messages.success(request, _("The release is public. Those who told, and every garage concerned, hear of it."))
    return redirect("release", pk=pk)


def release(request: HttpRequest, pk: int) -> HttpResponse:
    """`/releases/<id>/`: the announcement, and under it owners' words for and against."""
    found = get_object_or_404(Release.objects.visible_to(request.user).select_related("version"), pk=pk)
    told = list(verifications_of(found, request.user)[:MOST_SHOWN])
    reports = reports_of_release(found)
    compared = comparison(found, reports)
    threads = (
        Thread.objects.visible_to(request.user)
        .listed()
        .filter(pk__in=reports.order_by().values("thread"))
        .select_related("author")
        .order_by("pk")[:20]
    )
    context = {
        "release": found,
        "models": models_of(found),
        "fine": [row for row in told if row.observation.outcome == Outcome.WORKED],
        "failing": [row for row in told if row.observation.outcome != Outcome.WORKED],
        "totals": compared.totals,
        "both": compared.found is not None,
        "threads": threads,
        "on_the_desk": can_see_desk(request.user),
    }
    return render(request, "insights/releases/release.html", context)
