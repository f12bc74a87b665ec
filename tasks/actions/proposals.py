"""A proposal on its way: submitted, taken back, appealed; its deputy answers, members stand behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from .. import facts
from ..enums import ProposalState, SupportKind
from ..models import Decision, Initiative, ProposalMove, ProposalVersion, Support
from ..queries.proposals import content_of, hash_of
from ..queries.trust import room_of
from ..rules.initiatives import (
    ANSWERED_WITHIN,
    SMALL_ANSWERED_WITHIN,
    can_appeal,
    can_submit,
    can_support,
    can_withdraw,
    colleagues_stand_in_for_nobody,
    is_small,
    missing_in,
)
from .initiatives import hold_initiative


@transaction.atomic
def submit(*, by: Member, initiative: Initiative, note: str = "") -> Initiative:
    """Freeze the text as a version; from now on an answer is due. After changes it goes back to those who asked for them."""
    _hold_leaders([by.pk])
    held = hold_initiative(initiative.pk)
    require(can_submit(by, held), _("You cannot submit this proposal."))
    asks = list(held.asks.all())
    if missing := missing_in(held, asks):
        raise Invalid(missing)
    room = room_of(by, but=held)
    small, number = is_small(asks, room), held.version + 1
    content = content_of(held)
    ProposalVersion.objects.create(
        initiative=held,
        number=number,
        content=content,
        sha256=hash_of(content),
        note=clean_line(note)[:300],
        ceiling_minor=room,
        by=by,
    )
    to = ProposalState.SUBMITTED if held.state == ProposalState.DRAFT else ProposalState.IN_REVIEW
    move(
        held,
        to,
        by=by,
        version=number,
        small=small,
        submitted_at=timezone.now(),
        changes_asked="",
        **_due(SMALL_ANSWERED_WITHIN if small else ANSWERED_WITHIN),
    )
    record(facts.ProposalSubmitted(initiative_id=held.pk, version=number, small=small), by=by)
    return held


def _hold_leaders(numbers: list[int]) -> None:
    """Before any initiative: of two that one leader submits at once, the second sees what the first takes of the ceiling."""
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk").values_list("pk"))


def _due(within: timedelta) -> dict[str, Any]:
    return {"answer_due_at": timezone.now() + within, "alarmed_at": None}


@transaction.atomic
def withdraw(*, by: Member, initiative: Initiative) -> Initiative:
    """Take it back, before there is an answer."""
    held = hold_initiative(initiative.pk)
    require(can_withdraw(by, held), _("You cannot take it back."))
    return move(held, ProposalState.WITHDRAWN, by=by)


@transaction.atomic
def appeal(*, by: Member, initiative: Initiative, reason: str) -> Initiative:
    """Once: others look at it again, and another approver decides."""
    _hold_leaders([by.pk])
    held = hold_initiative(initiative.pk)
    require(can_appeal(by, held), _("You cannot appeal."))
    reason = clean_text(reason).strip()[:2000]
    if not reason:
        raise Invalid({"reason": _("Say what should be seen differently.")})
    small = held.small and is_small(list(held.asks.all()), room_of(by, but=held))
    again: dict[str, Any] = {"round": 2, "appeal": reason, "small": small, **_due(ANSWERED_WITHIN)}
    return move(held, ProposalState.IN_REVIEW, by=by, reason=reason, **again)


def move(initiative: Initiative, to: str, *, by: Member | None, reason: str = "", **values: Any) -> Initiative:
    """One step, in the caller's transaction: by conditional update of the state that was seen, with history and fact."""
    here = initiative.state
    if not Initiative.objects.filter(pk=initiative.pk, state=here).update(
        state=to, changed_at=timezone.now(), **values
    ):
        raise Conflict(_("The proposal is no longer where you saw it."))
    ProposalMove.objects.create(initiative=initiative, from_state=here, to_state=to, reason=reason, by=by)
    record(facts.ProposalMoved(initiative_id=initiative.pk, from_state=here, to_state=to, reason=reason[:300]), by=by)
    push(f"initiative:{initiative.pk}", "initiative.moved", initiative.pk)
    initiative.refresh_from_db()
    return initiative


