"""Read entries by a codebook: mark passages, finish, settle what two saw differently, take a quote."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, passage

from ..facts import CodingBegun, CodingFinished, DisputeSettled, QuoteTaken
from ..models import Code, Codebook, Coder, Entry, EntryVersion, Quote, Span, Verdict
from ..rules.coding import (
    LOCKED,
    can_begin_coding,
    can_code,
    can_quote,
    can_settle,
    coder_of,
    coders_of,
    passages_of,
)
from .coding_rounds import hold_book, hold_reading


@transaction.atomic
def begin_coding(*, by: Member, book: Codebook) -> Coder:
    """Read in the present round. When the second one begins the codebook is fixed."""
    require(can_begin_coding(by, book), _("Only researchers code."))
    book = hold_book(book.pk)
    if mine := coder_of(by, book):
        return mine
    require(can_begin_coding(by, book), _("Only researchers code."))
    taken = set(Coder.objects.filter(codebook=book, round=book.round).values_list("place", flat=True))
    place = 1 if 1 not in taken else 2
    try:
        with transaction.atomic():
            coder = Coder.objects.create(codebook=book, member=by, round=book.round, place=place)
    except IntegrityError:
        raise Conflict(_("Two read in this round already. A third one settles what they see differently."))
    if taken:
        Codebook.objects.filter(pk=book.pk, frozen_at__isnull=True).update(frozen_at=timezone.now())
    record(CodingBegun(task_id=book.call.task_id, round=book.round), by=by)
    return coder


def _reading(by: Member, coder: Coder) -> tuple[Codebook, Coder]:
    """The reading as it is now, its book held: what is finished meanwhile is not changed any more."""
    require(can_code(by, coder), _("Only who reads in this round marks passages."))
    book, now = hold_reading(coder)
    require(can_code(by, now), _("Only who reads in this round marks passages."))
    return book, now


def _newest(by: Member, book: Codebook, entry: Entry) -> EntryVersion:
    """What readers of this call see now, for who may read it."""
    found = Entry.objects.visible_to(by).given().filter(pk=entry.pk, call=book.call_id).first()
    if found is None:
        raise Conflict(_("This entry can no longer be read."))
    return found.versions.get(number=found.version)


@transaction.atomic
def apply_code(
    *,
    by: Member,
    coder: Coder,
    entry: Entry,
    code: Code,
    start: int,
    end: int,
    memo: str = "",
    version: int | None = None,
) -> Span:
    """Give a passage a code. `start` and `end` in code points of the version that was read; marking it twice is marking it once."""
    book, coder = _reading(by, coder)
    if not book.codes.filter(pk=code.pk, retired_at__isnull=True).exists():
        raise Invalid({"code": _("This code is not in the codebook.")})
    text = _newest(by, book, entry)
    if version is not None and version != text.number:
        raise Conflict(_("The text was changed while you read. Load it anew, then mark it."))
    try:
        found = passage(text.body, start, end)
    except ValueError:
        raise Invalid({"passage": _("Mark some words of the text.")})
    span, _new = Span.objects.get_or_create(
        version=text,
        coder=by,
        code=code,
        round=coder.round,
        start=start,
        end=end,
        defaults={"exact": found.exact, "prefix": found.prefix, "suffix": found.suffix, "memo": clean_line(memo)[:300]},
    )
    return span


@transaction.atomic
def drop_span(*, by: Member, coder: Coder, span: Span) -> None:
    """Take a mark of one's own away."""
    book, coder = _reading(by, coder)
    if (span.coder_id, span.round, span.code.codebook_id) != (by.pk, coder.round, book.pk):
        raise Conflict(_("This mark is not one of this round."))
    Span.objects.filter(pk=span.pk).delete()


@transaction.atomic
def mark_read(*, by: Member, coder: Coder, entry: Entry, read: bool = True, version: int | None = None) -> Coder:
    """This entry is read to the end at the version that stands (`version`: that was on the page), or is not."""
    book, coder = _reading(by, coder)
    text = _newest(by, book, entry)
    if read and version is not None and version != text.number:
        raise Conflict(_("The text was changed while you read. Load it anew, then mark it."))
    done = {key: number for key, number in coder.done.items() if key != str(entry.pk)}
    coder.done = {**done, str(entry.pk): text.number} if read else done
    coder.save(update_fields=["done"])
    return coder


