"""Places of a quota: kept while somebody answers, taken by conditional update, given back. Full means full (S3, S4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..models import QuotaCell, QuotaHold, ResponseDraft, Survey

KEPT_FOR = timedelta(minutes=30)


class Full(Exception):
    """No place is left in one of the cells."""


def cells_of(survey: Survey, answers: Mapping[str, Any], facts: Mapping[str, str]) -> list[QuotaCell]:
    """The cells in which this response stands, in the order in which everybody takes them."""
    cells = QuotaCell.objects.filter(survey=survey).select_related("option__question").order_by("pk")
    return [cell for cell in cells if _stands_in(cell, answers, facts)]


def _stands_in(cell: QuotaCell, answers: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
    for name in ("model", "version", "koc_level"):
        if getattr(cell, name) and facts.get(name, "") != getattr(cell, name):
            return False
    if cell.option is None:
        return True
    value = answers.get(cell.option.question.key)
    return cell.option.key in (value if isinstance(value, list) else [value])


def take_places(cells: Iterable[QuotaCell], *, draft: ResponseDraft | None = None) -> None:
    """One place in every cell, or none at all: raises Full, and what was taken is given back with the savepoint."""
    with transaction.atomic():
        for cell in cells:
            others = _held_by_others(cell, draft)
            free = QuotaCell.objects.filter(pk=cell.pk, used__lt=F("limit") - others)
            if not free.update(used=F("used") + 1):
                raise Full


def give_back(cells: Iterable[QuotaCell]) -> None:
    """The places of a response that changed or was withdrawn."""
    for cell in cells:
        QuotaCell.objects.filter(pk=cell.pk, used__gt=0).update(used=F("used") - 1)


def keep_places(cells: Iterable[QuotaCell], *, draft: ResponseDraft) -> bool:
    """Keep a place in every cell for half an hour; False where one is full already, and then none is kept."""
    cells = list(cells)
    draft.holds.exclude(cell__in=cells).delete()
    try:
        with transaction.atomic():
            for cell in cells:
                others = _held_by_others(cell, draft)
                if not QuotaCell.objects.filter(pk=cell.pk, used__lt=F("limit") - others).exists():
                    raise Full
                values = {"until": timezone.now() + KEPT_FOR}
                QuotaHold.objects.update_or_create(cell=cell, draft=draft, defaults=values)
    except Full:
        draft.holds.all().delete()
        return False
    return True


def _held_by_others(cell: QuotaCell, draft: ResponseDraft | None) -> int:
    """How many places others keep. The cell's row is taken first, so that two who look at once stand in line."""
    QuotaCell.objects.filter(pk=cell.pk).update(used=F("used"))
    holds = QuotaHold.objects.filter(cell=cell, until__gt=timezone.now())
    return holds.exclude(draft=draft).count() if draft else holds.count()
