"""Initiatives as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from ..enums import AskKind, ProposalState, SupportKind
from ..models import Ask, Initiative, ProposalVersion, Support
from ..models.initiatives import TOLD

EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "KWD": 3, "JOD": 3, "OMR": 3, "TND": 3}


def places_of(currency: str) -> int:
    """Digits behind the point, as ISO 4217 has them."""
    return EXPONENTS.get(currency, 2)


def in_money(amount_minor: int, currency: str) -> str:
    """1 234.50 CNY of 123450, with the sign where there is one."""
    digits = places_of(currency)
    amount = Decimal(amount_minor).scaleb(-digits)
    sign = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£"}.get(currency)
    return f"{sign}{amount:,.{digits}f}" if sign else f"{amount:,.{digits}f} {currency}"


@dataclass(frozen=True)
class AskLine:
    """A line of what is asked, in words."""

    kind: str
    label: str
    what: str
    amount: str


def lines_of(asks: Iterable[dict[str, Any]]) -> list[AskLine]:
    """Of a frozen version."""
    return [
        AskLine(
            kind=ask["kind"],
            label=str(AskKind(ask["kind"]).label),
            what=ask["what"],
            amount=in_money(ask["amount_minor"], ask["currency"]) if ask["amount_minor"] else "",
        )
        for ask in asks
    ]


def asked_in_all(asks: Iterable[dict[str, Any]]) -> str:
    """All money that is asked for, in words; empty where none is."""
    money = [ask for ask in asks if ask["kind"] == AskKind.MONEY]
    return in_money(sum(ask["amount_minor"] for ask in money), money[0]["currency"]) if money else ""


def own_initiatives(member: Any) -> QuerySet[Initiative]:
    """What this person proposes or stands in for."""
    return Initiative.objects.written_by(member).select_related("proposer", "deputy").order_by("-changed_at", "-pk")


def told_initiatives(user: Any) -> QuerySet[Initiative]:
    """What this person can stand behind, with `behind`, the number of those who do."""
    return (
        Initiative.objects.visible_to(user)
        .filter(state__in=TOLD, submitted_at__isnull=False)
        .filter(Q(shown_to_members=True) | Q(state=ProposalState.ENDORSED))
        .select_related("proposer")
        .annotate(behind=Count("supports"))
        .order_by("-submitted_at", "-pk")
    )


def last_version(initiative: Initiative) -> ProposalVersion | None:
    return initiative.versions.order_by("-number").first()


def support_of(initiative: Initiative) -> dict[str, int]:
    """How many would come and how many would help."""
    counts = Support.objects.filter(initiative=initiative).values_list("kind").annotate(n=Count("pk"))
    return dict.fromkeys(SupportKind.values, 0) | dict(counts)


def asks_of(initiative: Initiative) -> list[dict[str, Any]]:
    """The lines of the row that is being written."""
    return list(Ask.objects.filter(initiative=initiative).values("kind", "what", "amount_minor", "currency"))


def next_step(initiative: Initiative) -> str:
    """What comes next, for who proposed it."""
    return {
        ProposalState.DRAFT: _("Nobody else reads it yet. Submit it when it is ready."),
        ProposalState.SUBMITTED: _("Colleagues will read it, each for themselves; then one who did not score decides."),
        ProposalState.IN_REVIEW: _(
            "Colleagues are reading it, each for themselves; then one who did not score decides."
        ),
        ProposalState.CHANGES_ASKED: _("Change what is asked below, then submit it again."),
        ProposalState.ENDORSED: _("The brand stands behind you. The rest is yours."),
        ProposalState.DECLINED: _("You can ask once that others look at it again."),
        ProposalState.WITHDRAWN: _("You took it back."),
    }[ProposalState(initiative.state)]
