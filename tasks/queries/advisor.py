"""The advisor: six answers in, a form out, with every reason said (research: the form advisor).

Rules and a table, no model. Each rule adds to or takes from the points of a form; what it did is kept as a code, so that
the page can say why. Costs are the table's until this house has measured its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from statistics import NormalDist

from ..enums import Goal, Reason, TaskForm
from ..models import Advice

USUAL_RATE = 0.35
FEWEST_ANSWERS = 30
TIRED_SHARE = 0.4


@dataclass(frozen=True)
class Cost:
    """Minutes of each person and hours of staff in all: the usual middle of the table. `people`: the fewest and the most
    who carry it. `days`: what it usually takes until there is something to decide with; under `least` it is not done."""

    minutes: Decimal
    staff_hours: Decimal
    people: tuple[int, int]
    days: int
    least: int


COSTS = {
    TaskForm.SURVEY: Cost(Decimal("0.5"), Decimal("3"), (200, 5000), days=3, least=1),
    TaskForm.CALL: Cost(Decimal("90"), Decimal("18"), (8, 25), days=10, least=5),
    TaskForm.WORKSHOP: Cost(Decimal("180"), Decimal("45"), (5, 9), days=14, least=7),
    TaskForm.INITIATIVE: Cost(Decimal("2400"), Decimal("10"), (1, 1), days=30, least=10),
}
NEXT = {
    TaskForm.SURVEY: (TaskForm.CALL, TaskForm.WORKSHOP, TaskForm.SURVEY),
    TaskForm.CALL: (TaskForm.SURVEY, TaskForm.WORKSHOP),
    TaskForm.WORKSHOP: (TaskForm.SURVEY, TaskForm.CALL),
    TaskForm.INITIATIVE: (TaskForm.SURVEY, TaskForm.CALL),
}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The six answers, and the audience that is thought of. `days`: until the decision. `starter`: "brand" or "owner"."""

    goal: str
    options_known: bool
    reason: str
    days: int
    confidential: bool
    starter: str
    decision: str = ""


@dataclass(frozen=True, kw_only=True)
class People:
    """What is known of the audience: how many, the share that usually answers, how many have no minutes left, and whether
    a tenth of the members carried more than 60 % of what was asked lately."""

    frame: int
    rate: float = USUAL_RATE
    tired: int = 0
    same_few: bool = False


@dataclass(frozen=True)
class Proposal:
    """What the advisor says. `points` by form; `because`: (form, code of the sentence, points) of every rule that spoke about
    the two proposed forms and the goal's own."""

    form: TaskForm
    second: TaskForm
    points: dict[str, int]
    because: list[tuple[str, str, int]]
    warnings: list[str] = field(default_factory=list)
    frame: int = 0
    answers: int = 0
    rate: float = USUAL_RATE
    margin: float | None = None
    minutes: Decimal = Decimal(0)
    staff_hours: Decimal = Decimal(0)


S, C, W, I = TaskForm.SURVEY, TaskForm.CALL, TaskForm.WORKSHOP, TaskForm.INITIATIVE  # noqa: E741
_OF_GOAL = {Goal.DISTRIBUTION: S, Goal.DEPTH: C, Goal.IDEAS: W, Goal.EMPOWER: I}
# What each form is worth for a goal. Every form has a word under every goal, so that the second best is explained too,
# and is the next of kin (a room for depth, a conversation for ideas) and not whatever is cheapest.
_FIT: dict[Goal, tuple[tuple[TaskForm, str, int], ...]] = {
    Goal.DISTRIBUTION: (
        (S, "goal.distribution", 7),
        (C, "fit.finds", 1),
        (W, "fit.handful", -1),
        (I, "fit.no_project", -4),
    ),
    Goal.DEPTH: ((C, "goal.depth", 7), (W, "fit.deep_room", 3), (S, "fit.boxes", -1), (I, "fit.no_project", -4)),
    Goal.IDEAS: (
        (W, "goal.ideas", 7),
        (C, "fit.ideas_written", 3),
        (S, "fit.nothing_new", -1),
        (I, "fit.no_project", -4),
    ),
    Goal.EMPOWER: (
        (I, "goal.empower", 7),
        (W, "fit.planned_together", 3),
        (C, "fit.who_joins", 1),
        (S, "fit.carries_nobody", -3),
    ),
}
# More than all other rules together: what cannot be is no matter of weighing. Twice, where it would do harm: a secret that
# was published does not come back, a date can be moved.
OUT = -30


def _rules(said: Situation) -> Iterable[tuple[TaskForm, str, int]]:
    """(form, code of the sentence, points) of every rule that speaks."""
    yield from _FIT[Goal(said.goal)]
    yield from _of_options(said)
    form = {Reason.NUMBER: S, Reason.WHY: C, Reason.DESIGN: W}[Reason(said.reason)]
    yield form, f"reason.{said.reason}", 2
    # Days are until the decision that the answers inform. A KOC's project informs none and keeps its own date: a survey in
    # its place because the date is near would be nobody's help. There, nearness only warns.
    if said.goal != Goal.EMPOWER:
        yield from _of_days(said)
    if said.confidential:
        yield W, "confidential.room", 2
        yield S, "confidential.many", -1
        yield C, "confidential.public", 2 * OUT
        yield I, "confidential.public", 2 * OUT
    yield from _of_starter(said)


