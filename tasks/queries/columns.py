"""The columns of an export: fixed by the wordings before any row is read, so that no row can shift one (S9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..enums import QuestionType as T
from ..models import Survey
from ..rules.notation import Unreadable, from_data
from ..rules.questionnaire import CANNOT_JUDGE, WORDS, Item
from .instruments import questionnaire_of

NOT_ANSWERED, COULD_NOT_JUDGE, NOT_SHOWN = "NA", "DK", ""
ONE_EACH = frozenset({T.SINGLE, T.IMAGE, T.RATING, T.NPS, T.NUMBER})
IN_WORDS = frozenset({T.TEXT, T.LONG_TEXT})
IN_ROWS_ONLY = frozenset({T.MAXDIFF, T.PAIRWISE})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the wide form. `part`: the option or the row of a matrix that it is about; `words`: own words."""

    name: str
    item: Item
    part: str = ""
    words: bool = False

    @property
    def is_text(self) -> bool:
        return self.words or self.item.type in IN_WORDS

    def value(self, answers: Mapping[str, Any]) -> Any:
        """What stands in this column for one response: a number, a key, words, or why there is nothing."""
        if self.item.key not in answers:
            return NOT_SHOWN
        given = answers[self.item.key]
        if self.words:
            return answers.get(self.item.key + WORDS) or NOT_SHOWN
        if given is None:
            return NOT_ANSWERED
        if given == CANNOT_JUDGE:
            return COULD_NOT_JUDGE
        return self._read(given)

    def _read(self, given: Any) -> Any:
        """An answer that has not the form of its question is shown as nothing, never as something else."""
        if self.item.type == T.MULTIPLE:
            return int(self.part in given) if isinstance(given, list) else NOT_ANSWERED
        if self.item.type == T.RANKING:
            return given.index(self.part) + 1 if isinstance(given, list) and self.part in given else NOT_ANSWERED
        if self.item.type == T.MATRIX:
            step = given.get(self.part) if isinstance(given, Mapping) else None
            return COULD_NOT_JUDGE if step == CANNOT_JUDGE else NOT_ANSWERED if step is None else step
        if self.item.type == T.PHOTO:
            return len(given) if isinstance(given, list) else NOT_ANSWERED
        return given if isinstance(given, (str, int, float)) else NOT_ANSWERED


def items_of(survey: Survey) -> list[Item]:
    """Every question that was ever asked in it, with every option that was ever offered: as it is now, then what is gone."""
    items = {item.key: item for item in questionnaire_of(survey).items}
    for wording in survey.wordings.all():
        try:
            before = from_data(wording.questions)
        except Unreadable:
            continue
        for item in before:
            now = items.setdefault(item.key, item)
            there = {one.key for one in now.choices}
            gone = tuple(replace(one, retired=True) for one in item.choices if one.key not in there)
            if gone:
                items[item.key] = replace(now, choices=now.choices + gone)
    return list(items.values())


def columns_of(items: list[Item]) -> list[Column]:
    """The columns of the wide form, in the order of the questions."""
    return [column for item in items for column in _of_item(item)]


def _of_item(item: Item) -> Iterator[Column]:
    if item.type in IN_ROWS_ONLY:
        return
    if item.type in {T.MULTIPLE, T.RANKING, T.MATRIX}:
        for one in item.choices:
            yield Column(name=f"{item.key}__{one.key}", item=item, part=one.key)
    else:
        yield Column(name=item.key, item=item)
    if item.wordy:
        yield Column(name=f"{item.key}__words", item=item, words=True)
