"""Freeze who is asked, in batches that block nobody; invite and remind in waves, each member once."""

from __future__ import annotations

import hashlib
import heapq
import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all

from .. import kinds
from ..enums import InvitationState
from ..facts import AudienceFrozen, InvitingResumed, InvitingStopped, MembersInvited, MembersReminded
from ..instruments import instrument_of
from ..models import AskingPolicy, Audience, ContactBudget, Invitation, Participation, Task
from ..queries.audiences import matching, with_facts
from ..queries.progress import respondents
from ..rules.tasks import can_ask

A_BATCH = 2000
PACE = timedelta(hours=1)  # between two waves where it stops early: the first one needs time to answer
PER_ANSWER = 2  # invited for each answer that is still missing, since not everybody answers


def begin_freezing(*, task: Task) -> None:
    """In the transaction that opens a task: fix the draw, and freeze the first batch. A small audience is complete with it."""
    Audience.objects.filter(task=task, frozen_at__isnull=True).update(seed=secrets.token_hex(8))
    freeze_some(task=task)


def lot_of(seed: str, member_id: int) -> int:
    """A member's place in the draw: the same for the same seed, like a random number below 2⁶³."""
    drawn = hashlib.blake2b(f"{seed}:{member_id}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") >> 1


@transaction.atomic
def freeze_some(*, task: Task, most: int = A_BATCH) -> bool:
    """Freeze the next batch of the audience. True while there is more to do.

    A run that is repeated, or that runs twice, adds nobody twice: rows are unique, and the place that was reached is
    moved on by compare-and-swap.
    """
    audience = Audience.objects.select_related("task").get(task=task)
    if audience.frozen_at or audience.task.opened_at is None:
        return False
    numbers = _next_members(audience, most)
    rows = with_facts(numbers, audience.criteria).values_list("pk", "koc_level", "city", "model_slug", "version_now")
    Invitation.objects.bulk_create(
        [
            Invitation(
                task=task,
                member_id=pk,
                lot=lot_of(audience.seed, pk),
                koc_level=level,
                city=city[:40],
                model=model or "",
                version=version or "",
            )
            for pk, level, city, model, version in rows
        ],
        ignore_conflicts=True,
    )
    here = Audience.objects.filter(pk=audience.pk, reached=audience.reached, frozen_at__isnull=True)
    if len(numbers) == most:
        here.update(reached=numbers[-1])
        return True
    size = Invitation.objects.filter(task=task).count()
    if here.update(reached=numbers[-1] if numbers else audience.reached, size=size, frozen_at=timezone.now()):
        record(AudienceFrozen(task_id=task.pk, size=size), by=None)
    return False


def _next_members(audience: Audience, most: int) -> list[int]:
    """The next numbers after the place that was reached, in their order."""
    # Who came after the opening was not there to be drawn.
    there = matching(audience.criteria).filter(date_joined__lte=audience.task.opened_at)
    if sample := audience.criteria.get("sample"):
        everybody = there.values_list("pk", flat=True).iterator(chunk_size=A_BATCH)
        drawn = heapq.nsmallest(sample, ((lot_of(audience.seed, pk), pk) for pk in everybody))
        return sorted(pk for _lot, pk in drawn if pk > audience.reached)[:most]
    return list(there.filter(pk__gt=audience.reached).order_by("pk").values_list("pk", flat=True)[:most])


@transaction.atomic
def invite_some(*, task: Task, most: int | None = None) -> int:
    """Invite the next wave, in the order of the draw. Returns how many were looked at; 0 when nobody is left.

    Who has answered already is not disturbed, nor who has no minutes left this month: the task still waits for them
    in their list. Two runs at once: each row is claimed by one of them.
    """
    running = Task.objects.running().filter(pk=task.pk).select_related("audience").first()
    if running is None or running.audience.frozen_at is None or not goes_on(running.audience):
        return 0
    most = most or AskingPolicy.current().wave_size
    if running.audience.enough:
        most = min(most, PER_ANSWER * (running.audience.enough - respondents(running)))
        if Invitation.objects.filter(task=task, invited_at__gt=timezone.now() - PACE).exists():
            return 0
    listed = Invitation.objects.filter(task=task, state=InvitationState.LISTED)
    wave = uuid.uuid4()
    chosen = list(listed.order_by("lot").values_list("pk", flat=True)[:most])
    took = Participation.objects.filter(task=task, member=OuterRef("member"))
    listed.filter(Exists(took), pk__in=chosen).update(state=InvitationState.HELD, wave=wave)
    listed.filter(pk__in=chosen).update(state=InvitationState.INVITED, wave=wave, invited_at=timezone.now())
    mine = Invitation.objects.filter(wave=wave, state=InvitationState.INVITED)
    members = sorted(mine.values_list("member_id", flat=True))
    instrument = instrument_of(running.form)
    cost = instrument.cost(running) if instrument else running.seconds
    fits = spend(members=members, seconds=cost, named=running.audience.names_people)
    mine.exclude(member__in=fits).update(state=InvitationState.HELD, invited_at=None)
    invited = list(mine.order_by("pk").values_list("pk", flat=True))
    if invited:
        told = record(MembersInvited(task_id=task.pk, invitation_ids=invited), by=None)
        notify_all(members=fits, kind=kinds.INVITED, object_id=task.pk, params={}, fact_id=told.pk)
    return len(chosen)


