"""A questionnaire as data: its questions, which of them a person sees, and what stands against publishing it.

Pure: no row is read or written here. The walk over the conditions is the same for the page, the API and the check
before opening, and the server always walks again (research/tasks.md S7, S8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ..enums import QuestionType as T

CANNOT_JUDGE = "cannot_judge"
WORDS = ".words"  # the own words beside a chosen option stand under the question's key with this behind it
KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,39}")
PIPE = re.compile(r"\{([A-Za-z0-9_-]{1,40})\}")
CHOICES = frozenset({T.SINGLE, T.MULTIPLE, T.IMAGE})
WITH_OPTIONS = CHOICES | {T.RANKING, T.MATRIX, T.MAXDIFF, T.PAIRWISE}
ON_A_SCALE = frozenset({T.RATING, T.MATRIX})
AS_A_CONDITION = CHOICES | {T.RATING, T.NPS, T.NUMBER}
NPS_SCALE, USUAL_SCALE = (0, 10), (1, 5)
COMPARISONS = ("is", "in", "not", "at_least", "at_most")
FEWEST_OPTIONS = {T.MAXDIFF: 4, T.MATRIX: 1}
MOST_OPTIONS, MOST_QUESTIONS, MOST_PAGES = 40, 80, 40


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option. `words`: whoever chooses it may add own words. `picture`: an upload's number. `limit`: its quota."""

    key: str
    label: str
    exclusive: bool = False
    words: bool = False
    retired: bool = False
    picture: int | None = None
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question. `low`, `high`: the ends of a scale or of a number. `show_if`: `{key, is|in|not|at_least|at_most}`."""

    key: str
    type: str
    text: str
    help: str = ""
    page: int = 1
    required: bool = False
    choices: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None
    low_label: str = ""
    high_label: str = ""
    show_if: Mapping[str, Any] | None = None
    shuffled: bool = False
    most: int | None = None
    cannot_judge: bool = False

    @property
    def scale(self) -> range:
        """Every step of a rating, a matrix or a recommendation."""
        low, high = NPS_SCALE if self.type == T.NPS else USUAL_SCALE
        if self.type != T.NPS:
            low, high = low if self.low is None else self.low, high if self.high is None else self.high
        return range(low, high + 1)

    def choice(self, key: object) -> Choice | None:
        return next((one for one in self.choices if one.key == key), None)

    @property
    def wordy(self) -> Choice | None:
        """The option that asks for own words; one of a question at most."""
        return next((one for one in self.choices if one.words), None)


@dataclass(frozen=True)
class Quota:
    """Whom a quota counts: who chose this option, or has this model, version and level. What is empty is everybody."""

    pk: int
    question: str = ""
    option: str = ""
    model: str = ""
    version: str = ""
    koc_level: str = ""

    def counts(self, answers: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
        """Whether a response with these answers, from a car with these facts, stands in it."""
        for name in ("model", "version", "koc_level"):
            if getattr(self, name) and facts.get(name, "") != getattr(self, name):
                return False
        if not self.option:
            return True
        value = answers.get(self.question)
        return self.option in (value if isinstance(value, list) else [value])


@dataclass(frozen=True)
class Questionnaire:
    """Questions in their order, and the quotas over them in the order of their numbers."""

    items: tuple[Item, ...] = field(default_factory=tuple)
    quotas: tuple[Quota, ...] = ()

    def __getitem__(self, key: str) -> Item:
        return self.by_key[key]

    @property
    def by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self.items}

    @property
    def pages(self) -> list[int]:
        return sorted({item.page for item in self.items})

    def walk(self, answers: Mapping[str, Any]) -> Iterator[Item]:
        """The questions that somebody with these answers sees, in order.

        `answers` may grow while this walks: each condition looks at what stands before it. An answer to a question
        that was not seen itself counts for nothing, and a condition on what has no answer is not met.
        """
        seen: set[str] = set()
        for item in self.items:
            if item.show_if is None or (item.show_if["key"] in seen and is_met(item.show_if, answers)):
                seen.add(item.key)
                yield item

    def cells_of(self, answers: Mapping[str, Any], facts: Mapping[str, str]) -> list[int]:
        """The numbers of the quota cells in which this response stands, in the order in which everybody takes them."""
        return [cell.pk for cell in self.quotas if cell.counts(answers, facts)]

    def said(self, item: Item, answers: Mapping[str, Any]) -> str:
        """The question's words with earlier answers in their places."""
        return PIPE.sub(lambda found: self._piped(found[1], answers) or found[0], item.text)

    def _piped(self, key: str, answers: Mapping[str, Any]) -> str:
        item, value = self.by_key.get(key), answers.get(key)
        if item is None:
            return ""
        if value in (None, CANNOT_JUDGE, []):
            return "…"
        if item.type in CHOICES:
            chosen = value if isinstance(value, list) else [value]
            labels = [choice.label for one in chosen if (choice := item.choice(one))]
            return answers.get(item.key + WORDS) or _(", ").join(labels)
        return str(value)


