"""Who keeps something of the day of an event, until when, and who takes it down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.forum.rules.posts import can_moderate
from kocforum.members.rules import can_write

from ..enums import EventState, MemoryState
from ..models import Event, Memory
from .events import can_run, is_of_crew
from .initiative_reports import came_to

GATHERED_FOR = timedelta(days=30)
MENDED = (MemoryState.SHOWN, MemoryState.HELD)


def gathered_until(event: Event) -> datetime:
    """So long after its end those who were there add to it."""
    return event.ends_at + GATHERED_FOR


def is_gathered(event: Event) -> bool:
    """Nothing is added any more, neither a memory nor a picture to one."""
    return timezone.now() > gathered_until(event)


def has_begun(event: Event) -> bool:
    """From here on there is something to keep of it; the clock may be a minute ahead of the state."""
    if event.state in {EventState.RUNNING, EventState.HELD}:
        return True
    return event.state in {EventState.OPEN, EventState.CLOSED} and event.starts_at <= timezone.now()


def was_there(member: Any, event: Event) -> bool:
    """Who led it and who helped; whom the gate saw and, where nobody kept one, whoever had a place."""
    return is_of_crew(member, event) or came_to(member, event)


def can_tell_memory(member: Any, event: Event) -> Any:
    """Who was there, from its beginning until a month after its end."""
    if event.state == EventState.CANCELLED:
        return Conflict(_("It was called off: nothing more is gathered of it."))
    if event.state == EventState.POSTPONED:
        return Conflict(_("It was put off: on the new day pictures and words gather here."))
    if not has_begun(event):
        return Conflict(_("Whoever is there adds pictures and words from its beginning on."))
    if is_gathered(event):
        return Conflict(_("More than a month has passed: what was gathered stays as it is."))
    if not member.is_authenticated:
        return can_write(member)
    if not was_there(member, event):
        return Forbidden(_("Those who were there add pictures and words."))
    return can_write(member)


def can_edit_memory(member: Any, memory: Memory) -> Any:
    """Its author, also later, as long as nobody hid it; after a month without adding pictures."""
    if not member.is_authenticated or memory.author_id != member.pk:
        return Forbidden(_("What somebody else keeps of the day is theirs."))
    if memory.state not in MENDED:
        return Conflict(_("It is hidden, so it stays as it is."))
    return can_write(member)


def can_remove_memory(member: Any, memory: Memory) -> Any:
    """Its author; also without the right to write. What moderation hid stays, as posts do."""
    if not member.is_authenticated or memory.author_id != member.pk:
        return Forbidden(_("What somebody else keeps of the day is theirs."))
    if memory.state == MemoryState.MODERATED:
        return Conflict(_("It is hidden, so it stays as it is."))
    return memory.state != MemoryState.REMOVED or Conflict(_("It is gone already."))


def looks_after(member: Any, memory: Memory) -> bool:
    """The organisers of the event, and moderators; of one's own somebody else does."""
    if not member.is_authenticated or memory.author_id == member.pk:
        return False
    return can_run(member, memory.event) is True or can_moderate(member)


def hidden_as(member: Any, memory: Memory) -> MemoryState | None:
    """What it becomes when this person hides it: the organisers' word, or moderation's; None where there is nothing to hide any more."""
    if can_run(member, memory.event) is True:
        return MemoryState.HIDDEN if memory.state == MemoryState.SHOWN else None
    waits = memory.state in {MemoryState.SHOWN, MemoryState.HELD, MemoryState.HIDDEN}
    return MemoryState.MODERATED if can_moderate(member) and waits else None


def can_show_again(member: Any, memory: Memory) -> bool:
    """Who hid it: organisers what an organiser hid, moderators what moderation hid or what waits for their look."""
    if not looks_after(member, memory):
        return False
    if memory.state == MemoryState.HIDDEN:
        return can_run(member, memory.event) is True
    return memory.state in {MemoryState.HELD, MemoryState.MODERATED} and can_moderate(member)


def can_ask_to_take_down(member: Any, memory: Memory) -> Any:
    """Everybody who may write and sees it: who is in a picture need not have been a member of anything."""
    if member.is_authenticated and memory.author_id == member.pk:
        return Forbidden(_("It is yours: take it down yourself."))
    if memory.state != MemoryState.SHOWN:
        return Conflict(_("Nobody sees it any more."))
    return can_write(member)