@transaction.atomic
def finish_coding(*, by: Member, coder: Coder, alone: bool = False) -> Coder:
    """Everything is read. What was not marked counts as not meant; nothing is changed afterwards in this round.

    Who read `alone` says so: from then on all colleagues see the marks, and nobody else can begin in this round.
    """
    book, coder = _reading(by, coder)
    if book.call.task.state not in LOCKED:
        raise Conflict(_("The call is still open; another entry may come. Finish when it has ended."))
    due = dict(Entry.objects.visible_to(by).given().filter(call=book.call).values_list("pk", "version"))
    read = coder.versions
    if missing := due.keys() - read.keys():
        raise Conflict(_("%(n)s entries are not read to the end yet.") % {"n": len(missing)})
    if edited := [pk for pk, version in due.items() if read[pk] != version]:
        raise Conflict(_("%(n)s entries were edited after you read them. Read the new text too.") % {"n": len(edited)})
    if not alone and len(coders_of(book, coder.round)) < 2:
        raise Conflict(_("You read alone in this round. Say so, or let a colleague begin first."))
    if Coder.objects.filter(pk=coder.pk, finished_at__isnull=True).update(finished_at=timezone.now()):
        record(CodingFinished(task_id=book.call.task_id, round=coder.round), by=by)
    coder.refresh_from_db()
    return coder


@transaction.atomic
def settle(
    *,
    by: Member,
    book: Codebook,
    version: EntryVersion,
    code: Code,
    start: int,
    applies: bool,
    note: str = "",
    round: int | None = None,
) -> Verdict:
    """Say whether a code applies where two did not agree. Each once; in the present round unless another is named."""
    round = book.round if round is None else round
    require(can_settle(by, book, round), _("Only researchers code."))
    if code.codebook_id != book.pk or start not in {first for first, _end in passages_of(version.body)}:
        raise Invalid({"passage": _("There is no such passage.")})
    try:
        with transaction.atomic():
            verdict = Verdict.objects.create(
                version=version,
                code=code,
                round=round,
                start=start,
                applies=applies,
                note=clean_line(note)[:300],
                by=by,
            )
    except IntegrityError:
        raise Conflict(_("This is settled already."))
    record(DisputeSettled(task_id=book.call.task_id, verdict_id=verdict.pk, applies=applies), by=by)
    return verdict


@transaction.atomic
def take_quote(*, by: Member, span: Span, paraphrase: str) -> Quote:
    """Take a marked passage as evidence, with a sentence of one's own that stays if the words are withdrawn. Its writers are told.

    Who reads alone may: the present round is open to all from then on, and nobody else can begin in it, whichever round the
    passage was marked in. A place is quoted once: with the same sentence it is the same quote.
    """
    entry = span.version.entry
    require(can_quote(by, entry), _("Only researchers code."))
    book = hold_book(span.code.codebook_id)
    require(can_quote(by, entry), _("Only researchers code."))
    paraphrase = clean_line(paraphrase)
    if not 2 <= len(paraphrase) <= 300:
        raise Invalid(
            {
                "paraphrase": _(
                    "Say it in your own words too, in 2 to 300 characters: that stays when words are withdrawn."
                )
            }
        )
    quote, new = Quote.objects.get_or_create(
        entry=entry,
        version=span.version.number,
        start=span.start,
        end=span.end,
        defaults={
            "exact": span.exact,
            "paraphrase": paraphrase,
            "code": span.code,
            "by": by,
            "round": span.round,
            "taken_round": book.round,
        },
    )
    if not new and quote.paraphrase != paraphrase:
        raise Conflict(_("These words are quoted already, as: %(said)s") % {"said": quote.paraphrase})
    if new:
        record(QuoteTaken(task_id=entry.call.task_id, entry_id=entry.pk, quote_id=quote.pk), by=by)
    return quote
