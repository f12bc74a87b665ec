"""Expenses as a table for the books of finance."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.uploads.models import Upload
from kocforum.uploads.queries import served_name

from ..models import Expense, Initiative
from ..rules.sheets import Table
from .initiatives import places_of
from .money import told


def table_of_expenses(user: Any, initiative: Initiative | None = None) -> Table:
    """One row for each expense, the first handed in first. Amounts are plain decimals in the unit of their currency; whoever
    never did a thing leaves its cell empty."""
    rows = told(Expense.objects.visible_to(user)).order_by("pk")
    if initiative is not None:
        rows = rows.filter(envelope__initiative=initiative)
    return Table(title=str(_("Expenses")), head=_head(), rows=[_row(row) for row in rows.iterator(500)])


def _head() -> list[str]:
    return [
        _("Number"), _("Initiative"), _("Title"), _("State"), _("Line"), _("What for"), _("Amount"), _("Currency"),
        _("Amount on the receipt"), _("Currency of the receipt"), _("Rate of that day"), _("Day of the rate"),
        _("Who was paid"), _("Day of the receipt"), _("Fapiao number"), _("Handed in by"), _("Handed in at"),
        _("Approved by"), _("Second approver"), _("Approved at"), _("Paid by"), _("Paid at"), _("Reference of the payment"),
        _("Close to one of them"), _("Note"), _("File of the receipt"),
    ]  # fmt: skip


def _row(row: Expense) -> list[Any]:
    envelope = row.envelope
    return [
        row.pk, envelope.initiative_id, envelope.initiative.title, str(row.get_state_display()), str(row.line), row.what,
        _amount(row.amount_minor, envelope.currency), envelope.currency,
        _amount(row.original_minor, row.original_currency), row.original_currency, row.rate or "", row.rate_on or "",
        row.payee, row.issued_on, row.fapiao, row.submitter.username, _at(row.submitted_at), _name(row.approver),
        _name(row.second_approver), _at(row.approved_at), _name(row.payer), _at(row.paid_at), row.payment,
        _("yes") if row.related_party else "", row.note, _file(row.receipt),
    ]  # fmt: skip


def _file(receipt: Upload) -> str:
    """As it is called when it is saved from the page."""
    return served_name(receipt, (receipt.document or receipt.display).name)


def _amount(amount_minor: int | None, currency: str) -> Decimal | str:
    return "" if amount_minor is None else Decimal(amount_minor).scaleb(-places_of(currency))


def _name(member: Any) -> str:
    return member.username if member else ""


def _at(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
