"""The results of a survey as its page shows them: question by question, with the pictures and tables that each has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Forbidden

from ..enums import QuestionType as T
from ..models import Task
from . import charts
from .advisor import margin_of
from .answers import Answers
from .crosstables import Crossed, crossed_by
from .groups import BY
from .hurried import Hurried, hurried
from .missing import Absence, missing_from
from .results import Results, results_of, tells
from .surveys import invited, respondents
from .themes import Spoken, spoken_in
from .waves import Tracked, Waves, earlier_waves, waves_of
from .weights import Weighed, Weighting, weighting_of

HISTOGRAMS = frozenset({T.RATING, T.NPS})


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One question. `number`: its place from 1. `chart`, `crossed_chart`, `waves_chart`: what pictures are drawn from."""

    number: int
    found: Results
    crossed: Crossed | None = None
    weighed: Weighed | None = None
    tracked: Tracked | None = None
    spoken: Spoken | None = None
    chart: charts.Chart | None = None
    crossed_chart: charts.Chart | None = None
    waves_chart: charts.Chart | None = None

    @property
    def key(self) -> str:
        return self.found.item.key

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Options with their weighted share beside the plain one."""
        weighted = self.weighed.shares if self.weighed else {}
        return [{"share": one, "weighted": weighted.get(one.key)} for one in self.found.options]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that the page shows. `told`: there is something to tell at all. `margin`: of a share at worst, in points."""

    panels: list[Panel]
    invited: int
    respondents: int
    told: bool
    margin: float | None
    absences: list[Absence]
    hurried: Hurried | None
    weighting: Weighting | None = None
    waves: Waves | None = None

    @property
    def compares(self) -> bool:
        """Whether any question tells of at least one group."""
        return any(panel.crossed and panel.crossed.told for panel in self.panels)


def stamp_of_page(task: Task, answers: Answers) -> str:
    """Changes with everything that the page is made of: answers, those of earlier waves, who was asked and who took part."""
    waves = [Answers(one.survey).stamp for one in earlier_waves(task) if hasattr(one, "survey")]
    return ":".join([answers.stamp, *waves, str(invited(task)), str(respondents(task))])


def page_for(task: Task, user: Any, answers: Answers, *, by: str = "", weighted: bool = False) -> Page:
    """`by`: a criterion of `BY` or "". Raises Forbidden where the promise says no."""
    found = results_of(task.survey, user, answers)
    if found is None:
        raise Forbidden(_("These results are not for you, or not yet."))
    told = tells(found)
    crossed = crossed_by(answers, by, user) if by in BY and told else {}
    weighting = weighting_of(answers, user) if weighted and told else None
    waves = waves_of(task, user, answers) if told else None
    spoken = spoken_in(answers, user) if told else {}
    panels = [
        _panel(number, one, crossed, weighting.questions if weighting else {}, waves, spoken)
        for number, one in enumerate(found, 1)
    ]
    asked, took = invited(task), respondents(task)
    return Page(
        panels=panels,
        invited=asked,
        respondents=took,
        told=told,
        margin=margin_of(took, task.audience.size) if told else None,
        absences=missing_from(task, asked, took),
        hurried=hurried(answers, user) if told else None,
        weighting=weighting,
        waves=waves,
    )


def _panel(
    number: int,
    found: Results,
    crossed: dict[str, Crossed],
    weighed: dict[str, Weighed],
    waves: Waves | None,
    spoken: dict[str, Spoken],
) -> Panel:
    key = found.item.key
    tracked = waves.questions.get(key) if waves else None
    by_group = crossed.get(key)
    return Panel(
        number=number,
        found=found,
        crossed=by_group,
        weighed=weighed.get(key),
        tracked=tracked,
        spoken=spoken.get(key),
        chart=_chart(found),
        crossed_chart=charts.by_group(by_group, found.item.text) if by_group and len(by_group.told) > 1 else None,
        waves_chart=charts.through_waves(tracked, waves) if tracked and waves else None,
    )


def _chart(found: Results) -> charts.Chart | None:
    """Bars of options are drawn by the page itself."""
    if found.suppressed:
        return None
    if found.item.type in HISTOGRAMS:
        return charts.histogram(found)
    return charts.placings(found) if found.order else None
