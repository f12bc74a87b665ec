"""What was gathered of the day of an event, as its readers see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from kocforum.forum.models import Thread
from kocforum.uploads.enums import State
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to

from ..models import Event, Initiative, Memory, TakingDown
from ..models.memories import MEMORY_PICTURES

THREADS_OFFERED = 20
GLIMPSE = 6


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The latest pictures of a day, and how many people's memories there are."""

    pictures: list[Upload]
    memories: int


def memories_of(event: Event, user: Any) -> QuerySet[Memory]:
    """The newest first; for who looks after them with how many wishes wait."""
    rows = Memory.objects.visible_to(user).filter(event=event).select_related("author").order_by("-pk")
    return rows.annotate(wishes=Count("asks", filter=Q(asks__in=TakingDown.objects.visible_to(user).waiting())))


def bring(memories: Iterable[Memory], user: Any) -> list[Memory]:
    """With their pictures, and their threads as far as this reader may open them. Two queries."""
    rows = list(memories)
    pictures = attached_to(MEMORY_PICTURES, [row.pk for row in rows])
    named = {row.thread_id for row in rows if row.thread_id}
    seen = Thread.objects.visible_to(user).listed().filter(pk__in=named).select_related("board") if named else ()
    threads = {thread.pk: thread for thread in seen}
    for row in rows:
        row.pictures = pictures.get(row.pk, [])
        row.thread_seen = threads.get(row.thread_id)
    return rows


def glimpse_of(event: Event) -> Glimpse:
    """Of an event that the reader may see. Two queries."""
    return Glimpse(latest_pictures([event]), Memory.objects.shown().filter(event=event).count())


def latest_pictures(events: Iterable[Event]) -> list[Upload]:
    """The first picture of each memory before the second of any, the latest first: many people and not one with nine."""
    shown = Memory.objects.shown().filter(event__in=[event.pk for event in events]).order_by().values("pk")
    pictures = Upload.objects.filter(attached_to=MEMORY_PICTURES, number__in=shown).exclude(state=State.DISCARDED)
    return list(pictures.order_by("position", "-number")[:GLIMPSE])


def days_of(initiative: Initiative, user: Any) -> list[Event]:
    """Its events of which something was kept, each with how much (`kept`); also one that was called off while it ran."""
    held = Event.objects.visible_to(user).filter(initiative=initiative)
    shown = Memory.objects.shown().filter(event=OuterRef("pk")).order_by().values("event").annotate(n=Count("pk"))
    return list(held.annotate(kept=Subquery(shown.values("n"))).filter(kept__gt=0).order_by("starts_at", "pk"))


def threads_to_attach(member: Any) -> QuerySet[Thread]:
    """Their own that others can read, the latest first."""
    if not member.is_authenticated:
        return Thread.objects.none()
    own = Thread.objects.visible_to(member).listed().filter(author=member.pk)
    return own.order_by("-created_at", "-pk")


def wishes_about(memory: Memory, user: Any) -> list[TakingDown]:
    """Those that wait for an answer, as far as this person may know of them."""
    waiting = TakingDown.objects.visible_to(user).waiting().filter(memory=memory)
    return list(waiting.select_related("by"))
