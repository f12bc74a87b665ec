"""The title of a report writes itself from the fields until its owner edits it."""

from __future__ import annotations

from ..enums import Outcome
from ..models import Report


def written_title(report: Report) -> str:
    """As 「小雨 · 夜间有灯 · 自动泊车 失败 3/3 · 4.2.1」: what went with it, what it was, how it ended, on which version. In Chinese, at most 120 characters."""
    seen = report.observation
    conditions = [
        row.value.name
        for row in seen.conditions.select_related("value__dimension").order_by(
            "value__dimension__position", "value__position"
        )[:3]
    ]
    what = report.function.name
    if report.failure_mode_id:
        what = f"{what}{report.failure_mode.name}"
    parts = [*conditions, f"{what} {_ending(seen)}".strip()]
    if seen.software_version:
        parts.append(seen.software_version)
    return " · ".join(parts)[:120]


def _ending(seen) -> str:
    if seen.attempts:
        if seen.failures == 0:
            return f"{seen.attempts} 次都成功"
        return f"{seen.attempts} 次失败 {seen.failures} 次"
    return {Outcome.FAILED: "失败", Outcome.WORKED: "表现不错", Outcome.MIXED: "时好时坏"}.get(seen.outcome, "")
