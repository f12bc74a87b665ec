"""Hide what somebody keeps of the day of an event, show it again; ask that it be taken down, and answer that.

The organisers decide about what stands on their event's page; moderation hides what may stand nowhere, and touches nothing else of it.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import MemoryState
from ..facts import MemoryAnswered, MemoryAsked, MemoryHidden, MemoryShown
from ..models import Memory, TakingDown
from ..rules.memories import can_ask_to_take_down, can_show_again, hidden_as, looks_after
from .seats import hold_event

MOST_REASON, MOST_ASKS, MOST_WAITING = 300, 3, 5


@transaction.atomic
def hide_memory(*, by: Member, memory: Memory, reason: str, revision: int | None = None) -> Memory:
    """With a reason, which its author reads. Whoever asked for it hears that it is done. What the organisers had hidden before moderation
    did, they have still hidden afterwards."""
    held = _held(by, memory, revision)
    reason = _sentence(reason, "reason", _("Say why. Its author reads it."))
    to = hidden_as(by, held)
    before = held.reason if held.state == MemoryState.HIDDEN else ""
    here = Memory.objects.filter(pk=held.pk, state=held.state)
    if to is None or not here.update(state=to, reason=reason, organisers_reason=before):
        raise Conflict(_("It is no longer where you saw it."))
    record(MemoryHidden(event_id=held.event_id, memory_id=held.pk, state=to, reason=reason), by=by)
    answer_all(by=by, memory=held, granted=True, words=reason)
    held.refresh_from_db()
    return held


@transaction.atomic
def show_memory(*, by: Member, memory: Memory, revision: int | None = None) -> Memory:
    """Let it be read, after a look or again. What was taken down because somebody asked for it, they ask again. What the organisers had
    hidden before moderation did, is theirs again."""
    held = _held(by, memory, revision)
    if held.state == MemoryState.SHOWN:
        raise Conflict(_("It is no longer where you saw it."))
    require(can_show_again(by, held), _("Who hid it shows it again: organisers or moderators."))
    to, why = (MemoryState.HIDDEN, held.organisers_reason) if held.organisers_reason else (MemoryState.SHOWN, "")
    here = Memory.objects.filter(pk=held.pk, state=held.state)
    if not here.update(state=to, reason=why, organisers_reason=""):
        raise Conflict(_("It is no longer where you saw it."))
    if to == MemoryState.HIDDEN:
        record(MemoryHidden(event_id=held.event_id, memory_id=held.pk, state=to, reason=why), by=by)
    else:
        again = _ask_again(held)
        record(MemoryShown(event_id=held.event_id, memory_id=held.pk, from_state=held.state, asks=again), by=by)
    held.refresh_from_db()
    return held


@once(TakingDown)
@transaction.atomic
def ask_to_take_down(*, by: Member, memory: Memory, words: str) -> TakingDown:
    """Organisers and moderators hear of it. Again while it waits: the same wish."""
    held = held_memory(memory)
    require(can_ask_to_take_down(by, held), _("You cannot ask this."))
    words = _sentence(words, "words", _("Say what is wrong with it: which picture, and why."))
    mine = TakingDown.objects.filter(memory=held, by=by)
    if waits := mine.waiting().first():
        return waits
    if mine.count() >= MOST_ASKS:
        raise Conflict(_("You asked for it several times, and had an answer each time."))
    if TakingDown.objects.waiting().filter(memory__event=held.event_id, by=by).count() >= MOST_WAITING:
        raise Conflict(
            _("%(most)s of your wishes about this event wait for an answer. Ask again when one has it.")
            % {"most": MOST_WAITING}
        )
    asked = TakingDown.objects.create(memory=held, by=by, words=words)
    record(MemoryAsked(event_id=held.event_id, memory_id=held.pk, ask_id=asked.pk), by=by)
    return asked


@transaction.atomic
def keep_memory(*, by: Member, memory: Memory, words: str, revision: int | None = None) -> int:
    """It stays, and why: an answer to everybody who asked. Returns how many that were."""
    held = _held(by, memory, revision)
    words = _sentence(words, "words", _("Say why it stays. Who asked reads it."))
    told = answer_all(by=by, memory=held, granted=False, words=words)
    if not told:
        raise Conflict(_("Nobody waits for an answer any more."))
    return told


def answer_all(*, by: Member, memory: Memory, granted: bool, words: str = "") -> int:
    """Every wish that waits has its answer now; the caller holds the event's row and has asked whether `by` may."""
    waiting = list(TakingDown.objects.waiting().filter(memory=memory).values_list("pk", flat=True))
    said = {"granted": granted, "answer": words, "answered_by": by, "answered_at": timezone.now()}
    answered = [pk for pk in waiting if TakingDown.objects.waiting().filter(pk=pk).update(**said)]
    for pk in answered:
        told = MemoryAnswered(event_id=memory.event_id, memory_id=memory.pk, ask_id=pk, granted=granted)
        record(told, by=by)
    return len(answered)


def held_memory(memory: Memory) -> Memory:
    """As it stands now, under the row of its event: whatever is done to memories of one event follows each other."""
    event = hold_event(memory.event_id)
    found = Memory.objects.select_related("thread").get(pk=memory.pk)
    found.event = event
    return found


def _held(by: Member, memory: Memory, revision: int | None) -> Memory:
    """For who looks after it and nobody else. `revision` is what they read: its author may have changed it since."""
    held = held_memory(memory)
    require(looks_after(by, held), _("The organisers look after it, and moderators."), Forbidden)
    if revision is not None and held.revision != revision:
        raise Conflict(_("Its author changed it in the meantime. Read it once more."))
    return held


def _ask_again(memory: Memory) -> list[int]:
    """What was granted and is so no longer waits for another answer: of each person the latest wish."""
    granted = TakingDown.objects.filter(memory=memory, granted=True, by__isnull=False).order_by("pk")
    latest = dict(granted.values_list("by", "pk"))
    nothing = {"granted": None, "answer": "", "answered_by": None, "answered_at": None}
    TakingDown.objects.filter(pk__in=latest.values()).update(**nothing)
    return sorted(latest.values())


def _sentence(words: str, field: str, empty: str) -> str:
    words = clean_line(words)[:MOST_REASON]
    if not words:
        raise Invalid({field: empty})
    return words
