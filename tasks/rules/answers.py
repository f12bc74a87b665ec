"""What an answer may be, by kind of question: the one place that takes it, for page, API and drafts.

An answer is kept in one form: a choice as the option's key, several as a list of keys in the order of the options, a
scale or a number as a number, words as words, an order as a list of all keys, a matrix as a number by row; sets of
best and worst as `{shown, best, worst}`, pairs as `{shown, chosen}`. "cannot_judge" stands for itself and is neither an
answer nor missing. What was seen and not answered is null; what was not seen is not there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kocforum.text import clean_line, clean_text

from ..enums import QuestionType as T
from .questionnaire import CANNOT_JUDGE, WORDS, Item, Questionnaire

LONGEST = {T.TEXT: 200, T.LONG_TEXT: 4000}
MOST_WORDS = 120
MOST_PHOTOS = 3
MOST_SETS, MOST_PAIRS = 40, 60


class Wrong(Exception):
    """This is no answer to the question; the message says why, to the person who answers."""


def take_all(
    questionnaire: Questionnaire, said: Mapping[str, Any], *, in_part: bool = False
) -> tuple[dict[str, Any], dict[str, str]]:
    """(answers as they are kept, sentences by question that stand against them).

    Hidden questions are dropped, whatever was sent for them. `in_part`: a draft, where nothing must be there yet and
    what is not an answer is left out. Keys that no question has are refused.
    """
    kept: dict[str, Any] = {}
    problems: dict[str, str] = {}
    known = {item.key for item in questionnaire.items}
    for key in said:
        if key.removesuffix(WORDS) not in known:
            problems[key] = _("There is no question “%(key)s”.") % {"key": key}
    for item in questionnaire.walk(kept):
        try:
            value, words = take(item, said.get(item.key), said.get(item.key + WORDS))
        except Wrong as wrong:
            value, words = None, ""
            problems[item.key] = str(wrong)
        if value is None and item.required and not in_part:
            problems.setdefault(item.key, _("This one is needed."))
        if value is not None or not in_part:
            kept[item.key] = value
        if words:
            kept[item.key + WORDS] = words
    return kept, problems


def take(item: Item, value: Any, words: Any = None) -> tuple[Any, str]:
    """(the answer as it is kept or None, own words beside it). Raises Wrong for what is none."""
    if value in (None, "", [], {}):
        return None, ""
    if value == CANNOT_JUDGE:
        if not item.cannot_judge:
            raise Wrong(_("This answer is not offered here."))
        return CANNOT_JUDGE, ""
    value, words = _with_words(value, words)
    kept = _TAKERS[T(item.type)](item, value)
    wordy = item.wordy
    chosen = kept if isinstance(kept, list) else [kept]
    own = clean_line(words)[:MOST_WORDS] if wordy and wordy.key in chosen and isinstance(words, str) else ""
    return kept, own


def _with_words(value: Any, words: Any) -> tuple[Any, Any]:
    """Options with own words come as `{key, words}` from some callers."""
    if isinstance(value, Mapping) and "key" in value:
        return value["key"], value.get("words", words)
    if isinstance(value, list) and any(isinstance(one, Mapping) and "key" in one for one in value):
        words = next((one["words"] for one in value if isinstance(one, Mapping) and one.get("words")), words)
        return [one["key"] if isinstance(one, Mapping) and "key" in one else one for one in value], words
    return value, words


def _one(item: Item, value: Any) -> str:
    choice = item.choice(value)
    if choice is None or choice.retired:
        raise Wrong(_("There is no such option here."))
    return choice.key


def _several(item: Item, value: Any) -> list[str]:
    if not isinstance(value, list):
        value = [value]
    chosen = {_one(item, one) for one in value}
    kept = [one for one in item.choices if one.key in chosen]
    if len(kept) > 1 and (alone := next((one for one in kept if one.exclusive), None)):
        raise Wrong(_("“%(option)s” cannot go together with others.") % {"option": alone.label})
    if item.most is not None and len(kept) > item.most:
        raise Wrong(_("Choose %(most)s at most.") % {"most": item.most})
    return [one.key for one in kept]


def _step(item: Item, value: Any) -> int:
    number = _figure(value)
    if number not in item.scale:
        raise Wrong(_("A step from %(low)s to %(high)s.") % {"low": item.scale[0], "high": item.scale[-1]})
    return int(number)


def _number(item: Item, value: Any) -> int | float:
    number = _figure(value)
    if item.low is not None and number < item.low:
        raise Wrong(_("At least %(low)s.") % {"low": item.low})
    if item.high is not None and number > item.high:
        raise Wrong(_("At most %(high)s.") % {"high": item.high})
    return int(number) if float(number).is_integer() else number


def _figure(value: Any) -> int | float:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise Wrong(_("A number, please.")) from None
    if not math.isfinite(number) or abs(number) > 1e12:
        raise Wrong(_("A number, please."))
    return number


def _words(item: Item, value: Any) -> str | None:
    if not isinstance(value, str):
        raise Wrong(_("Words, please."))
    longest = LONGEST[T(item.type)]
    words = clean_line(value) if item.type == T.TEXT else clean_text(value).strip()
    if len(words) > longest:
        raise Wrong(_("At most %(most)s characters.") % {"most": longest})
    return words or None


def _order(item: Item, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Wrong(_("Put all of them in order."))
    order = [_one(item, one) for one in value]
    if sorted(order) != sorted(one.key for one in item.choices if not one.retired):
        raise Wrong(_("Put all of them in order, each once."))
    return order


def _rows(item: Item, value: Any) -> dict[str, int | str]:
    if not isinstance(value, Mapping):
        raise Wrong(_("An answer for each row."))
    kept: dict[str, int | str] = {}
    for choice in item.choices:
        given = value.get(choice.key)
        if given in (None, ""):
            continue
        kept[choice.key] = CANNOT_JUDGE if given == CANNOT_JUDGE and item.cannot_judge else _step(item, given)
    if strange := set(value) - {choice.key for choice in item.choices}:
        raise Wrong(_("There is no row “%(row)s” here.") % {"row": min(map(str, strange))})
    rows = sum(not choice.retired for choice in item.choices)
    if item.required and len(kept) < rows:
        raise Wrong(_("An answer for each row."))
    return kept


def _photos(item: Item, value: Any) -> list[int]:
    """Numbers of uploads; whose they are is asked by the action."""
    given = value if isinstance(value, list) else [value]
    numbers = list(dict.fromkeys(int(_figure(one)) for one in given))
    if len(numbers) > MOST_PHOTOS:
        raise Wrong(_("%(most)s photos at most.") % {"most": MOST_PHOTOS})
    return numbers


def _sets(item: Item, value: Any) -> list[dict[str, Any]]:
    kept = []
    for one in _list_of_mappings(value, MOST_SETS):
        shown = _shown(item, one, range(3, 7))
        best, worst = one.get("best"), one.get("worst")
        if best not in shown or worst not in shown or best == worst:
            raise Wrong(_("In each group one is best and another is worst."))
        kept.append({"shown": shown, "best": best, "worst": worst})
    return kept


def _pairs(item: Item, value: Any) -> list[dict[str, Any]]:
    kept = []
    for one in _list_of_mappings(value, MOST_PAIRS):
        shown = _shown(item, one, range(2, 3))
        chosen = one.get("chosen")
        if chosen is not None and chosen not in shown:
            raise Wrong(_("One of the two, or neither."))
        kept.append({"shown": shown, "chosen": chosen})
    return kept


def _list_of_mappings(value: Any, most: int) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, Mapping) for one in value):
        raise Wrong(_("This answer cannot be read."))
    return value


def _shown(item: Item, one: Mapping[str, Any], sizes: range) -> list[str]:
    shown = one.get("shown")
    if not isinstance(shown, list) or len(shown) not in sizes or len({str(key) for key in shown}) < len(shown):
        raise Wrong(_("This answer cannot be read."))
    return [_one(item, key) for key in shown]


_TAKERS: dict[T, Callable[[Item, Any], Any]] = {
    T.SINGLE: _one,
    T.IMAGE: _one,
    T.MULTIPLE: _several,
    T.RATING: _step,
    T.NPS: _step,
    T.RANKING: _order,
    T.MATRIX: _rows,
    T.NUMBER: _number,
    T.TEXT: _words,
    T.LONG_TEXT: _words,
    T.PHOTO: _photos,
    T.MAXDIFF: _sets,
    T.PAIRWISE: _pairs,
}
