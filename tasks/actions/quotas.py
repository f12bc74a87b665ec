"""Places of a quota: kept while somebody answers, taken by conditional update, given back. Full means full (S3, S4).

Cells are named by the numbers of their rows (`Questionnaire.cells_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils import timezone

from kocforum.compiled import Compiled

from ..models import QuotaCell, QuotaHold, ResponseDraft

KEPT_FOR = timedelta(minutes=30)


class Full(Exception):
    """No place is left in one of the cells."""


def take_places(cells: Sequence[int], *, draft: ResponseDraft | None = None) -> None:
    """One place in every cell, or none at all: raises Full before any is taken."""
    held = _held(cells)
    if not held:
        return
    others = _kept_by_others(held, draft)
    if any(cell.used >= cell.limit - others.get(cell.pk, 0) for cell in held):
        raise Full
    QuotaCell.objects.filter(pk__in=[cell.pk for cell in held]).update(used=F("used") + 1)


def hold_cells(cells: Sequence[int]) -> None:
    """Before places of some are given back and others taken: two who swap would wait for each other else."""
    _held(cells)


def give_back(cells: Sequence[int]) -> None:
    """The places of a response that changed or was withdrawn."""
    for cell in cells:
        QuotaCell.objects.filter(pk=cell, used__gt=0).update(used=F("used") - 1)


def keep_places(cells: Sequence[int], *, draft: ResponseDraft) -> bool:
    """Keep a place in every cell for half an hour; False where one is full already, and then none is kept."""
    held = _held(cells)
    draft.holds.exclude(cell__in=held).delete()
    others = _kept_by_others(held, draft)
    if any(cell.used >= cell.limit - others.get(cell.pk, 0) for cell in held):
        draft.holds.all().delete()
        return False
    for cell in held:
        QuotaHold.objects.update_or_create(cell=cell, draft=draft, defaults={"until": timezone.now() + KEPT_FOR})
    return True


def _held(cells: Sequence[int]) -> list[QuotaCell]:
    """The cells as they are now, their rows held in the order of their numbers: two who look at once stand in line."""
    rows = QuotaCell.objects.filter(pk__in=cells).order_by("pk")
    return list(rows.select_for_update(no_key=True)) if cells else []


def _kept_by_others(cells: Sequence[QuotaCell], draft: ResponseDraft | None) -> dict[int, int]:
    """How many places of each cell of this survey are kept for others."""
    if not cells:
        return {}
    return dict(_kept(survey=cells[0].survey_id, besides=draft.pk if draft else 0, now=timezone.now()))


@Compiled
def _kept(survey: Any, besides: Any, now: Any) -> QuerySet:
    holds = QuotaHold.objects.filter(cell__survey=survey, until__gt=now).exclude(draft=besides)
    return holds.values_list("cell").annotate(Count("pk")).order_by()
