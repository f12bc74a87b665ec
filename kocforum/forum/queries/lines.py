"""Lines of a list of threads: each with its river, its counts and one sentence, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from ..enums import OfficialStatus, RiverStage, ThreadKind
from ..models import Corroboration, Thread
from .river import StageView, river_of_reports


@dataclass(frozen=True)
class ThreadLine:
    """A thread as a list shows it. `stages` is empty for a talk; `corroborations` counts standing answers."""

    thread: Thread
    stages: list[StageView]
    corroborations: int
    sentence: str


def lines_of(threads: Iterable[Thread]) -> list[ThreadLine]:
    """Five queries at most, whatever the number of threads. Needs `threads.with_list_parts`."""
    threads = list(threads)
    reports = [thread.report for thread in threads if thread.kind == ThreadKind.REPORT]
    if not reports:
        return [ThreadLine(thread, [], 0, "") for thread in threads]
    for thread in threads:
        if thread.kind == ThreadKind.REPORT:
            thread.report.thread = thread
    rivers = river_of_reports(reports)
    counts = dict(
        Corroboration.objects.standing()
        .filter(report__in=reports)
        .values_list("report")
        .annotate(n=Count("pk"))
        .order_by()
    )
    lines = []
    for thread in threads:
        if thread.kind != ThreadKind.REPORT:
            lines.append(ThreadLine(thread, [], 0, ""))
            continue
        stages, count = rivers[thread.report.pk], counts.get(thread.report.pk, 0)
        lines.append(ThreadLine(thread, stages, count, _sentence(thread, stages, count)))
    return lines


def _sentence(thread: Thread, stages: list[StageView], corroborations: int) -> str:
    """What stands at the last stage reached, or what is missing for the next."""
    reached = [stage for stage in stages if stage.state != "todo"]
    last = reached[-1] if reached else None
    if thread.official_status and last and last.number >= RiverStage.ACCEPTED:
        return last.note or str(OfficialStatus(thread.official_status).label)
    if corroborations == 0:
        model = thread.report.observation.model_name
        return _("Just recorded. Do you drive a %(model)s too?") % {"model": model} if model else _("Just recorded.")
    if last and last.number >= RiverStage.GATHERED:
        return _("Gathered in a topic, %(n)s corroborations") % {"n": corroborations}
    return _("Waiting for owners of the same model, %(n)s so far") % {"n": corroborations}
