"""The results of a survey as one reader may see them: behind one gate, never a number of fewer than five people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kocforum.stats import nps, wilson
from kocforum.stats.disclosure import suppress
from kocforum.stats.estimates import Estimate
from kocforum.stats.ratings import Rating, describe_rating
from kocforum.stats.samples import simple_mean
from kocforum.uploads.models import Upload

from ..enums import QuestionType as T
from ..models import Survey
from ..rules.questionnaire import CHOICES, Choice, Item
from ..rules.surveys import FEWEST, can_see_results
from .answers import Answers
from .instruments import pictures_by_key
from .orders import Placed, placed
from .respondents import own_response
from .tallies import Tally, tally

IN_WORDS = frozenset({T.TEXT, T.LONG_TEXT})


@dataclass(frozen=True, kw_only=True)
class Share:
    """One option: how many chose it and the share of those who saw the question with its 95 % interval (Wilson).

    `suppressed`: so few that it is not told, or told by telling the others; then count is 0 and share None.
    """

    key: str
    label: str
    count: int = 0
    share: tuple[float, float, float] | None = None
    guess: float | None = None
    mine: bool = False
    picture: Upload | None = None
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Results:
    """What may be shown of one question. `suppressed`: too few answered for anything of it.

    `base` people saw it, `answered` answered. `rating` (of a matrix by row in `rows`), `number` (mean with interval), `nps`
    (score, margin) of `promoters` (9–10, 7–8, below: to compare waves, not to show), `order` (of options that were put in
    order), `words` (how many wrote), as the kind of question has them. `mine`: the reader's own answer.
    """

    item: Item
    base: int
    answered: int = 0
    cannot_judge: int | None = None
    missing: int | None = None
    options: list[Share] = field(default_factory=list)
    rating: Rating | None = None
    number: Estimate | None = None
    rows: list[tuple[Choice, Rating | None]] = field(default_factory=list)
    nps: tuple[float, float] | None = None
    promoters: tuple[int, int, int] | None = None
    order: list[Placed] = field(default_factory=list)
    words: int = 0
    mine: Any = None
    suppressed: bool = False

    @property
    def leader(self) -> Share | None:
        """The option ahead of all others by more than chance; None where a hidden one could be in the way."""
        shown = sorted((one for one in self.options if not one.suppressed), key=lambda one: -one.count)
        if self.item.type not in {T.SINGLE, T.IMAGE} or len(self.options) < 2 or not shown:
            return None
        # A hidden option holds no more people than the smallest that is shown, or it would not be hidden.
        second = shown[1].count if len(shown) > 1 else 0
        return shown[0] if ahead(shown[0].count, second) else None

    @property
    def mean(self) -> tuple[float, float, float] | None:
        """(mean, low, high) of ratings and numbers."""
        if self.number:
            return self.number.value, self.number.low, self.number.high
        return (self.rating.mean, *self.rating.mean_ci) if self.rating and self.item.type == T.RATING else None

    @property
    def on_a_scale(self) -> bool:
        """Whether its options are steps, to be drawn beside each other."""
        return self.item.type in {T.RATING, T.NPS}

    @property
    def guessed(self) -> bool:
        """Whether a guess was written down for it before anybody answered."""
        return any(one.guess is not None for one in self.options)

    @property
    def hides(self) -> bool:
        """Whether an option is not told."""
        return any(one.suppressed for one in self.options)

    @property
    def most(self) -> float:
        """The largest share that is shown, to draw the others against."""
        return max((one.share[0] for one in self.options if one.share), default=0.0)


def ahead(first: int, second: int) -> bool:
    """Whether the larger of two options of one question leads by more than chance.

    Each person chose one of them or something else, so the counts are compared among those who chose either: the
    sign test by its normal form with continuity correction, at 95 % (McNemar 1947, Psychometrika 12:153–157).
    """
    both = first + second
    return both > 0 and (abs(first - second) - 1) / math.sqrt(both) > 1.959963984540054


def results_of(survey: Survey, user: Any, answers: Answers | None = None) -> list[Results] | None:
    """The results of each question as this person may read them; None where the promise says no. `answers`: where a page
    tells more of them, so that they are read once."""
    if not can_see_results(user, survey):
        return None
    found = all_results(answers or Answers(survey))
    mine = own_response(survey, user)
    pictures = pictures_by_key(survey) if any(one.item.type == T.IMAGE for one in found) else {}
    return [_for_reader(one, mine.answers if mine else {}, pictures) for one in found]


def tells(results: Sequence[Results] | None) -> bool:
    """Whether anything of them may be told yet."""
    return results is not None and not all(found.suppressed for found in results)


def _for_reader(found: Results, mine: Mapping[str, Any], pictures: Mapping[tuple[str, str], Upload]) -> Results:
    own = mine.get(found.item.key)
    chosen = own if isinstance(own, list) else [own]
    options = [
        replace(one, mine=one.key in chosen, picture=pictures.get((found.item.key, one.key))) for one in found.options
    ]
    return replace(found, options=options, mine=own)


def all_results(answers: Answers) -> list[Results]:
    """The same for every reader whom the gate lets through."""
    return answers.kept("results", lambda: _all(answers))


def _all(answers: Answers) -> list[Results]:
    return [shown(item, tally(item, answers.said), answers.survey.guess.get(item.key, {})) for item in answers.items]


def shown(item: Item, counted: Tally, guess: Mapping[str, float] | None = None) -> Results:
    """What may be told of one question, whoever reads it."""
    base = Results(item=item, base=counted.base)
    if counted.answered < FEWEST:
        return replace(base, suppressed=True)
    found = replace(
        base,
        answered=counted.answered,
        cannot_judge=_told(counted.cannot_judge),
        missing=_told(counted.missing),
        order=placed(item, counted.values),
        words=len(counted.values) if item.type in IN_WORDS and len(counted.values) >= FEWEST else 0,
    )
    if item.type in CHOICES:
        options = shares(item, counted, guess or {})
        return replace(found, options=options, suppressed=all(one.suppressed for one in options))
    if item.type in {T.RATING, T.NPS}:
        found = replace(found, options=steps(item.scale, counted.counts, counted.answered))
        found = replace(found, rating=rated(item, counted.counts))
    if item.type == T.NUMBER:
        found = replace(
            found, number=simple_mean([n for n, people in counted.counts.items() for _each in range(people)])
        )
    if item.type == T.NPS:
        three = promoters(counted.counts)
        found = replace(found, nps=nps(*three), promoters=three)
    if item.type == T.MATRIX:
        found = replace(found, rows=[(one, _row(item, counted.rows[one.key])) for one in item.choices])
    return found


def shares(item: Item, counted: Tally, guess: Mapping[str, float]) -> list[Share]:
    """Options with their shares of those who saw the question (S15); small ones hidden, and what would tell them."""
    hidden = hidden_options(item, counted.counts)
    rows = []
    for one in item.choices:
        row = Share(key=one.key, label=one.label, guess=guess.get(one.key))
        if one.key in hidden:
            rows.append(replace(row, suppressed=True))
        else:
            told = share_of(one.key, one.label, counted.counts[one.key], counted.base)
            rows.append(replace(told, guess=row.guess))
    return rows


def share_of(key: str, label: str, count: int, base: int) -> Share:
    """One option that may be told."""
    return Share(key=key, label=label, count=count, share=(count / base, *wilson(count, base)))


def hidden_options(item: Item, counts: Mapping[Any, int]) -> set[Any]:
    """Which options of a question are not told. Several options per person add up to nothing, so each stands alone."""
    if item.type == T.MULTIPLE:
        return {key for key, count in counts.items() if 0 < count < FEWEST}
    return suppress(counts, FEWEST)


def steps(scale: Sequence[int], counts: Mapping[int, int], base: int) -> list[Share]:
    """The steps of a scale as shares of those who judged."""
    hidden = suppress(counts, FEWEST)
    return [
        Share(key=str(step), label=str(step), suppressed=True)
        if step in hidden
        else share_of(str(step), str(step), counts[step], base)
        for step in scale
    ]


def promoters(counts: Mapping[int, int]) -> tuple[int, int, int]:
    """(promoters 9–10, passives 7–8, detractors 0–6)."""
    above, below = sum(counts.get(n, 0) for n in (9, 10)), sum(counts.get(n, 0) for n in range(7))
    return above, sum(counts.get(n, 0) for n in (7, 8)), below


def rated(item: Item, counts: Mapping[int, int]) -> Rating:
    """Mean, median and top two; the histogram is told by the steps alone, with what is hidden hidden."""
    return replace(describe_rating(counts, item.scale[0], item.scale[-1]), histogram={})


def _row(item: Item, counts: Mapping[int, int]) -> Rating | None:
    return rated(item, counts) if sum(counts.values()) >= FEWEST else None


def _told(count: int) -> int | None:
    return None if 0 < count < FEWEST else count
