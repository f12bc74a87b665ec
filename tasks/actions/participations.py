"""Take part, decline, say how much one may be asked for: what a member does, whatever the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.compiled import Compiled
from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..enums import InvitationState
from ..facts import BudgetSet, InvitationDeclined
from ..models import ContactBudget, Invitation, Participation, Task
from ..rules.tasks import can_decline, can_set_budget, can_take_part

MOST_MINUTES = 600


def take_part(
    *, member: Member, task: Task, seconds: int | None = None, may: Callable[[Member], object] | None = None
) -> Participation:
    """In the transaction of an answer: the member took part, now (`fresh`) or before. `may`: the form's own rule.

    The row comes first and the look at the window after it: its foreign key holds the task against being closed
    (`moves.hold_task`), so what was let through was in time, and what was closed in between is refused.
    """
    participation, created = _begun(member, task, seconds), True
    if participation is None:
        created = False
        # Whoever takes the answer back in another window waits, or has taken the row along.
        participation = Participation.objects.select_for_update().filter(task=task, member=member).first()
        if participation is None:
            raise Conflict(_("You took your answer back in another window. Please send it again."))
    if created and connection.vendor == "postgresql":
        connection.check_constraints()  # else the foreign key would be looked at, and hold the task, only at the commit
    require(may(member) if may else can_take_part(member, task), _("You cannot answer here."))
    participation.fresh = created
    return participation


def _begun(member: Member, task: Task, seconds: int | None) -> Participation | None:
    """The row of who takes part for the first time; None where there is one, be it since this very moment."""
    if _took(task=task.pk, member=member.pk):
        return None
    try:
        with transaction.atomic():
            return Participation.objects.create(task=task, member=member, on=timezone.localdate(), seconds=seconds)
    except IntegrityError:
        return None


@Compiled
def _took(task: Any, member: Any) -> QuerySet:
    return Participation.objects.filter(task=task, member=member).values_list("pk")


@transaction.atomic
def decline(*, by: Member, task: Task) -> Invitation:
    """Not for me: it leaves the list and nobody reminds. Answering later is still possible while it is open."""
    require(can_decline(by, task), _("You have answered already."))
    invitation = Invitation.objects.visible_to(by).filter(task=task).first()
    if invitation is None:
        raise Conflict(_("You were not asked personally; there is nothing to turn down."))
    open_ones = Invitation.objects.filter(pk=invitation.pk).exclude(state=InvitationState.DECLINED)
    if open_ones.update(state=InvitationState.DECLINED):
        record(InvitationDeclined(invitation_id=invitation.pk, task_id=task.pk), by=by)
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def set_budget(*, by: Member, minutes: int) -> ContactBudget:
    """How many minutes a month the brand may ask for. With 0 no invitation comes; what is open still stands in the list."""
    require(can_set_budget(by), _("Please sign in first."))
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid({"minutes": _("A number from 0 to %(most)s.") % {"most": MOST_MINUTES}})
    month = timezone.localdate().replace(day=1)
    budget, _new = ContactBudget.objects.update_or_create(
        member=by, defaults={"minutes": minutes}, create_defaults={"minutes": minutes, "month": month}
    )
    record(BudgetSet(member_id=by.pk, minutes=minutes), by=by)
    return budget
