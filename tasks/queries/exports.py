"""What researchers take away: one row per response (wide), one per answer (long), and the codebook. Behind one gate.

Only what counts is exported. Names stand in an identified survey alone; a confidential one has a pseudonym of its own, which
is not the key in the database, and facts coarse enough that each combination belongs to five; an anonymous one has
neither, its rows are in a new order each time, and words stand apart from all other answers (research/tasks.md S13, S20).
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kocforum.stats.coarsening import coarsen

from ..enums import Privacy
from ..enums import QuestionType as T
from ..models import Response, Survey
from ..rules.questionnaire import CANNOT_JUDGE, WORDS, Item
from ..rules.sheets import Table
from ..rules.surveys import FEWEST
from .columns import COULD_NOT_JUDGE, IN_WORDS, NOT_ANSWERED, Column, columns_of, items_of

FACTS = {"model": "car", "version": "software", "koc_level": "koc_level", "city": "city", "mileage": "mileage_km"}
GIVEN_UP = ("city", "mileage", "version", "koc_level", "model")
LONG = ("respondent", "question", "type", "part", "value", "label", "wording")
READ = ("respondent", "member_id", "answers", "facts", "version", "late", "seconds", "submitted_at")


@dataclass(kw_only=True)
class Told:
    """One response as far as an export tells of it."""

    who: str
    name: str
    facts: dict[str, str]
    answers: dict[str, Any]
    version: int
    late: bool
    seconds: int | None
    day: str


class Export:
    """Everything of one survey that may leave the house, read once: two queries, and three for the questions."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.items = items_of(survey)
        self.told = _told(survey)
        columns = columns_of(self.items)
        self.texts = [one for one in columns if one.is_text]
        self.hidden = {one.name for one in self.texts if survey.privacy != Privacy.IDENTIFIED and self._few(one)}
        self.columns = [one for one in columns if not self._apart(one)]

    @property
    def size(self) -> int:
        return len(self.told)

    def wide(self) -> Table:
        """One row per response."""
        about = self._about()
        rows = [[*(read(one) for read in about.values()), *self._cells(one)] for one in self.told]
        return Table(title="answers", head=[*about, *(column.name for column in self.columns)], rows=rows)

    def words(self) -> Table:
        """Of an anonymous survey: what was written, each question in an order of its own, nothing beside it."""
        rows = []
        for column in self.texts:
            if column.name not in self.hidden:
                said = [column.value(one.answers) for one in self.told]
                said = [words for words in said if words not in ("", NOT_ANSWERED, COULD_NOT_JUDGE)]
                random.SystemRandom().shuffle(said)
                rows += [[column.name, words] for words in said]
        return Table(title="words", head=["question", "words"], rows=rows)

    def long(self) -> Table:
        """One row per answer, per option chosen or placed, per set and pair."""
        rows: list[list[Any]] = []
        for one in self.told:
            for item in self.items:
                if item.key in one.answers and not (self.survey.is_anonymous and item.type in IN_WORDS):
                    rows += [
                        [one.who, item.key, item.type, *part, one.version] for part in self._parts(item, one.answers)
                    ]
        if self.survey.is_anonymous:
            kinds = {column.name: column.item.type for column in self.texts}
            rows += [["", name, kinds[name], "", words, "", ""] for name, words in self.words().rows]
        return Table(title="long", head=list(LONG), rows=rows)

    def _parts(self, item: Item, answers: dict[str, Any]) -> Iterator[tuple[Any, Any, Any]]:
        """(option, row or number of the set; value; label) of one answer."""
        given = answers[item.key]
        if given is None or given == CANNOT_JUDGE:
            yield "", NOT_ANSWERED if given is None else COULD_NOT_JUDGE, ""
            return
        if item.type in {T.MAXDIFF, T.PAIRWISE} and isinstance(given, list):
            for place, one in enumerate(given, 1):
                yield from _of_a_choice(item, place, one)
        elif item.type == T.MULTIPLE and isinstance(given, list):
            for key in given:
                yield key, 1, _label(item, key)
        elif item.type in {T.RANKING, T.MATRIX}:
            for column in columns_of([item]):
                if column.part:
                    yield column.part, column.value(answers), _label(item, column.part)
        else:
            column = columns_of([item])[0]
            hidden = column.name in self.hidden
            yield "", NOT_ANSWERED if hidden else column.value(answers), _label(item, given)
        words = f"{item.key}__words"
        if answers.get(item.key + WORDS) and not self.survey.is_anonymous and words not in self.hidden:
            yield "words", answers[item.key + WORDS], ""

    def _about(self) -> dict[str, Any]:
        """Columns about the response itself, by name with how they are read."""
        facts = {name: lambda one, fact=fact: one.facts.get(fact, "") for fact, name in FACTS.items()}
        if self.survey.is_anonymous:
            return {**facts, "wording": lambda one: one.version}
        name = {"name": lambda one: one.name} if self.survey.privacy == Privacy.IDENTIFIED else {}
        return {
            "respondent": lambda one: one.who,
            **name,
            **facts,
            "wording": lambda one: one.version,
            "day": lambda one: one.day,
            "late": lambda one: int(one.late),
            "seconds": lambda one: "" if one.seconds is None else one.seconds,
        }

    def _cells(self, one: Told) -> list[Any]:
        return [column.value(one.answers) for column in self.columns]

    def _few(self, column: Column) -> bool:
        """Words of fewer than five people."""
        said = (column.value(one.answers) for one in self.told)
        return 0 < sum(words not in ("", NOT_ANSWERED, COULD_NOT_JUDGE) for words in said) < FEWEST

    def _apart(self, column: Column) -> bool:
        return column.name in self.hidden or (self.survey.is_anonymous and column.is_text)


