"""`/desk/initiatives/`: what KOCs propose and the brand answers. Colleagues change no word of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions import endorsements, reviews
from ..forms.reviews import DecisionForm, MoveEndorsementForm, ScoreForm
from ..models import Endorsement, Initiative, ProposalVersion
from ..queries.initiative_pages import page_of
from ..queries.initiatives import last_version
from ..queries.reviews import answered_proposals, desk_of, waiting_proposals
from ..queries.trust import contests_waiting, small_up_to, trust_of
from ..rules.trust import can_see_trust
from .doors import initiative_or_404

PER_PAGE = 20


@require_safe
@staff_page
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the first due first; below what has one."""
    page = Paginator(answered_proposals(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": "desk", "tab": "initiatives", "waiting": list(waiting_proposals(request.user)), "page": page}
    context["contests"] = contests_waiting(request.user) if can_see_trust(request.user) else []
    return render(request, "tasks/initiatives/desk.html", context)


@require_safe
@staff_page
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its last version, the own scores, then the others', the decision, what it lends."""
    return _page(request, initiative_or_404(request.user, pk))


def _page(request: HttpRequest, found: Initiative, **forms: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    page = page_of(found, request.user)
    context = {
        "section": "desk",
        "tab": "initiatives",
        **page,
        **desk_of(found, request.user),
        "trust": trust_of(found.proposer) if found.proposer and can_see_trust(request.user) else None,
        "small_up_to": small_up_to(found),
        "score_form": ScoreForm(initial={"version": found.version}),
        "decision_form": DecisionForm(asks=_asks(page["version"]), initial={"version": found.version}),
        "move_form": MoveEndorsementForm(),
        **forms,
    }
    return render(request, "tasks/initiatives/desk_one.html", context, status=status)


@require_POST
@staff_page
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The own scores, or that one is too close."""
    found = initiative_or_404(request.user, pk)
    form = ScoreForm(request.POST)
    conflict = "conflict" in request.POST
    if not conflict and not form.is_valid():
        return _page(request, found, score_form=form)
    said = form.cleaned_data if form.is_valid() else {"version": found.version, "words": request.POST.get("words", "")}
    try:
        reviews.score(
            by=request.user,
            initiative=found,
            version=said["version"],
            scores=None if conflict else form.scores(),
            words=said["words"],
            conflict=conflict,
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desk_initiative", pk=pk)


@require_POST
@staff_page
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask its writers to change something."""
    found = initiative_or_404(request.user, pk)
    try:
        reviews.ask_for_changes(by=request.user, initiative=found, what=request.POST.get("reason", ""))
        messages.success(request, _("Asked. The answer is due again when they submit it."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desk_initiative", pk=pk)


@require_POST
@staff_page
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide, with an amount for each line where less than all is granted."""
    found = initiative_or_404(request.user, pk)
    form = DecisionForm(request.POST, asks=_asks(last_version(found)))
    if form.is_valid():
        try:
            made = reviews.decide(by=request.user, initiative=found, **form.decision())
        except Refused as refused:
            if form.cleaned_data["version"] != found.version:
                form = _of_this_version(request, found)
            refuse_into(form, refused)
        else:
            messages.success(
                request, _("Told.") if made.tell_at <= made.at else _("Kept. It is told at the moment you chose.")
            )
            return redirect("desk_initiative", pk=pk)
    return _page(request, found, decision_form=form)


def _of_this_version(request: HttpRequest, found: Initiative) -> DecisionForm:
    """The words that were typed, under the version that this page shows; its lines may be others."""
    data = {name: value for name, value in request.POST.items() if not name.startswith("granted_")}
    form = DecisionForm(data | {"version": found.version}, asks=_asks(last_version(found)))
    form.full_clean()
    return form


def _asks(version: ProposalVersion | None) -> list[dict[str, Any]]:
    return version.content["asks"] if version else []


@require_POST
@staff_page
def move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Suspend, lift, revoke, confirm anew."""
    found = initiative_or_404(request.user, pk)
    endorsement = Endorsement.objects.filter(initiative=found).select_related("initiative").first()
    if endorsement is None:
        raise Http404
    form = MoveEndorsementForm(request.POST)
    try:
        if to == "reconfirmed":
            endorsements.reconfirm(by=request.user, endorsement=endorsement)
        elif form.is_valid():
            endorsements.move_endorsement(
                by=request.user, endorsement=endorsement, to=to, reason=form.cleaned_data["reason"]
            )
        else:
            return _page(request, found, move_form=form)
        messages.success(request, _("Done. Whoever checks the code reads it at once."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desk_initiative", pk=pk)
