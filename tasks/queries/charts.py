"""What a chart of results is drawn from, as plain data; a table beside it holds the same numbers.

`kind` is "columns" (a histogram with its mean), "dots" (values with intervals, by group or in one row) or "lines" (waves).
Values of shares are whole percent with one decimal; `low`, `high` end a 95 % interval; null is not told.
"""

from __future__ import annotations

import math
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .crosstables import Crossed
from .results import Results
from .waves import Tracked, Waves

Chart = dict[str, Any]
PERCENT = "%"
MOST_GROUPS = 6  # what can be told apart in a picture; the table has them all


def histogram(found: Results) -> Chart:
    """The steps of a scale as shares of those who judged, and the mean with its interval."""
    item = found.item
    mean = found.rating.mean if found.rating else None
    ends = found.rating.mean_ci if found.rating else (None, None)
    return {
        "kind": "columns",
        "said": item.text,
        "unit": PERCENT,
        "labels": [one.label for one in found.options],
        "values": [percent(one.share[0]) if one.share else None for one in found.options],
        "whiskers": [[percent(one.share[1]), percent(one.share[2])] if one.share else None for one in found.options],
        "first": item.scale[0],
        "mean": number(mean),
        "mean_ends": [number(end) for end in ends],
        "mean_label": _("on average"),
    }


def placings(found: Results) -> Chart:
    """Options in their common order, with intervals where there are any."""
    scaled = found.item.type != "maxdiff"
    value = percent if scaled else number
    return {
        "kind": "dots",
        "said": found.item.text,
        "unit": PERCENT if scaled else "",
        "labels": [one.label for one in found.order],
        "low": 0 if scaled else -1,
        "high": 100 if scaled else 1,
        "series": [
            {
                "name": "",
                "points": [
                    [
                        value(one.score),
                        value(one.low) if one.low is not None else None,
                        value(one.high) if one.high is not None else None,
                    ]
                    for one in found.order
                ],
            }
        ],
    }


def by_group(found: Crossed, said: str) -> Chart:
    """Each option as one line of dots, one dot with its interval for each of the largest groups."""
    return {
        "kind": "dots",
        "said": said,
        "unit": PERCENT,
        "labels": found.columns,
        "low": 0,
        "high": None,
        "series": [
            {
                "name": row.label,
                "points": [[percent(part) for part in cell.share] if cell.share else [None] * 3 for cell in row.cells],
            }
            for row in found.told[:MOST_GROUPS]
        ],
    }


def through_waves(found: Tracked, waves: Waves) -> Chart:
    """One line per option, or one of a mean or a score."""
    value = percent if found.kind == "share" else number
    low, high = {"share": (0, None), "nps": (None, None)}.get(found.kind, _scale(found))
    return {
        "kind": "lines",
        "said": found.item.text,
        "unit": PERCENT if found.kind == "share" else "",
        "labels": [_day(when) for when in waves.when],
        "low": low,
        "high": high,
        "series": [
            {
                "name": line.label if found.kind == "share" else "",
                "points": [[value(part) for part in point] if point else [None] * 3 for point in line.points],
                "clear": line.clear,
            }
            for line in found.lines
        ],
    }


def _scale(found: Tracked) -> tuple[int | None, int | None]:
    return (found.item.scale[0], found.item.scale[-1]) if found.item.type == "rating" else (None, None)


def _day(when: Any) -> str:
    return formats.date_format(timezone.localtime(when), "Y-m-d") if when else ""


def percent(part: float) -> float:
    return round(100 * part, 1)


def number(value: float | None) -> float | None:
    """JSON has no nan."""
    return round(value, 2) if value is not None and math.isfinite(value) else None