def _of_a_choice(item: Item, place: int, one: Any) -> Iterator[tuple[Any, Any, Any]]:
    if not isinstance(one, dict):
        return
    if item.type == T.MAXDIFF:
        for name in ("best", "worst"):
            yield f"{place}.{name}", one.get(name), _label(item, one.get(name))
    else:
        yield place, one.get("chosen") or COULD_NOT_JUDGE, _label(item, one.get("chosen"))
    yield f"{place}.shown", "|".join(map(str, one.get("shown", []))), ""


def _label(item: Item, key: Any) -> str:
    choice = item.choice(key)
    return choice.label if choice else ""


def _told(survey: Survey) -> list[Told]:
    """The counted responses in an order that says nothing: by pseudonym, and by chance where there is none."""
    rows = list(
        Response.objects.filter(survey=survey).counted().values("member__display_name", "member__username", *READ)
    )
    facts = [{name: row["facts"].get(name, "") for name in FACTS if row["facts"].get(name)} for row in rows]
    if survey.privacy != Privacy.IDENTIFIED:
        facts = coarsen(facts, GIVEN_UP, FEWEST)
    told = [
        Told(
            who=_pseudonym(survey, row["respondent"]),
            name=row["member__display_name"] or row["member__username"] or "",
            facts=known,
            answers=row["answers"],
            version=row["version"],
            late=row["late"],
            seconds=row["seconds"],
            day=row["submitted_at"].date().isoformat() if row["submitted_at"] else "",
        )
        for row, known in zip(rows, facts, strict=True)
    ]
    if survey.is_anonymous:
        random.SystemRandom().shuffle(told)
        for place, one in enumerate(told, 1):
            one.who = str(place)
    return sorted(told, key=lambda one: one.who) if not survey.is_anonymous else told


def _pseudonym(survey: Survey, respondent: str) -> str:
    """The same in every export of this survey and in no other; the key in the database cannot be had from it."""
    return hmac.new(bytes.fromhex(survey.secret), f"export:{respondent}".encode(), hashlib.sha256).hexdigest()[:12]
