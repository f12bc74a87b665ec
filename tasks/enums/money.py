"""The money of an initiative: its envelope, its lines, its tranches, its expenses (research: §1D)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class EnvelopeState(models.TextChoices):
    """SETTLED: everything is paid or answered, and what was not spent went back to the brand."""

    OPEN = "open", pgettext_lazy("money", "Open")
    SETTLED = "settled", pgettext_lazy("money", "Settled")


class LineKind(models.TextChoices):
    """ASKED stands in the proposal. The other two are the house's: fees of banks, and what a cancelled event still costs."""

    ASKED = "asked", pgettext_lazy("line of money", "As proposed")
    FEES = "fees", pgettext_lazy("line of money", "Fees")
    CANCELLING = "cancelling", pgettext_lazy("line of money", "If it is cancelled: what cannot be undone")


class ExpenseState(models.TextChoices):
    """RETURNED waits for who handed it in. APPROVED is promised and not paid. PAID, REFUSED and WITHDRAWN are the end."""

    SUBMITTED = "submitted", pgettext_lazy("expense", "Waits for approval")
    RETURNED = "returned", pgettext_lazy("expense", "Returned, something is missing")
    APPROVED = "approved", pgettext_lazy("expense", "Approved, waits for payment")
    PAID = "paid", pgettext_lazy("expense", "Paid")
    REFUSED = "refused", pgettext_lazy("expense", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("expense", "Taken back")


class MoneyMoveKind(models.TextChoices):
    """What a row of the ledger does to the counters of its envelope."""

    GRANTED = "granted", pgettext_lazy("money moved", "Granted")
    RELEASED = "released", pgettext_lazy("money moved", "Released")
    RESERVED = "reserved", pgettext_lazy("money moved", "Promised")
    FREED = "freed", pgettext_lazy("money moved", "Promise taken back")
    PAID = "paid", pgettext_lazy("money moved", "Paid")
    UNPAID = "unpaid", pgettext_lazy("money moved", "Payment taken back")
    RETURNED = "returned", pgettext_lazy("money moved", "Went back to the brand")
    REOPENED = "reopened", pgettext_lazy("money moved", "Taken out again")
