"""Who reads entries by a codebook, and what a passage is."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from kocforum.errors import Conflict

from ..enums import TaskState
from ..models import Call, Codebook, Coder, Entry, Quote
from .tasks import can_ask

_GAP = re.compile(r"\n[ \t]*\n\s*")
CODED = (TaskState.OPEN, TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED)
LOCKED = (TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED)


def passages_of(body: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph in code points: the units on which agreement is computed (L13)."""
    found, at = [], 0
    for gap in _GAP.finditer(body):
        found.append((at, gap.start()))
        at = gap.end()
    found.append((at, len(body)))
    return [(start, end) for start, end in found if body[start:end].strip()]


def touches(start: int, end: int, passage: tuple[int, int]) -> bool:
    """Whether a span lies, at least in part, in a passage."""
    return start < passage[1] and end > passage[0]


def can_see_coding(user: Any, call: Call) -> bool:
    """Researchers."""
    return can_ask(user)


def can_edit_codebook(user: Any, book: Codebook) -> bool | Conflict:
    """Researchers, until a second coder has begun."""
    if not can_ask(user):
        return False
    return book.frozen_at is None or Conflict(
        _("Two read by this codebook, so it stays as it is. Other codes are another round.")
    )


def can_begin_coding(user: Any, book: Codebook) -> bool | Conflict:
    """Researchers, once something may be read; two in a round, and nobody once its marks are open to all: who comes then is not blind."""
    if not can_ask(user):
        return False
    if book.call.task.state not in CODED or not Entry.objects.visible_to(user).given().filter(call=book.call).exists():
        return Conflict(_("There is nothing to read yet."))
    if not book.codes.filter(retired_at__isnull=True).exists():
        return Conflict(_("Write down a code first."))
    coders = coders_of(book)
    if sum(one.member_id != user.pk for one in coders) > 1:
        return Conflict(_("Two read in this round already. A third one settles what they see differently."))
    if coders and all(one.finished_at for one in coders):
        return Conflict(_("This round is finished and open to all of you. Whoever else reads, reads in another round."))
    if Quote.objects.filter(entry__call=book.call, taken_round=book.round).exists():
        return Conflict(_("This round is quoted already, so nobody reads it blind any more. Begin another round."))
    return True


def coders_of(book: Codebook, round: int | None = None) -> list[Coder]:
    """Who reads in a round, the present one unless said otherwise."""
    return list(Coder.objects.filter(codebook=book, round=book.round if round is None else round))


def coder_of(user: Any, book: Codebook, round: int | None = None) -> Coder | None:
    """This person's reading in a round, the present one unless said otherwise."""
    return next((one for one in coders_of(book, round) if one.member_id == user.pk), None)


def can_code(user: Any, coder: Coder | None) -> bool | Conflict:
    """Who has begun and not finished."""
    if coder is None or not can_ask(user) or coder.member_id != user.pk:
        return False
    return coder.finished_at is None or Conflict(_("You have finished this round. What you marked stands."))


def can_release(user: Any, coder: Coder) -> bool | Conflict:
    """Researchers, somebody else who has begun and not finished."""
    if not can_ask(user) or coder.member_id == user.pk:
        return False
    return coder.finished_at is None or Conflict(_("This reading is finished. What was marked stands."))


def can_begin_round(user: Any, book: Codebook) -> bool | Conflict:
    """Researchers, once somebody has read in this round and nobody still does."""
    if not can_ask(user):
        return False
    coders = coders_of(book)
    if any(one.finished_at is None for one in coders):
        return Conflict(
            _("Somebody still reads in this round. Another one begins when all have finished or stepped down.")
        )
    begun = coders or book.frozen_at or Quote.objects.filter(entry__call=book.call, taken_round=book.round).exists()
    return bool(begun) or Conflict(_("Nobody has read in this round yet."))


def can_settle(user: Any, book: Codebook, round: int | None = None) -> bool | Conflict:
    """Researchers who did not read in the round, once both have finished."""
    if not can_ask(user):
        return False
    coders = coders_of(book, round)
    if any(one.member_id == user.pk for one in coders):
        return Conflict(_("You read in this round. Somebody else settles it."))
    if len(coders) < 2 or any(one.finished_at is None for one in coders):
        return Conflict(_("Both have to finish first."))
    return True


def can_quote(user: Any, entry: Entry) -> bool | Conflict:
    """Researchers, what is given, where its author lets colleagues quote it, and while nobody else reads by the codebook:
    a quote and its ticket would tell them what to see."""
    if not can_ask(user):
        return False
    if not Entry.objects.visible_to(user).given().filter(pk=entry.pk).exists():
        return False
    if not entry.quote_inside:
        return Conflict(_("Its author does not let it be quoted."))
    reads = Coder.objects.filter(codebook__call=entry.call_id, round=F("codebook__round"), finished_at__isnull=True)
    if reads.exclude(member=user.pk).exists():
        return Conflict(
            _(
                "Somebody else still reads in this round, and a quote would tell them what to see. Quote it once all have finished."
            )
        )
    return True
