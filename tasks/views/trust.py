"""`/initiatives/trust/`: what a leader may be granted in two days, why, and how to contest it. `/desk/trust/`: the answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.members.models import Member
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.trust import answer_contest, contest_promise
from ..enums import ContestState, PromiseKind, PromiseState
from ..forms.trust import ContestAnswerForm, ContestForm
from ..models import TrustContest
from ..queries.trust import formula, taken_in_words, trust_of
from ..rules.trust import MOST_CONTESTS, can_answer, can_see_trust
from .doors import initiative_or_404


@require_safe
@login_required
def trust(request: HttpRequest) -> HttpResponse:
    """The own envelope: every promise with what it counted, the formula in words and numbers."""
    return _own(request)


def _own(request: HttpRequest, bound: tuple[int, str, ContestForm] | None = None) -> HttpResponse:
    found = trust_of(request.user)
    rows = []
    for initiative, promises in found.initiatives:
        pairs = []
        for promise in promises:
            form = None
            if bound and bound[:2] == (initiative.pk, promise.kind):
                form = bound[2]
            elif _can_still_contest(promise):
                words = unsent_text(request, "contest", pk=initiative.pk, kind=str(promise.kind))
                initial = {"op_id": uuid.uuid4(), **words}
                form = ContestForm(initial=initial, auto_id=f"{promise.kind}-{initiative.pk}-%s")
            pairs.append((promise, form))
        rows.append((initiative, pairs))
    if bound and not any(form is bound[2] for _initiative, pairs in rows for _promise, form in pairs):
        for said in bound[2].non_field_errors():
            messages.error(request, said)  # there is no such promise on the page any more
    numbers = formula(found) | taken_in_words(request.user, found)
    context = {"section": "events", "trust": found, "rows": rows, **numbers}
    return render(request, "tasks/trust/own.html", context, status=422 if bound else 200)


def _can_still_contest(promise: Any) -> bool:
    return promise.state == PromiseState.BROKEN and not promise.waits and len(promise.contests) < MOST_CONTESTS


@keeps_unsent_text("contest", fields=("words",), back=lambda pk, kind: reverse("trust"))
@require_POST
@login_required
def contest(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Say that something counted wrongly. What was typed stays when it is refused."""
    found = initiative_or_404(request.user, pk)
    if kind not in PromiseKind.values:
        raise Http404
    form = ContestForm(request.POST, auto_id=f"{kind}-{pk}-%s")
    if form.is_valid():
        try:
            contest_promise(by=request.user, initiative=found, kind=kind, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Said. Another approver looks at it and answers with reasons."))
            return redirect("trust")
    return _own(request, (pk, kind, form))


@require_safe
@staff_page
def desk_trust(request: HttpRequest, pk: int) -> HttpResponse:
    """The envelope of one leader, for approvers."""
    return _desk(request, get_object_or_404(Member, pk=pk))


@require_safe
@staff_page
def desk_contest(request: HttpRequest, pk: int) -> HttpResponse:
    """To the envelope in which something is contested."""
    found = get_object_or_404(TrustContest.objects.visible_to(request.user), pk=pk)
    return redirect(reverse("desk_trust", args=[found.by_id]) + f"#contest-{pk}")


@keeps_unsent_text("contest_answer", fields=("to", "reason"), back=lambda pk: reverse("desk_contest", args=[pk]))
@require_POST
@staff_page
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, or say why it stands. What was typed stays when it is refused, also because somebody else has answered."""
    found = get_object_or_404(TrustContest.objects.visible_to(request.user).select_related("initiative", "by"), pk=pk)
    form = ContestAnswerForm(request.POST, auto_id=f"contest-{pk}-%s")
    if form.is_valid():
        try:
            answer_contest(by=request.user, contest=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Answered. They are told."))
            return redirect("desk_trust", pk=found.by_id)
    return _desk(request, found.by, (pk, form))


def _desk(request: HttpRequest, leader: Member, bound: tuple[int, ContestAnswerForm] | None = None) -> HttpResponse:
    if not can_see_trust(request.user):
        raise Http404
    found = trust_of(leader)
    shown = Q(state=ContestState.OPEN) | Q(pk=bound[0] if bound else None)
    contests = []
    for one in TrustContest.objects.visible_to(request.user).filter(shown, by=leader.pk).select_related("initiative"):
        typed = unsent_text(request, "contest_answer", pk=one.pk)
        form = ContestAnswerForm(initial=typed, auto_id=f"contest-{one.pk}-%s")
        if bound and bound[0] == one.pk:
            form = bound[1]
        contests.append((one, can_answer(request.user, one), form))
    rows = [(initiative, [(one, None) for one in promises]) for initiative, promises in found.initiatives]
    context = {
        "section": "desk",
        "tab": "initiatives",
        "leader": leader,
        "trust": found,
        "rows": rows,
        "contests": contests,
        **formula(found),
        **taken_in_words(leader, found),
    }
    return render(request, "tasks/trust/desk.html", context, status=422 if bound else 200)
