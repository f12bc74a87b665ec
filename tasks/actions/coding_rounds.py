"""Who reads in a round of coding steps down or is released, and another round follows."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..facts import CodebookChanged, CoderReleased, CoderSteppedDown
from ..models import Codebook, Coder
from ..rules.coding import can_begin_round, can_code, can_release


def hold_book(pk: int) -> Codebook:
    """The book as it is now, its row held: beginning, leaving, quoting and another round take turns."""
    return Codebook.objects.select_for_update(of=("self",)).select_related("call__task").get(pk=pk)


def hold_reading(coder: Coder) -> tuple[Codebook, Coder]:
    """A reading as it is now, its book held."""
    book = hold_book(coder.codebook_id)
    now = Coder.objects.filter(pk=coder.pk).first()
    if now is None:
        raise Conflict(_("Nobody reads there any more."))
    return book, now


@transaction.atomic
def step_down(*, by: Member, coder: Coder) -> None:
    """Read no further in this round. The place is free; the own marks are seen by nobody else and are there again on beginning anew."""
    book, coder = hold_reading(coder)
    require(can_code(by, coder), _("Only who reads in this round steps down."))
    coder.delete()
    record(CoderSteppedDown(task_id=book.call.task_id, round=coder.round), by=by)


@transaction.atomic
def release_coder(*, by: Member, coder: Coder, reason: str) -> None:
    """Take somebody who is absent out of the round, so that it goes on; they read why."""
    require(can_release(by, coder), _("Only researchers code."))
    reason = clean_line(reason)[:300]
    if len(reason) < 2:
        raise Invalid({"reason": _("Say why. The one who is released reads it.")})
    book, coder = hold_reading(coder)
    require(can_release(by, coder), _("Only researchers code."))
    coder.delete()
    said = CoderReleased(task_id=book.call.task_id, round=coder.round, member_id=coder.member_id, reason=reason)
    record(said, by=by)


@transaction.atomic
def begin_coding_round(*, by: Member, book: Codebook, expected: int) -> Codebook:
    """Open the codebook again; everything is read anew, and what was marked before stays with its round."""
    require(can_begin_round(by, book), _("Only researchers code."))
    now = hold_book(book.pk)
    if now.round != expected:
        raise Conflict(_("Another round has begun by now."))
    require(can_begin_round(by, now), _("Only researchers code."))
    book.round, book.frozen_at = now.round + 1, None
    book.save(update_fields=["round", "frozen_at"])
    record(CodebookChanged(task_id=book.call.task_id, round=book.round), by=by)
    return book
