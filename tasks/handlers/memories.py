"""What is kept of a day: who looks after it hears of wishes, its author of what became of it, who asked of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..enums import CrewRole, MemoryState
from ..facts import (
    MemoryAnswered,
    MemoryAsked,
    MemoryEdited,
    MemoryHidden,
    MemoryRemoved,
    MemoryShown,
    MemoryTold,
)
from ..models import Event, Memory, TakingDown


def _tell(members: Iterable[int | None], kind: str, number: int, row: Any, event: int) -> None:
    """Nobody is told of what they did themselves."""
    others = [one for one in members if one and one != row.by_id]
    notify_all(members=others, kind=kind, object_id=number, params={"event": event}, fact_id=row.pk)


def _moderators() -> list[int]:
    able = Q(role__in=[Role.OPERATOR, Role.ADMIN]) | Q(is_superuser=True)
    return list(Member.objects.filter(able, is_staff=True, is_active=True).values_list("pk", flat=True))


def _organisers(event: int) -> list[int]:
    found = Event.objects.select_related("initiative__deputy").get(pk=event)
    helpers = found.crew.filter(role=CrewRole.ORGANISER, member__is_staff=False)
    return sorted({*found.initiative.leaders, *helpers.values_list("member", flat=True)})


def _author(memory: int) -> list[int]:
    return list(Memory.objects.filter(pk=memory, author__isnull=False).values_list("author", flat=True))


@on(MemoryTold, MemoryEdited)
def tell_moderators_what_waits(told: MemoryTold | MemoryEdited, row: Any) -> None:
    if told.state == MemoryState.HELD:
        _tell(_moderators(), kinds.MEMORY_HELD, told.memory_id, row, told.event_id)


@on(MemoryTold, MemoryEdited)
def tell_organisers_what_may_be_hidden_again(told: MemoryTold | MemoryEdited, row: Any) -> None:
    """Words and pictures of what was hidden may stand in it: with a second telling a hide would last two clicks."""
    if (
        told.state == MemoryState.SHOWN
        and Memory.objects.hidden().filter(event=told.event_id, author=row.by_id).exists()
    ):
        _tell(_organisers(told.event_id), kinds.MEMORY_AGAIN, told.memory_id, row, told.event_id)


@on(MemoryHidden)
def tell_its_author_why(told: MemoryHidden, row: Any) -> None:
    for kind in (kinds.MEMORY_HELD, kinds.MEMORY_HIDDEN, kinds.MEMORY_SHOWN, kinds.MEMORY_AGAIN, kinds.MEMORY_BACK):
        withdraw(kind=kind, object_id=told.memory_id)
    _tell(_author(told.memory_id), kinds.MEMORY_HIDDEN, told.memory_id, row, told.event_id)


@on(MemoryShown)
def tell_its_author_that_it_is_read(told: MemoryShown, row: Any) -> None:
    withdraw(kind=kinds.MEMORY_HELD, object_id=told.memory_id)
    withdraw(kind=kinds.MEMORY_HIDDEN, object_id=told.memory_id)
    _tell(_author(told.memory_id), kinds.MEMORY_SHOWN, told.memory_id, row, told.event_id)


@on(MemoryShown)
def tell_who_asked_that_it_is_back(told: MemoryShown, row: Any) -> None:
    for wish in told.asks:
        withdraw(kind=kinds.TAKING_DOWN_ANSWERED, object_id=wish)
    if told.asks:
        asked = TakingDown.objects.filter(pk__in=told.asks).values_list("by", flat=True)
        _tell(asked, kinds.MEMORY_BACK, told.memory_id, row, told.event_id)
        tell_who_looks_after_it(told, row)


@on(MemoryRemoved)
def call_nobody_to_what_is_gone(told: MemoryRemoved, row: Any) -> None:
    theirs = (kinds.MEMORY_HELD, kinds.MEMORY_HIDDEN, kinds.MEMORY_SHOWN)
    for kind in (*theirs, kinds.MEMORY_ASKED, kinds.MEMORY_AGAIN, kinds.MEMORY_BACK):
        withdraw(kind=kind, object_id=told.memory_id)


@on(MemoryAsked)
def tell_who_looks_after_it(told: MemoryAsked | MemoryShown, row: Any) -> None:
    """Moderators, too: of the own picture nobody is the judge."""
    author = _author(told.memory_id)
    people = [one for one in (*_organisers(told.event_id), *_moderators()) if one not in author]
    _tell(people, kinds.MEMORY_ASKED, told.memory_id, row, told.event_id)


@on(MemoryAnswered)
def tell_who_asked(told: MemoryAnswered, row: Any) -> None:
    if not TakingDown.objects.waiting().filter(memory=told.memory_id).exists():
        for kind in (kinds.MEMORY_ASKED, kinds.MEMORY_BACK):
            withdraw(kind=kind, object_id=told.memory_id)
    # Shown again before this was told, it waits once more, and the answer is none.
    asked = TakingDown.objects.filter(pk=told.ask_id, granted=told.granted).values_list("by", flat=True)
    _tell(asked, kinds.TAKING_DOWN_ANSWERED, told.ask_id, row, told.event_id)