@transaction.atomic
def answer_as_deputy(*, by: Member, initiative: Initiative, agree: bool) -> Initiative:
    """Stand in for who proposes, or say that one does not; then another deputy is named before it goes on."""
    held = hold_initiative(initiative.pk)
    if held.deputy_id != by.pk:
        raise Forbidden(_("Nobody asked you to stand in here."))
    if agree and by.is_staff:
        raise Forbidden(colleagues_stand_in_for_nobody())
    if agree and held.deputy_agreed_at is not None:
        return held
    values: dict[str, Any] = (
        {"deputy_agreed_at": timezone.now()} if agree else {"deputy": None, "deputy_agreed_at": None}
    )
    Initiative.objects.filter(pk=held.pk, deputy=by.pk).update(**values)
    record(facts.DeputyAnswered(initiative_id=held.pk, member_id=by.pk, agreed=agree), by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def support(*, by: Member, initiative: Initiative, kind: str = SupportKind.COMES) -> Support:
    """Stand behind it; who says something else changes the one support."""
    require(can_support(by, initiative), _("You cannot support this."))
    if kind not in SupportKind.values:
        raise Invalid({"kind": _("There is no such way to support.")})
    given, new = Support.objects.get_or_create(initiative=initiative, member=by, defaults={"kind": kind})
    changed = not new and Support.objects.filter(pk=given.pk).exclude(kind=kind).update(kind=kind)
    if new or changed:
        given.kind = kind
        record(facts.SupportGiven(initiative_id=initiative.pk, member_id=by.pk, kind=kind), by=by)
    return given


@transaction.atomic
def take_support_back(*, by: Member, initiative: Initiative) -> None:
    """Stand behind it no longer."""
    if Support.objects.filter(initiative=initiative, member=by).delete()[0]:
        record(facts.SupportGiven(initiative_id=initiative.pk, member_id=by.pk, kind=""), by=by)


@transaction.atomic
def hand_to_deputies(*, member_id: int) -> None:
    """Of somebody who leaves the community: the deputy who said yes takes over (I17); what nobody stands in for is withdrawn
    while there is no answer. Who was asked and has not answered leads nothing, and can still say yes."""
    Initiative.objects.filter(deputy=member_id).update(deputy=None, deputy_agreed_at=None)
    Support.objects.filter(member=member_id).delete()
    left = list(Initiative.objects.filter(proposer=member_id).order_by("pk").values_list("pk", "deputy"))
    _hold_leaders([deputy for _pk, deputy in left if deputy])
    for pk, _deputy in left:
        held = hold_initiative(pk)
        if held.deputy is not None and held.deputy_id in held.leaders:
            Initiative.objects.filter(pk=pk).update(proposer=held.deputy_id, deputy=None, deputy_agreed_at=None)
            if held.is_with_the_brand and not Decision.objects.filter(initiative=pk, round=held.round).exists():
                _weigh_anew(held, held.deputy)
            record(facts.InitiativeHandedOver(initiative_id=pk, member_id=held.deputy_id), by=None)
        elif held.state not in {ProposalState.ENDORSED, ProposalState.DECLINED, ProposalState.WITHDRAWN}:
            move(held, ProposalState.WITHDRAWN, by=None)


@transaction.atomic
def weigh_for_who_heads(*, member_id: int) -> None:
    """Of a proposer who became a colleague, or is one no longer: what waits for an answer is small by the ceiling of who heads it now."""
    waiting = Initiative.objects.with_the_brand().filter(proposer=member_id, deputy_agreed_at__isnull=False)
    pairs = list(waiting.order_by("pk").values_list("pk", "deputy"))
    _hold_leaders([member_id, *(deputy for _pk, deputy in pairs)])
    for pk, _deputy in pairs:
        held = hold_initiative(pk)
        if held.is_with_the_brand and not Decision.objects.filter(initiative=pk, round=held.round).exists():
            _weigh_anew(held, held.head)


def _weigh_anew(held: Initiative, leader: Member) -> None:
    """What waits for an answer is small by the ceiling of who leads it now, and its answer is due accordingly: after a submission that
    is no longer small in the days that everything else has, for one that became it as soon as a small one's."""
    small = is_small(list(held.asks.all()), room_of(leader, but=held))
    values: dict[str, Any] = {"small": small}
    if small != held.small and held.round == 1:
        soon, usual = timezone.now() + SMALL_ANSWERED_WITHIN, held.submitted_at + ANSWERED_WITHIN
        values |= {"answer_due_at": min(soon, held.answer_due_at) if small else usual, "alarmed_at": None}
    Initiative.objects.filter(pk=held.pk).update(**values)
