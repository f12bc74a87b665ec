"""Approvers hear what is contested, and who contests hears the answer."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..facts import ContestAnswered, PromiseContested
from ..models import TrustContest
from ..rules.trust import can_answer


@on(PromiseContested)
def tell_who_may_answer(told: PromiseContested, row: Any) -> None:
    """Approvers who may answer it: not who decided on that initiative."""
    contest = TrustContest.objects.select_related("initiative").get(pk=told.contest_id)
    members = [one.pk for one in Member.objects.staff_with(Role.APPROVER) if can_answer(one, contest) is True]
    notify_all(members=members, kind=kinds.CONTEST_ARRIVED, object_id=told.contest_id, params={}, fact_id=row.pk)


@on(ContestAnswered)
def tell_the_leader(told: ContestAnswered, row: Any) -> None:
    """Nobody is called to what has its answer."""
    withdraw(kind=kinds.CONTEST_ARRIVED, object_id=told.contest_id)
    members = list(TrustContest.objects.filter(pk=told.contest_id).values_list("by", flat=True))
    notify_all(members=members, kind=kinds.CONTEST_ANSWERED, object_id=told.contest_id, params={}, fact_id=row.pk)
