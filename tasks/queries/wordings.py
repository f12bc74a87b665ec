"""The words of a survey through its versions: what changed, whom it concerns, how many saw which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from ..models import Response, Survey, Wording
from ..rules.questionnaire import Item
from ..rules.surveys import FEWEST

IN_WORDS = ("text", "help", "low_label", "high_label")


def changes_between(before: Sequence[Item], after: Sequence[Item]) -> list[list[str]]:
    """[place, before, after] of each line whose words differ; the place is the question's key, or key.option."""
    changes = []
    for old, new in zip(before, after, strict=True):
        lines = [(old.key, getattr(old, name), getattr(new, name)) for name in IN_WORDS]
        lines += [
            (f"{old.key}.{one.key}", one.label, f"{now.label} ✕" if now.retired and not one.retired else now.label)
            for one, now in zip(old.choices, new.choices, strict=True)
        ]
        changes += [[place, was, now] for place, was, now in lines if was != now]
    return changes


def changed_since(survey: Survey, version: int) -> set[str]:
    """Keys of questions whose words were corrected after this version: who answered them is asked to look again (S6)."""
    if version >= survey.version:
        return set()
    later = survey.wordings.filter(version__gt=version).values_list("changes", flat=True)
    return {place.split(".")[0] for changes in later for place, _was, _now in changes}


def history_of(survey: Survey) -> list[dict[str, Any]]:
    """Each wording, the newest first, with how many of the counted responses saw it; None for fewer than five (S10).

    One hidden number among several would follow from the total, so with one all are hidden.
    """
    seen = dict(
        Response.objects.filter(survey=survey).counted().values_list("version").annotate(n=Count("pk")).order_by()
    )
    few = any(0 < count < FEWEST for count in seen.values())
    rows: list[Wording] = list(survey.wordings.select_related("by").order_by("-version"))
    return [{"wording": row, "answers": None if few else seen.get(row.version, 0)} for row in rows]
