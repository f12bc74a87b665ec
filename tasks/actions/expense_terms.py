"""What an expense must be before it is handed in: clean values, and what stands against them by field."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid
from kocforum.members.models import Member
from kocforum.text import clean_line
from kocforum.uploads.enums import Kind
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import takeable

from ..enums import ExpenseState, LineKind
from ..models import BudgetLine, Envelope, Expense
from ..models.expenses import DEAD
from ..queries.initiatives import in_money, places_of
from ..queries.money import cancelled_on
from ..queries.receipts import could_be, look_of
from ..rules.fapiao import paper_in
from ..rules.money import needs_two
from .content import wants_a_look
from .initiatives import MOST_MINOR

WORDS = {"what": 200, "note": 500, "payee": 120}


@dataclass(frozen=True, kw_only=True)
class ExpenseDraft:
    """What was paid. `receipt` is an own picture or PDF, by its row or number. In another currency than the envelope's, with the rate
    (units of the envelope's currency for one) and its day. Without a line it is the first."""

    amount_minor: int
    currency: str
    receipt: Upload | int
    line: BudgetLine | None = None
    what: str = ""
    note: str = ""
    payee: str = ""
    issued_on: date | None = None
    fapiao: str = ""
    related_party: bool = False
    rate: Decimal | None = None
    rate_on: date | None = None


def same_fapiao() -> Conflict:
    return Conflict(_("This fapiao was handed in already. Each one is paid once, whatever the initiative."))


def same_receipt() -> Conflict:
    return Conflict(_("This receipt was handed in already. Each one is paid once, whatever the initiative."))


def checked(
    envelope: Envelope, draft: ExpenseDraft, by: Member, mine: Expense | None = None
) -> tuple[dict[str, Any], Upload]:
    """Clean values of an expense with its receipt; problems by field."""
    problems: dict[str, object] = {}
    words = {name: clean_line(getattr(draft, name))[:most] for name, most in WORDS.items()}
    wants_a_look(words["what"], field="what")
    # A phone's keyboard may write the same digits full-width: one number is one number.
    plain = unicodedata.normalize("NFKC", clean_line(draft.fapiao)).upper()
    fapiao = "".join(letter for letter in plain if letter.isascii() and letter.isalnum())[:40]
    money = _amount(envelope, draft, mine, problems)
    today = timezone.localdate()
    issued_on = draft.issued_on or (mine.issued_on if mine else today)
    if issued_on > today + timedelta(days=1):
        problems["issued_on"] = _("This day has not come yet.")
    line = draft.line or (mine.line if mine else envelope.lines.first())
    if line is None or line.envelope_id != envelope.pk:
        problems["line"] = _("There is no such line.")
    elif said := _problem_of_line(envelope, line, issued_on):
        problems["line"] = said
    receipt = _receipt(draft, by, mine, problems)
    if problems or receipt is None:
        raise Invalid(problems)
    number = paper_in(receipt.words).number
    fapiao = fapiao or number
    others = Expense.objects.exclude(state__in=DEAD).exclude(pk=mine.pk if mine else None)
    if fapiao and others.filter(fapiao=fapiao).exists():
        raise same_fapiao()
    if others.filter(receipt_sha256=receipt.sha256).exists():
        raise same_receipt()
    same = mine is not None and mine.receipt_id == receipt.pk
    look = mine.receipt_look if mine is not None and same else look_of(receipt)
    amount, payee = money["amount_minor"], words["payee"]
    return {
        **words,
        **money,
        "line_id": line.pk,
        "issued_on": issued_on,
        "fapiao": fapiao,
        "related_party": draft.related_party,
        "needs_two": needs_two(amount, draft.related_party),
        "receipt_id": receipt.pk,
        "receipt_sha256": receipt.sha256,
        "receipt_look": look,
        "looks_like_id": could_be(
            receipt,
            look,
            payee=payee,
            issued_on=issued_on,
            amount_minor=amount,
            number=number,
            besides=mine.pk if mine else None,
        ),
    }, receipt


def _receipt(draft: ExpenseDraft, by: Member, mine: Expense | None, problems: dict[str, object]) -> Upload | None:
    number = draft.receipt if isinstance(draft.receipt, int) else draft.receipt.pk
    if mine is not None and mine.receipt_id == number:
        return mine.receipt
    found = next(iter(takeable(by, [number])), None)
    if found is None or found.kind == Kind.VIDEO:
        problems["receipt"] = _(
            "Add a picture or a PDF of the receipt. One that is used elsewhere, or is not yours, cannot be taken."
        )
    return found


def _amount(
    envelope: Envelope, draft: ExpenseDraft, mine: Expense | None, problems: dict[str, object]
) -> dict[str, Any]:
    """In the envelope's currency; what stands on a foreign receipt is kept with its rate. Half a cent counts as one."""
    kept: dict[str, Any] = {"original_minor": None, "original_currency": "", "rate": None, "rate_on": None}
    amount, currency = draft.amount_minor, draft.currency
    if currency != envelope.currency:
        if draft.rate is None or draft.rate_on is None or draft.rate <= 0:
            problems["rate"] = _("The money is in %(currency)s. Say the rate of that day, and the day.") % {
                "currency": envelope.currency
            }
            return {"amount_minor": amount, **kept}
        rate = draft.rate.quantize(Decimal("1e-8"))
        digits = places_of(envelope.currency) - places_of(currency)
        exact = (Decimal(amount) * rate).scaleb(digits)
        kept = {"original_minor": amount, "original_currency": currency, "rate": rate, "rate_on": draft.rate_on}
        amount = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    left = envelope.returned_minor if envelope.is_settled else envelope.left_minor
    if mine is not None and mine.state == ExpenseState.APPROVED:
        left += mine.amount_minor  # its own promise comes back first
    if not 1 <= amount <= MOST_MINOR:
        problems["amount_minor"] = _("This amount cannot be.")
    elif amount > left:
        problems["amount_minor"] = _("Only %(left)s is left. Hand it in for that much?") % {
            "left": in_money(left, envelope.currency)
        }
    return {"amount_minor": amount, **kept}


def _problem_of_line(envelope: Envelope, line: BudgetLine, issued_on: date) -> str:
    """After everything was cancelled only what cannot be undone is paid, from the line that was agreed for it (I16)."""
    day = cancelled_on(envelope)
    if line.kind == LineKind.CANCELLING and day is None:
        return _("This line is for an event that was cancelled. Yours was not.")
    if day is not None and issued_on > day and line.kind != LineKind.CANCELLING:
        return _("The event was cancelled on %(day)s. What comes after it goes into the line for that.") % {"day": day}
    return ""
