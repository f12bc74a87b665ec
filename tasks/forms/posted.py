"""What a page posted for one question, in the form that `rules.answers` takes: nothing is judged here.

Names are `q-<key>`, with `.words` behind it for own words, `.<row>` for a row of a matrix and the place of an option in an
order, `.best.<n>`, `.worst.<n>` and `.pair.<n>` for sets and pairs, `.kept` and `.drop` for photos.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from ..enums import QuestionType as T
from ..rules.questionnaire import CANNOT_JUDGE, WORDS, Item
from ..rules.showing import pairs_of, sets_of

PREFIX = "q-"


def name_of(item: Item) -> str:
    return PREFIX + item.key


def posted(item: Item, data: QueryDict, seed: int) -> Any:
    """The answer as it was given, "" or None where there is none."""
    if item.cannot_judge and CANNOT_JUDGE in data.getlist(name_of(item)):
        return CANNOT_JUDGE
    return _READERS.get(T(item.type), _single)(item, data, seed)


def posted_words(item: Item, data: QueryDict) -> str:
    return data.get(name_of(item) + WORDS, "") if item.wordy else ""


def _single(item: Item, data: QueryDict, seed: int) -> str:
    return data.get(name_of(item), "")


def _several(item: Item, data: QueryDict, seed: int) -> list[str]:
    return data.getlist(name_of(item))


def _rows(item: Item, data: QueryDict, seed: int) -> dict[str, str]:
    given = {one.key: data.get(f"{name_of(item)}.{one.key}", "") for one in item.choices}
    return {key: value for key, value in given.items() if value}


def _order(item: Item, data: QueryDict, seed: int) -> list[str]:
    """Options by the place that each was given. Two on one place are one place short, which is told when it is taken."""
    places = _rows(item, data, seed)
    by_place = {place: key for key, place in places.items()}
    return [by_place[place] for place in sorted(by_place, key=lambda place: (len(place), place))]


def _sets(item: Item, data: QueryDict, seed: int) -> list[dict[str, Any]]:
    given = []
    for place, one in enumerate(sets_of(item, seed)):
        best, worst = (data.get(f"{name_of(item)}.{what}.{place}") for what in ("best", "worst"))
        if best or worst:
            given.append({"shown": [choice.key for choice in one], "best": best, "worst": worst})
    return given


def _pairs(item: Item, data: QueryDict, seed: int) -> list[dict[str, Any]]:
    given = []
    for place, one in enumerate(pairs_of(item, seed)):
        chosen = data.get(f"{name_of(item)}.pair.{place}")
        if chosen:
            neither = chosen == CANNOT_JUDGE
            given.append({"shown": [choice.key for choice in one], "chosen": None if neither else chosen})
    return given


_READERS: dict[T, Callable[[Item, QueryDict, int], Any]] = {
    T.MULTIPLE: _several,
    T.MATRIX: _rows,
    T.RANKING: _order,
    T.MAXDIFF: _sets,
    T.PAIRWISE: _pairs,
}
