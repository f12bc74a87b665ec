"""Keep something of the day of an event: pictures, words, a thread of one's own. Change it, take it down."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.models import Thread
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text, render
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to

from ..enums import MemoryState
from ..facts import MemoryEdited, MemoryRemoved, MemoryTold
from ..models import Event, Memory
from ..models.memories import MEMORY_PICTURES
from ..queries.memories import threads_to_attach
from ..rules.memories import MENDED, can_edit_memory, can_remove_memory, can_tell_memory, is_gathered
from .content import wants_a_look
from .passing import begin
from .pictures import replace_pictures
from .taking_down import answer_all, held_memory

MOST_EACH, MOST_PICTURES, MOST_WORDS = 10, 9, 4000
Pictures = Sequence[Upload | int]


@once(Memory)
@transaction.atomic
def tell_memory(
    *, by: Member, event: Event, words: str = "", uploads: Pictures = (), thread: Thread | int | None = None
) -> Memory:
    """Words, pictures, or both. The event's row is held, so that nobody has more of them than is said. Where its hour has come and the
    clock's job has not, it begins here: what is kept is kept of an event that runs or was held, and gets no other day."""
    held = begin(pk=event.pk)
    require(can_tell_memory(by, held), _("Those who were there add pictures and words."))
    words, numbers, attached = _checked(by, words, uploads, thread)
    if Memory.objects.standing().filter(event=held, author=by).count() >= MOST_EACH:
        raise Conflict(_("%(most)s times at most. Add it to one that you have.") % {"most": MOST_EACH})
    state = MemoryState.HELD if wants_a_look(words, field="words") else MemoryState.SHOWN
    told = Memory.objects.create(event=held, author=by, words=words, html=render(words), thread=attached, state=state)
    replace_pictures(by=by, kind=MEMORY_PICTURES, number=told.pk, uploads=numbers)
    record(MemoryTold(event_id=held.pk, memory_id=told.pk, state=state), by=by)
    return told


@transaction.atomic
def edit_memory(
    *,
    by: Member,
    memory: Memory,
    words: str,
    uploads: Pictures,
    thread: Thread | int | None = None,
    revision: int | None = None,
) -> Memory:
    """From now on these words, these pictures and no others. `revision` is what it was written from: of two windows the second is told."""
    seen = revision or memory.revision
    memory = held_memory(memory)
    require(can_edit_memory(by, memory), _("What somebody else keeps of the day is theirs."))
    words, numbers, attached = _checked(by, words, uploads, thread, before=memory.thread)
    if is_gathered(memory.event) and set(numbers) - _pictures_of(memory):
        raise Invalid({"uploads": _("More than a month has passed: words change and pictures go, but none are added.")})
    values = {"state": MemoryState.HELD} if wants_a_look(words, field="words") else {}
    here = Memory.objects.filter(pk=memory.pk, revision=seen, state__in=MENDED)
    now = timezone.now()
    if not here.update(
        words=words, html=render(words), thread=attached, revision=F("revision") + 1, edited_at=now, **values
    ):
        raise Conflict(_("This was changed elsewhere in the meantime. Compare before you save."))
    replace_pictures(by=by, kind=MEMORY_PICTURES, number=memory.pk, uploads=numbers)
    memory.refresh_from_db()
    record(MemoryEdited(event_id=memory.event_id, memory_id=memory.pk, state=memory.state), by=by)
    return memory


@transaction.atomic
def remove_memory(*, by: Member, memory: Memory) -> Memory:
    """Take the own one down. Words and pictures go, and whoever asked for it hears that it is done."""
    memory = held_memory(memory)
    require(can_remove_memory(by, memory), _("What somebody else keeps of the day is theirs."))
    here = Memory.objects.filter(pk=memory.pk, state=memory.state)
    hidden = memory.state == MemoryState.HIDDEN
    if not here.update(state=MemoryState.REMOVED, words="", html="", thread=None, reason="", was_hidden=hidden):
        raise Conflict(_("It is gone already."))
    replace_pictures(by=by, kind=MEMORY_PICTURES, number=memory.pk, uploads=())
    record(MemoryRemoved(event_id=memory.event_id, memory_id=memory.pk), by=by)
    answer_all(by=by, memory=memory, granted=True)
    memory.refresh_from_db()
    return memory


def _checked(
    by: Member, words: str, uploads: Pictures, thread: Thread | int | None, before: Thread | None = None
) -> tuple[str, list[int], Thread | None]:
    """As they are kept. One of both at least: a thread alone would be nothing to whoever may not open it."""
    words = clean_text(words).strip() if clean_line(words) else ""
    numbers = list(dict.fromkeys(one if isinstance(one, int) else one.pk for one in uploads))
    if not words and not numbers:
        raise Invalid({"words": _("A few words or a picture: one of both.")})
    if len(words) > MOST_WORDS:
        raise Invalid({"words": _("At most %(most)s characters.") % {"most": MOST_WORDS}})
    if len(numbers) > MOST_PICTURES:
        raise Invalid({"uploads": _("Nine pictures at most. Leave some of them out.")})
    return words, numbers, _own_thread(by, thread, before)


def _pictures_of(memory: Memory) -> set[int]:
    return {one.pk for one in attached_to(MEMORY_PICTURES, [memory.pk]).get(memory.pk, [])}


def _own_thread(by: Member, thread: Thread | int | None, before: Thread | None) -> Thread | None:
    if thread is None:
        return None
    number = thread if isinstance(thread, int) else thread.pk
    if before is not None and before.pk == number:
        return before
    found = threads_to_attach(by).filter(pk=number).first()
    if found is None:
        raise Invalid({"thread": _("Choose a thread of your own that others can read.")})
    return found
