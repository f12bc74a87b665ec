"""Write a codebook: codes and themes with memos, until two read by it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..facts import CodebookChanged
from ..models import Call, Code, Codebook, Coder, Theme
from ..rules.coding import can_edit_codebook, can_see_coding

MOST_CODES = 200


def codebook_of_call(call: Call) -> Codebook:
    """The codebook of a call, begun when somebody first asks for it."""
    return Codebook.objects.select_related("call__task").get_or_create(call=call)[0]


def _hold(by: Member, book: Codebook) -> Codebook:
    """The book as it is now, its row held against a second coder who begins."""
    require(can_edit_codebook(by, book), _("Only researchers code."))
    book = Codebook.objects.select_for_update(of=("self",)).select_related("call__task").get(pk=book.pk)
    require(can_edit_codebook(by, book), _("Only researchers code."))
    return book


def _name(name: str) -> str:
    name = clean_line(name)
    if not 1 <= len(name) <= 60:
        raise Invalid({"name": _("A name has 1 to 60 characters.")})
    return name


def _changed(by: Member, book: Codebook) -> None:
    record(CodebookChanged(task_id=book.call.task_id, round=book.round), by=by)


@transaction.atomic
def add_code(*, by: Member, book: Codebook, name: str, memo: str = "", theme: Theme | None = None) -> Code:
    """A code with a memo on when it applies."""
    book, name = _hold(by, book), _name(name)
    if book.codes.count() >= MOST_CODES:
        raise Conflict(_("%(most)s codes at most.") % {"most": MOST_CODES})
    if theme is not None and theme.codebook_id != book.pk:
        raise Invalid({"theme": _("This theme belongs to another codebook.")})
    try:
        with transaction.atomic():
            code = Code.objects.create(
                codebook=book, name=name, memo=clean_text(memo).strip()[:1000], theme=theme, since_round=book.round
            )
    except IntegrityError:
        raise Invalid({"name": _("This name is taken.")})
    _read_again(book)
    _changed(by, book)
    return code


def _read_again(book: Codebook) -> None:
    """What was read to the end by other codes is not read to the end by these."""
    reads = Coder.objects.filter(codebook=book, round=book.round, finished_at__isnull=True)
    reads.exclude(done={}).update(done={}, asked_again_at=timezone.now())


@transaction.atomic
def edit_code(
    *, by: Member, code: Code, name: str, memo: str = "", theme: Theme | None = None, retired: bool = False
) -> Code:
    """Other words for a code, another theme, or out of use. A theme may change at any time: it changes no reading."""
    require(can_see_coding(by, code.codebook.call), _("Only researchers code."))
    name, memo = _name(name), clean_text(memo).strip()[:1000]
    if theme is not None and theme.codebook_id != code.codebook_id:
        raise Invalid({"theme": _("This theme belongs to another codebook.")})
    if (name, memo, retired) != (code.name, code.memo, code.retired_at is not None):
        book = _hold(by, code.codebook)
        code = book.codes.select_related("codebook__call").get(pk=code.pk)
        comes_back = code.retired_at is not None and not retired
        if comes_back and code.retired_round is not None and code.retired_round < book.round:
            raise Conflict(
                _("This code went out of use in an earlier round and stays out of it. Write down a new one.")
            )
        if comes_back or (name, memo) != (code.name, code.memo):
            _read_again(book)
    try:
        with transaction.atomic():
            Code.objects.filter(pk=code.pk).update(
                name=name,
                memo=memo,
                theme=theme,
                retired_at=(code.retired_at or timezone.now()) if retired else None,
                retired_round=(code.retired_round or code.codebook.round) if retired else None,
            )
    except IntegrityError:
        raise Invalid({"name": _("This name is taken.")})
    _changed(by, code.codebook)
    code.refresh_from_db()
    return code


@transaction.atomic
def add_theme(*, by: Member, book: Codebook, name: str, memo: str = "") -> Theme:
    """What several codes have in common; at any time, since it changes no reading."""
    require(can_see_coding(by, book.call), _("Only researchers code."))
    try:
        with transaction.atomic():
            theme = Theme.objects.create(codebook=book, name=_name(name), memo=clean_text(memo).strip()[:1000])
    except IntegrityError:
        raise Invalid({"name": _("This name is taken.")})
    _changed(by, book)
    return theme