def goes_on(audience: Audience) -> bool:
    """Whether anybody else is invited or reminded: nobody stopped it, and the answers that are enough are not there yet."""
    if audience.stopped_at:
        return False
    return audience.enough is None or respondents(audience.task) < audience.enough


@transaction.atomic
def stop_inviting(*, by: Member, task: Task) -> None:
    """No further invitations or reminders. Whoever was invited may answer, and whoever is meant finds it in the list."""
    require(can_ask(by), _("Only researchers ask owners."))
    if Audience.objects.filter(task=task, stopped_at__isnull=True).update(stopped_at=timezone.now()):
        record(InvitingStopped(task_id=task.pk), by=by)


@transaction.atomic
def resume_inviting(*, by: Member, task: Task) -> None:
    """Go on where it was stopped."""
    require(can_ask(by), _("Only researchers ask owners."))
    if Audience.objects.filter(task=task, stopped_at__isnull=False).update(stopped_at=None):
        record(InvitingResumed(task_id=task.pk), by=by)


def spend(*, members: Sequence[int], seconds: int, named: bool = False) -> list[int]:
    """Take this time from the budgets of those who have it left this month; who that is. Whoever was chosen by name and said
    nothing about minutes has it left.

    Rows are held in the order of the members; the condition is asked again by the update itself.
    """
    month = timezone.localdate().replace(day=1)
    usual = AskingPolicy.current().budget_minutes
    ContactBudget.objects.bulk_create(
        [ContactBudget(member_id=pk, month=month) for pk in members], ignore_conflicts=True
    )
    rows = ContactBudget.objects.filter(member__in=members)
    list(rows.select_for_update().order_by("member_id").values_list("pk"))
    rows.filter(month__lt=month).update(month=month, spent=0)
    room = rows.filter(spent__lte=Coalesce("minutes", Value(usual)) * 60 - seconds)
    if named:
        room |= rows.filter(minutes__isnull=True)
    fits = list(room.values_list("member_id", flat=True))
    room.filter(member__in=fits).update(spent=F("spent") + seconds)
    return fits


@transaction.atomic
def remind_some(*, task: Task, most: int | None = None) -> int:
    """Remind the next wave of those who were invited and have not answered, each once. Returns how many were reminded.

    Who lowered the budget below what is spent is left in peace.
    """
    running = Task.objects.running().filter(pk=task.pk).select_related("audience").first()
    if running is None or not goes_on(running.audience):
        return 0
    most = most or AskingPolicy.current().wave_size
    usual = AskingPolicy.current().budget_minutes
    took = Participation.objects.filter(task=task, member=OuterRef("member"))
    full = ContactBudget.objects.filter(member=OuterRef("member"), spent__gt=Coalesce("minutes", Value(usual)) * 60)
    silent = Invitation.objects.filter(
        ~Exists(took),
        ~Exists(full),
        task=task,
        state=InvitationState.INVITED,
        reminder__isnull=True,
    )
    wave = uuid.uuid4()
    chosen = list(silent.order_by("pk").values_list("pk", flat=True)[:most])
    # Asked again by the update itself: who answered in between is not reminded.
    silent.filter(pk__in=chosen).update(reminder=wave, reminded_at=timezone.now())
    mine = Invitation.objects.filter(reminder=wave)
    reminded = list(mine.order_by("pk").values_list("pk", flat=True))
    if reminded:
        told = record(MembersReminded(task_id=task.pk, invitation_ids=reminded), by=None)
        members = list(mine.values_list("member_id", flat=True))
        notify_all(members=members, kind=kinds.REMINDED, object_id=task.pk, params={}, fact_id=told.pk)
    return len(reminded)


def reach_out(*, task: Task) -> None:
    """Freeze, then invite, batch after batch, each in a transaction of its own, until nothing is left to do."""
    while freeze_some(task=task):
        pass
    while invite_some(task=task):
        pass


def remind_all(*, task: Task) -> int:
    """Every wave of reminders. Returns how many were reminded."""
    total = 0
    while reminded := remind_some(task=task):
        total += reminded
    return total
