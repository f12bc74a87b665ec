"""Initiatives go on in time, and everybody hears whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.facts import RoleSet
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.endorsements import expire_due
from ..actions.proposals import weigh_for_who_heads
from ..actions.reviews import alarm_overdue, tell_due
from ..enums import EndorsementState, ProposalState
from ..facts import (
    AnswerOverdue,
    DeputyAnswered,
    DeputyNamed,
    EndorsementAnswered,
    EndorsementGranted,
    EndorsementMoved,
    InitiativeReported,
    MilestoneReached,
    ProposalMoved,
    ProposalSubmitted,
)
from ..models import Initiative, Review, Rsvp, Support
from ..rules.reviews import REVIEWERS

ANSWERS = (ProposalState.ENDORSED, ProposalState.DECLINED, ProposalState.CHANGES_ASKED)


@every(minutes=1)
def keep_the_answers() -> None:
    """Tell what was decided for now."""
    tell_due()


@every(minutes=15)
def look_for_late_answers() -> None:
    """Alarm, and let end what has ended."""
    alarm_overdue()
    expire_due()


def _tell(members: Iterable[int | None], kind: str, initiative: int, row: Any, **params: Any) -> None:
    """Nobody is told of what they did themselves."""
    others = [member for member in members if member and member != row.by_id]
    notify_all(members=others, kind=kind, object_id=initiative, params=params, fact_id=row.pk)


def _writers(initiative: int) -> list[int | None]:
    return [pk for pair in Initiative.objects.filter(pk=initiative).values_list("proposer", "deputy") for pk in pair]


def _colleagues(*roles: str) -> list[int]:
    return list(Member.objects.staff_with(*roles).values_list("pk", flat=True))


@on(RoleSet)
def weigh_anew_for_the_deputy(told: RoleSet, row: Any) -> None:
    """A leader who begins to work for the brand leads no more; who stands in for them does."""
    if bool(told.role) != bool(told.was):
        weigh_for_who_heads(member_id=told.member_id)


@on(DeputyNamed)
def ask_the_deputy(told: DeputyNamed, row: Any) -> None:
    _tell([told.member_id], kinds.DEPUTY_ASKED, told.initiative_id, row, by=row.by_id)


@on(DeputyAnswered)
def ask_no_longer(told: DeputyAnswered, row: Any) -> None:
    withdraw(kind=kinds.DEPUTY_ASKED, object_id=told.initiative_id)


@on(ProposalSubmitted)
def tell_who_answers(told: ProposalSubmitted, row: Any) -> None:
    """A small grant goes to approvers alone."""
    roles = [Role.APPROVER] if told.small else [*REVIEWERS, Role.APPROVER]
    _tell(_colleagues(*roles), kinds.PROPOSAL_ARRIVED, told.initiative_id, row)


@on(ProposalMoved)
def tell_the_answer(told: ProposalMoved, row: Any) -> None:
    """Who proposed it hears the answer; nobody is called to what waits no longer."""
    if told.to_state in ANSWERS:
        _tell(_writers(told.initiative_id), kinds.PROPOSAL_ANSWERED, told.initiative_id, row)
    if told.to_state not in {ProposalState.SUBMITTED, ProposalState.IN_REVIEW}:
        withdraw(kind=kinds.PROPOSAL_ARRIVED, object_id=told.initiative_id)
        withdraw(kind=kinds.ANSWER_OVERDUE, object_id=told.initiative_id)


@on(AnswerOverdue)
def raise_the_alarm(told: AnswerOverdue, row: Any) -> None:
    """Approvers and administrators: silence declines nothing, and is no answer either."""
    _tell(_colleagues(Role.APPROVER), kinds.ANSWER_OVERDUE, told.initiative_id, row)


@on(EndorsementGranted)
def tell_who_stands_behind_it(told: EndorsementGranted, row: Any) -> None:
    behind = Support.objects.filter(initiative=told.initiative_id).values_list("member", flat=True)
    _tell(behind, kinds.INITIATIVE_ENDORSED, told.initiative_id, row)


@on(EndorsementMoved)
def tell_what_became_of_it(told: EndorsementMoved, row: Any) -> None:
    if told.to_state != EndorsementState.EXPIRED:
        _tell(_writers(told.initiative_id), kinds.ENDORSEMENT_MOVED, told.initiative_id, row)


@on(EndorsementAnswered)
def tell_approvers(told: EndorsementAnswered, row: Any) -> None:
    _tell(_colleagues(Role.APPROVER), kinds.SUSPENSION_ANSWERED, told.initiative_id, row)


@on(MilestoneReached)
def tell_how_far_it_is(told: MilestoneReached, row: Any) -> None:
    behind = Support.objects.filter(initiative=told.initiative_id).values_list("member", flat=True)
    _tell(behind, kinds.MILESTONE_REACHED, told.initiative_id, row)


@on(InitiativeReported)
def tell_what_came_of_it(told: InitiativeReported, row: Any) -> None:
    """Who went or stands behind it, and the colleagues who read the proposal."""
    if not told.first:
        return
    went = Rsvp.objects.going().filter(event__initiative=told.initiative_id).values_list("member", flat=True)
    stood = Support.objects.filter(initiative=told.initiative_id).values_list("member", flat=True)
    readers = Review.objects.filter(initiative=told.initiative_id).values_list("reviewer", flat=True)
    _tell(sorted({*went, *stood, *readers}), kinds.INITIATIVE_REPORTED, told.initiative_id, row)