def _of_options(said: Situation) -> Iterable[tuple[TaskForm, str, int]]:
    if said.options_known:
        yield S, "options.known", 1
        # Research, de-escalation: "workshop that only rates: this was a survey".
        if said.goal == Goal.IDEAS and said.reason == Reason.NUMBER:
            yield S, "options.rated", 3
            yield W, "options.rated", -3
        return
    yield S, "options.unknown", -6
    if said.goal == Goal.DISTRIBUTION:
        # A count of the wrong options is a wrong number: first let owners name them, in public or, where that may not
        # be, in a closed room. The count is the next task.
        yield (W if said.confidential else C), "options.told", 5
    else:
        yield C, "options.told", 1
        yield W, "options.told", 1


def _of_days(said: Situation) -> Iterable[tuple[TaskForm, str, int]]:
    for form, cost in COSTS.items():
        if said.days < cost.least and form != S:
            yield form, "days.none", OUT
        elif said.days < cost.days:
            yield form, "days.tight", -1
    if said.days < COSTS[C].days:
        yield S, "days.short", 1


def _of_starter(said: Situation) -> Iterable[tuple[TaskForm, str, int]]:
    if said.starter == Advice.Starter.BRAND:
        yield I, "starter.brand", OUT
        if said.goal == Goal.EMPOWER:
            yield W, "starter.workshop", 4
    elif said.goal == Goal.EMPOWER:
        yield I, "starter.owner", 4
    else:
        yield C, "starter.leads", 1


def _points(because: Iterable[tuple[TaskForm, str, int]]) -> dict[TaskForm, int]:
    points = dict.fromkeys(TaskForm, 0)
    for form, _code, worth in because:
        points[form] += worth
    return points


def _ranked(said: Situation, points: dict[TaskForm, int]) -> list[TaskForm]:
    """Best first. Equal points: the goal's own form, then the cheaper one for those who are asked."""
    own = _OF_GOAL[Goal(said.goal)]
    return sorted(TaskForm, key=lambda form: (-points[form], form != own, COSTS[form].minutes))


def advise(said: Situation, people: People) -> Proposal:
    """The form with the most points and the second, with every reason, the price, the precision and what to beware of.

    `answers`: people × the share that usually answers, and no more
    than the form can carry (nobody promises 210 long answers). `margin`: half the width of the 95 % interval of a share
    of one half, in percentage points, with the correction for a finite audience; None where nothing is counted.
    """
    because = list(_rules(said))
    points = _points(because)
    order = _ranked(said, points)
    form, second = order[0], order[1]
    # The goal's own form too: whoever looks for it reads why it is not proposed.
    shown = {form, second, _OF_GOAL[Goal(said.goal)]}
    answers = round(people.frame * people.rate)
    if form != S:
        answers = min(answers, COSTS[form].people[1])
    return Proposal(
        form=form,
        second=second,
        points={str(one): points[one] for one in order},
        because=[(str(of), code, worth) for of, code, worth in because if of in shown],
        warnings=list(_beware(said, people, form, answers)),
        frame=people.frame,
        answers=answers,
        rate=people.rate,
        margin=margin_of(answers, people.frame) if form == S else None,
        minutes=COSTS[form].minutes,
        staff_hours=COSTS[form].staff_hours,
    )


def margin_of(answers: int, frame: int) -> float | None:
    """Half the width of the 95 % interval of a share of one half, in percentage points; None without answers.

    z · √(¼/n · (N−n)/(N−1)) with n answers of a frame of N (Cochran 1977, Sampling Techniques, §3.2). When everybody of the
    frame answered, nothing is left to chance. More answers than the frame has: it is not the frame of these answers (who
    came after the opening answered too), so nothing is corrected.
    """
    if answers < 1:
        return None
    spread = 0.25 / answers
    if answers <= frame:
        spread *= (frame - answers) / max(frame - 1, 1)
    return round(100 * NormalDist().inv_cdf(0.975) * math.sqrt(spread), 1)


def _beware(said: Situation, people: People, form: TaskForm, answers: int) -> Iterable[str]:
    if not said.decision.strip():
        yield "no_decision"
    if form == S:
        if not said.options_known:
            yield "options_unknown"
        if answers < FEWEST_ANSWERS:
            yield "segment_small"
        if said.confidential:
            yield "confidential_many"
    elif people.frame < COSTS[form].people[0]:
        yield "people_few"
    if people.frame and people.tired / people.frame > TIRED_SHARE:
        yield "people_tired"
    if people.same_few:
        yield "same_people"
    if said.goal == Goal.EMPOWER and said.starter == Advice.Starter.BRAND:
        yield "brand_idea"
    unhurried = replace(said, days=max(cost.days for cost in COSTS.values()))
    if said.days < COSTS[_ranked(unhurried, _points(_rules(unhurried)))[0]].least:
        yield "too_late"
    elif said.days < COSTS[form].days:
        yield "days_tight"
