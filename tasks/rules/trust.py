"""The trust envelope: up to which sum one approver may grant an initiative of this leader within two days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import Role
from kocforum.members.rules import can_write

from ..enums import ContestState, PromiseState
from ..models import Decision, Initiative, TrustContest
from .initiatives import SMALL_UP_TO, is_of

CURRENCY = "CNY"
BASE_MINOR = SMALL_UP_TO[CURRENCY]
STEP_MINOR = 50_000
BROKEN_STEPS = 2
MOST_MINOR = 1_000_000
LAST_INITIATIVES = 8
TOLD_WITHIN = timedelta(days=30)
NOTICE = timedelta(hours=48)
MOST_CONTESTS = 2


def ceiling_of(kept: int, broken: int) -> int:
    """The ceiling of a small grant for this leader, in the smallest unit of CNY.

    `kept` and `broken` (≥ 0) count the promises of the leader's last LAST_INITIATIVES endorsed initiatives that are due; each
    initiative makes at most four, one of a kind. Everybody begins at BASE_MINOR and never falls below it, since nobody should be worse
    off for having tried. A kept promise adds STEP_MINOR, a broken one takes BROKEN_STEPS steps, and above MOST_MINOR every grant is
    looked at by several, as an expense of that size is:

        ceiling = min(MOST_MINOR, BASE_MINOR + STEP_MINOR · max(0, kept − BROKEN_STEPS · broken))

    It never falls by a kept promise and never rises by a broken one. One broken promise takes at most BROKEN_STEPS · STEP_MINOR, and
    never more than a third of what the ceiling was. Applause is not in it: how many came and whether they liked it is no promise.
    """
    steps = max(0, kept - BROKEN_STEPS * broken)
    return min(MOST_MINOR, BASE_MINOR + STEP_MINOR * steps)


def is_late(starts_at: datetime, now: datetime) -> bool:
    """Less than NOTICE before the beginning, or after it."""
    return now > starts_at - NOTICE


def gives_up_late(starts_at: datetime, new: datetime, now: datetime) -> bool:
    """Another beginning is told late for the one that people were promised. A later hour on that day, of which they hear as late, is
    none: whoever calls that off is late anyway."""
    return is_late(starts_at, now) and not is_late(new, now)


def kept_in_time(done_at: datetime | None, due_at: datetime | None, now: datetime) -> PromiseState:
    """A promise to do something until a moment: KEPT if it was done until then (`due_at` None: at any time), BROKEN if it was
    done later or its moment has passed, OPEN while it can still be kept."""
    if done_at is not None:
        return PromiseState.KEPT if due_at is None or done_at <= due_at else PromiseState.BROKEN
    return PromiseState.BROKEN if due_at is not None and now > due_at else PromiseState.OPEN


def can_see_trust(user: Any) -> bool:
    """Approvers see the envelope of every leader; a leader sees the own one, and nobody else's."""
    return bool(user.is_authenticated) and user.has_role(Role.APPROVER)


def can_contest(member: Any, initiative: Initiative) -> Any:
    """Who proposed the initiative, about what counted of it."""
    if member.pk is None or member.pk != initiative.proposer_id:
        return Forbidden(_("What counted is contested by whom it counted for."))
    return can_write(member)


def can_answer(user: Any, contest: TrustContest) -> Any:
    """An approver who neither leads nor decided on that initiative, nor answered about this promise before."""
    if not can_see_trust(user):
        return Forbidden(_("Approvers answer."))
    if is_of(user, contest.initiative) or user.pk == contest.by_id:
        return Forbidden(_("Nobody answers what is contested about the own initiative."))
    if Decision.objects.filter(initiative=contest.initiative_id, by=user.pk).exists():
        return Forbidden(_("Who decided on this initiative does not answer. Another approver does."))
    before = {"initiative": contest.initiative_id, "kind": contest.kind, "by": contest.by_id, "answered_by": user.pk}
    if TrustContest.objects.filter(**before).exclude(pk=contest.pk).exists():
        return Forbidden(_("Who answered the first time does not answer again. Another approver does."))
    return contest.state == ContestState.OPEN or Conflict(_("It has an answer already."))
