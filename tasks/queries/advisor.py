"""The advisor: six answers in, a form out, with every reason said (research: the form advisor).

Rules and a table, no model. Each rule adds to or takes from the points of a form; what it did is kept as a code, so that
the page can say why. Costs are the table's until this house has measured its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import NormalDist
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..enums import Goal, Reason, TaskForm
from ..models import Advice

USUAL_RATE = 0.35
FEWEST_ANSWERS = 30
TIRED_SHARE = 0.4


@dataclass(frozen=True)
class Cost:
    """Minutes of each person and hours of staff in all: the usual middle of the table."""

    minutes: Decimal
    staff_hours: Decimal
    people: tuple[int, int]
    days: int


COSTS = {
    TaskForm.SURVEY: Cost(Decimal("0.5"), Decimal("3"), (200, 5000), 5),
    TaskForm.CALL: Cost(Decimal("90"), Decimal("18"), (8, 25), 10),
    TaskForm.WORKSHOP: Cost(Decimal("180"), Decimal("45"), (5, 9), 14),
    TaskForm.INITIATIVE: Cost(Decimal("2400"), Decimal("10"), (1, 1), 30),
}
NEXT = {
    TaskForm.SURVEY: (TaskForm.CALL, TaskForm.WORKSHOP, TaskForm.SURVEY),
    TaskForm.CALL: (TaskForm.SURVEY, TaskForm.WORKSHOP),
    TaskForm.WORKSHOP: (TaskForm.SURVEY, TaskForm.CALL),
    TaskForm.INITIATIVE: (TaskForm.SURVEY, TaskForm.CALL),
}

SENTENCES = {
    "goal.distribution": _("You want to know how many or which: that is counted."),
    "goal.depth": _("You want to know why and how: that needs time to think and to write."),
    "goal.ideas": _("You want to invent something: that needs one room without delay."),
    "goal.empower": _("You want a passion to work: then the KOC leads and the brand stands behind."),
    "options.known": _("The options are known, so they can be offered."),
    "options.unknown": _("The options are not known yet; whoever is offered the wrong ones answers something else."),
    "reason.number": _("The answer is a number."),
    "reason.why": _("The answer is a reason, and reasons do not fit into boxes."),
    "reason.design": _("The answer is a design, which is made together."),
    "days.short": _("The decision is near; a conversation needs ten days, a room two weeks."),
    "days.tight": _("There is not enough time for it before the decision."),
    "confidential.room": _("It is confidential: a closed room can keep that."),
    "confidential.public": _("It is confidential, and this form lives in public."),
    "starter.owner": _("The idea is a KOC's, and stays theirs."),
    "starter.brand": _("The idea is the brand's, so it is no initiative of a KOC."),
}
WARNINGS = {
    "no_decision": _("No decision is named. A task cannot be opened without one."),
    "options_unknown": _("The options are not known: let owners tell first, then count."),
    "segment_small": _("Too few answers are to be expected to tell shares apart."),
    "people_tired": _("Many of these people have given the minutes that they have for this month."),
    "same_people": _("A few people carry most of what was asked lately. Draw a sample."),
    "brand_idea": _("The idea came from the brand: this is a workshop or a paid job, not an initiative."),
    "too_late": _("Even the quickest form needs more days than there are."),
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
    """What the advisor says. `points` by form; `because`: pairs of form and code, with the sign of the rule."""

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


def _rules(said: Situation) -> Iterable[tuple[TaskForm, str, int]]:
    """(form, code of the sentence, points) of every rule that speaks."""
    yield _OF_GOAL[Goal(said.goal)], f"goal.{said.goal}", 5
    if said.options_known:
        yield S, "options.known", 1
    else:
        yield S, "options.unknown", -4
        yield C, "options.unknown", 2
    form = {Reason.NUMBER: S, Reason.WHY: C, Reason.DESIGN: W}[Reason(said.reason)]
    yield form, f"reason.{said.reason}", 2
    for form, cost in COSTS.items():
        if form != S and said.days < cost.days:
            yield form, "days.tight", -3 if said.days >= cost.days / 2 else -5
    if said.days < COSTS[C].days:
        yield S, "days.short", 1
    if said.confidential:
        yield W, "confidential.room", 2
        yield C, "confidential.public", -3
        yield I, "confidential.public", -3
    if said.starter == Advice.Starter.OWNER:
        yield I, "starter.owner", 4
    else:
        yield I, "starter.brand", -8


def advise(said: Situation, people: People) -> Proposal:
    """The form with the most points and the second, with every reason, the price, the precision and what to beware of.

    Equal points: the cheaper form for those who are asked. `margin`: half the width of the 95 % interval of a share of
    one half, in percentage points, with the correction for a finite audience (Cochran 1977, Sampling Techniques, §3.2);
    None where nothing is counted.
    """
    because = list(_rules(said))
    points = {form: sum(worth for of, _code, worth in because if of == form) for form in TaskForm}
    order = sorted(TaskForm, key=lambda form: (-points[form], COSTS[form].minutes))
    form, second = order[0], order[1]
    answers = round(people.frame * people.rate)
    return Proposal(
        form=form,
        second=second,
        points={str(one): points[one] for one in order},
        because=[(str(of), code, worth) for of, code, worth in because if of in {form, second}],
        warnings=list(_beware(said, people, form, answers)),
        frame=people.frame,
        answers=answers,
        rate=people.rate,
        margin=margin_of(answers, people.frame) if form == S else None,
        minutes=COSTS[form].minutes,
        staff_hours=COSTS[form].staff_hours,
    )


def margin_of(answers: int, frame: int) -> float | None:
    """Half the width of the 95 % interval of a share of one half, in percentage points; None without answers."""
    if answers < 1:
        return None
    spread = 0.25 / answers
    if frame > 1 and answers <= frame:
        spread *= (frame - answers) / (frame - 1)
    return round(100 * NormalDist().inv_cdf(0.975) * math.sqrt(spread), 1)


def _beware(said: Situation, people: People, form: TaskForm, answers: int) -> Iterable[str]:
    if not said.decision.strip():
        yield "no_decision"
    if form == S and not said.options_known:
        yield "options_unknown"
    if form == S and answers < FEWEST_ANSWERS:
        yield "segment_small"
    if people.frame and people.tired / people.frame > TIRED_SHARE:
        yield "people_tired"
    if people.same_few:
        yield "same_people"
    if said.goal == Goal.EMPOWER and said.starter == Advice.Starter.BRAND:
        yield "brand_idea"
    if said.days < min(cost.days for cost in COSTS.values()):
        yield "too_late"


def sentences(because: Iterable[Iterable[Any]], form: str) -> list[tuple[str, bool]]:
    """What spoke for and against a form, in the reader's language: pairs of sentence and "for"."""
    return [(str(SENTENCES[code]), worth > 0) for of, code, worth in because if of == form and code in SENTENCES]
