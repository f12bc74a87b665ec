"""Kinds of news about what the brand lends: to who leads the initiative, to approvers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Initiative, Loan
from .initiatives import of_initiatives

LOAN_SHIPPED = "loan.shipped"
LOAN_DUE_BACK = "loan.due_back"
LOAN_SENT_BACK = "loan.sent_back"
SLOT_PULLED = "slot.pulled"


def of_loans(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Loan.objects.filter(pk__in=list(object_ids)).select_related("item", "initiative")
    return {
        row.pk: {"item": row.item.name, "title": row.initiative.title, "day": f"{row.due_back_on:%Y-%m-%d}" if row.due_back_on else ""}
        for row in rows
    }  # fmt: skip


def _shipped(params: Params, count: int) -> str:
    return _("“%(title)s”: %(item)s is on its way to you. Tell us when it has arrived") % params


def _due_back(params: Params, count: int) -> str:
    return _("“%(title)s”: %(item)s is to be back by %(day)s") % params


def _sent_back(params: Params, count: int) -> str:
    return _("“%(title)s”: %(item)s is on its way back. Count it when it is here") % params


def _pulled(params: Params, count: int) -> str:
    return _("“%(title)s”: we pulled something from our channels. Read why") % params


def _to_card(object_id: int, params: Params) -> str:
    return f"{reverse('initiative', args=[params['initiative']])}#brings"


def _to_initiative(object_id: int, params: Params) -> str:
    return f"{reverse('initiative', args=[object_id])}#brings"


def _to_desk(object_id: int, params: Params) -> str:
    return reverse("desk_lending", args=[params["initiative"]])


def register_material() -> None:
    """Let members and colleagues be told."""
    both = ("inbox", "email")
    of_loan: dict[str, Any] = {"queryset_for": Loan.objects.visible_to, "details": of_loans}
    for slug, label, sentence in (
        (LOAN_SHIPPED, gettext_lazy("Material is on its way to me"), _shipped),
        (LOAN_DUE_BACK, gettext_lazy("Material is soon to be back"), _due_back),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, url=_to_card, channels=both, **of_loan))
    register(
        NotificationKind(
            slug=LOAN_SENT_BACK,
            label=gettext_lazy("Material is on its way back to us"),
            sentence=_sent_back,
            url=_to_desk,
            staff_only=True,
            **of_loan,
        )
    )
    register(
        NotificationKind(
            slug=SLOT_PULLED,
            label=gettext_lazy("Promotion of my initiative is pulled"),
            sentence=_pulled,
            url=_to_initiative,
            channels=both,
            queryset_for=Initiative.objects.visible_to,
            details=of_initiatives,
        )
    )
