"""Kinds of news about the money of an initiative: to who leads it, to approvers, to finance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Expense, Initiative
from ..queries.initiatives import in_money
from .initiatives import of_initiatives

EXPENSE_APPROVED = "expense.approved"
EXPENSE_RETURNED = "expense.returned"
EXPENSE_REFUSED = "expense.refused"
EXPENSE_PAID = "expense.paid"
MONEY_RELEASED = "money.released"
MONEY_SETTLED = "money.settled"
MONEY_REOPENED = "money.reopened"
EXPENSE_ARRIVED = "expense.arrived"
EXPENSE_TO_PAY = "expense.to_pay"
MONEY_ACCOUNTED = "money.accounted"


def of_expenses(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Expense.objects.filter(pk__in=list(object_ids)).select_related("envelope__initiative")
    return {
        row.pk: {
            "amount": in_money(row.amount_minor, row.envelope.currency),
            "title": row.envelope.initiative.title,
        }
        for row in rows
    }


def _approved(params: Params, count: int) -> str:
    return _("“%(title)s”: %(amount)s is approved and will be paid") % params


def _returned(params: Params, count: int) -> str:
    return _("“%(title)s”: something is missing for %(amount)s. Read what") % params


def _refused(params: Params, count: int) -> str:
    return _("“%(title)s”: %(amount)s is not paid. Read why") % params


def _paid(params: Params, count: int) -> str:
    return _("“%(title)s”: %(amount)s is paid") % params


def _released(params: Params, count: int) -> str:
    return _("“%(title)s”: more of the money can be used from now on") % params


def _settled(params: Params, count: int) -> str:
    return _("The money of “%(title)s” is settled. Thank you") % params


def _reopened(params: Params, count: int) -> str:
    return _("The money of “%(title)s” is open again for what came late") % params


def _arrived(params: Params, count: int) -> str:
    return _("“%(title)s”: %(amount)s waits for an approval") % params


def _to_pay(params: Params, count: int) -> str:
    return _("“%(title)s”: %(amount)s is approved and waits for the payment") % params


def _accounted(params: Params, count: int) -> str:
    return _("“%(title)s” tells what was done with the money. It can be settled") % params


def _to_expense(object_id: int, params: Params) -> str:
    return reverse("expense", args=[params["initiative"], object_id])


def _to_desk_of_expense(object_id: int, params: Params) -> str:
    return reverse("desk_expense", args=[params["initiative"], object_id])


def _to_money(object_id: int, params: Params) -> str:
    return reverse("initiative_money", args=[object_id])


def _to_desk(object_id: int, params: Params) -> str:
    return reverse("desk_money", args=[object_id])


def register_money() -> None:
    """Let members and colleagues be told."""
    both, inbox = ("inbox", "email"), ("inbox",)
    of_expense: dict[str, Any] = {"queryset_for": Expense.objects.visible_to, "details": of_expenses}
    of_money: dict[str, Any] = {"queryset_for": Initiative.objects.visible_to, "details": of_initiatives}
    for slug, label, sentence, channels in (
        (EXPENSE_APPROVED, gettext_lazy("An expense of mine is approved"), _approved, inbox),
        (EXPENSE_RETURNED, gettext_lazy("Something is missing for an expense of mine"), _returned, both),
        (EXPENSE_REFUSED, gettext_lazy("An expense of mine is refused"), _refused, both),
        (EXPENSE_PAID, gettext_lazy("An expense of mine is paid"), _paid, both),
    ):
        register(
            NotificationKind(
                slug=slug, label=label, sentence=sentence, url=_to_expense, channels=channels, **of_expense
            )
        )
    for slug, label, sentence in (
        (MONEY_RELEASED, gettext_lazy("More of my initiative's money can be used"), _released),
        (MONEY_SETTLED, gettext_lazy("The money of my initiative is settled"), _settled),
        (MONEY_REOPENED, gettext_lazy("The money of my initiative is opened again"), _reopened),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, url=_to_money, channels=inbox, **of_money))
    for slug, label, sentence in (
        (EXPENSE_ARRIVED, gettext_lazy("An expense waits for an approval"), _arrived),
        (EXPENSE_TO_PAY, gettext_lazy("An expense waits for its payment"), _to_pay),
    ):
        register(
            NotificationKind(
                slug=slug, label=label, sentence=sentence, url=_to_desk_of_expense, staff_only=True, **of_expense
            )
        )
    register(
        NotificationKind(
            slug=MONEY_ACCOUNTED,
            label=gettext_lazy("The money of an initiative can be settled"),
            sentence=_accounted,
            url=_to_desk,
            staff_only=True,
            **of_money,
        )
    )