def is_met(condition: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds; not on what has no answer, and not where somebody cannot judge."""
    value = answers.get(condition["key"])
    if value is None or value in ([], CANNOT_JUDGE):
        return False
    given = set(value) if isinstance(value, list) else {value}
    if "at_least" in condition:
        return value >= condition["at_least"]
    if "at_most" in condition:
        return value <= condition["at_most"]
    if "not" in condition:
        return not given & wanted(condition["not"])
    return bool(given & wanted(condition["is"] if "is" in condition else condition["in"]))


def wanted(value: Any) -> set[Any]:
    """What a condition names, one or several, as a set."""
    return set(value) if isinstance(value, (list, tuple)) else {value}


def problems_of(questions: Sequence[Item]) -> dict[str, list[str]]:
    """Sentences by key of the question that stand against it; none when it can be asked as it is.

    The graph: a condition or a piped answer looks back only, at a question that is there and can be looked at, for
    answers that can be given, so that every question is reached by somebody.
    """
    found: dict[str, list[str]] = {}
    before: dict[str, Item] = {}
    page = 1
    for item in questions:
        against = [*_of_itself(item), *_of_its_condition(item, before), *_of_its_pipes(item, before)]
        if item.key in before:
            against.append(_("The key “%(key)s” stands twice.") % {"key": item.key})
        if item.page < page:
            against.append(_("Its page comes before the page of the question above it."))
        if against:
            found[item.key] = against
        before[item.key] = item
        page = max(page, item.page)
    return found


def _of_itself(item: Item) -> Iterator[str]:
    if not KEY.fullmatch(item.key):
        yield _("A key has up to 40 letters, digits, - and _.")
    if item.type not in T.values:
        yield _("There is no such kind of question: %(type)s.") % {"type": item.type}
        return
    if not item.text.strip():
        yield _("The question has no words yet.")
    if item.type in WITH_OPTIONS:
        yield from _of_its_options(item)
    if item.type in ON_A_SCALE and not 2 <= len(item.scale) <= 11:
        yield _("A scale has 2 to 11 steps.")
    if item.type == T.NUMBER and None not in (item.low, item.high) and item.low >= item.high:
        yield _("The largest number is not above the smallest.")
    if item.most is not None and not 1 <= item.most <= max(1, len(item.choices)):
        yield _("“At most” lies between 1 and the number of options.")


def _of_its_options(item: Item) -> Iterator[str]:
    kept = [one for one in item.choices if not one.retired]
    keys, labels = [one.key for one in item.choices], [one.label for one in item.choices]
    fewest = FEWEST_OPTIONS.get(T(item.type), 2)
    if not fewest <= len(kept) <= MOST_OPTIONS:
        yield _("It needs %(fewest)s to %(most)s options.") % {"fewest": fewest, "most": MOST_OPTIONS}
    if "" in labels:
        yield _("Every option needs a few words.")
    if len(set(keys)) < len(keys) or len(set(labels)) < len(labels):
        yield _("Two options are the same.")
    if any(not KEY.fullmatch(key) or key == CANNOT_JUDGE for key in keys):
        yield _("The key of an option has up to 40 letters, digits, - and _.")
    if sum(one.words for one in item.choices) > 1:
        yield _("One option of a question may ask for own words.")
    if item.type == T.IMAGE and 0 < sum(one.picture is None for one in kept) < len(kept):
        yield _("Either every option has a picture or none has.")
    if any(one.limit is not None and one.limit < 1 for one in item.choices):
        yield _("A quota lets in one person at least.")


def _of_its_condition(item: Item, before: Mapping[str, Item]) -> Iterator[str]:
    condition = item.show_if
    if condition is None:
        return
    named = [name for name in COMPARISONS if name in condition]
    other = before.get(condition.get("key", ""))
    if other is None:
        yield _("Its condition looks at a question that does not stand before it.")
    elif len(named) != 1:
        yield _("A condition compares in one way: is, in, not, at_least or at_most.")
    elif other.type not in AS_A_CONDITION:
        yield _("Nothing can be made to depend on “%(question)s”.") % {"question": other.text}
    elif not _can_be_met(named[0], condition[named[0]], other):
        yield _("Its condition is never met: nobody would see it.")


def _can_be_met(name: str, value: Any, other: Item) -> bool:
    """Whether some answer to the other question meets it; every value named must be one that can be given."""
    if name in {"at_least", "at_most"} and (isinstance(value, bool) or not isinstance(value, (int, float))):
        return False
    if other.type == T.NUMBER:
        return all(isinstance(one, (int, float)) for one in wanted(value))
    possible: set[Any] = {one.key for one in other.choices} if other.type in CHOICES else set(other.scale)
    if name in {"at_least", "at_most"}:
        if other.type in CHOICES:
            return False
        return any(one >= value if name == "at_least" else one <= value for one in possible)
    named = wanted(value)
    if not named or not named <= possible:
        return False
    return name != "not" or other.type == T.MULTIPLE or named != possible


def _of_its_pipes(item: Item, before: Mapping[str, Item]) -> Iterator[str]:
    for key in PIPE.findall(item.text):
        if key not in before:
            yield _("“{%(key)s}” names a question that does not stand before it.") % {"key": key}
        elif before[key].page == item.page:
            yield _("“{%(key)s}” is answered on the same page. Put this question on a later one.") % {"key": key}
