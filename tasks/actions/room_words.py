"""Speak among those who met, after the room."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_text

from ..enums import WordKind
from ..facts import RoomWordRemoved, RoomWordWritten, ThanksOwed
from ..models import Minutes, RoomWord, Workshop
from ..rules.minutes import can_remove_word, can_speak_after

LONGEST_WORD = 4000


@once(RoomWord)
@transaction.atomic
def speak_after(*, by: Member, workshop: Workshop, text: str, kind: str = WordKind.TALK) -> RoomWord:
    """A word to those who met; the brand's thanks and what became of it carry a name."""
    if kind not in WordKind.values:
        raise Invalid({"kind": _("There is no such kind of word.")})
    require(can_speak_after(by, workshop, kind), _("Only those who met read and write here."))
    text = clean_text(text).strip()
    if not 1 <= len(text) <= LONGEST_WORD:
        raise Invalid({"text": _("Between 1 and %(most)s characters.") % {"most": LONGEST_WORD}})
    word = RoomWord.objects.create(workshop=workshop, author=by, kind=kind, text=text)
    record(RoomWordWritten(task_id=workshop.task_id, word_id=word.pk, kind=kind), by=by)
    push(f"room:{workshop.pk}", "room.word", word.pk)
    return word


def ask_for_thanks() -> int:
    """Where nobody of the brand has thanked those who met, the hosts are asked to see to it, once. Returns how many rooms."""
    return sum(_ask_for_thanks(pk) for pk in list(Minutes.objects.without_thanks().values_list("pk", flat=True)))


@transaction.atomic
def _ask_for_thanks(pk: int) -> bool:
    if not Minutes.objects.without_thanks().filter(pk=pk).update(thanks_asked_at=timezone.now()):
        return False
    record(ThanksOwed(task_id=Minutes.objects.values_list("workshop__task", flat=True).get(pk=pk)), by=None)
    return True


@transaction.atomic
def take_back_word(*, by: Member, word: RoomWord) -> None:
    """The text goes; the place stays."""
    require(can_remove_word(by, word), _("Only its author takes it back."))
    if not RoomWord.objects.filter(pk=word.pk, removed_at__isnull=True).update(removed_at=timezone.now(), text=""):
        raise Conflict(_("Somebody has changed it since."))
    record(RoomWordRemoved(task_id=word.workshop.task_id, word_id=word.pk), by=by)
    push(f"room:{word.workshop_id}", "room.word", word.pk)
