"""A questionnaire as JSON: what the API takes and gives, what is exported and imported, what a wording keeps.

`{key, type, text, help?, page?, required?, options?[{key, label, exclusive?, words?, retired?, picture?}],
scale?{min, max, low?, high?}, show_if?{key, is|in|not|at_least|at_most}, quota?{option: limit}, shuffled?, most?,
cannot_judge?}`. What is as usual is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from kocforum.text import clean_line

from .questionnaire import COMPARISONS, MOST_QUESTIONS, Choice, Item

FLAGS = ("required", "shuffled", "cannot_judge")
OPTION_FLAGS = ("exclusive", "words", "retired")


class Unreadable(Exception):
    """This is no questionnaire; the message says where and why. `key`: the question, "" for the whole."""

    def __init__(self, sentence: str, key: str = "") -> None:
        super().__init__(sentence)
        self.key = key


def to_data(item: Item) -> dict[str, Any]:
    """One question as JSON."""
    said: dict[str, Any] = {"key": item.key, "type": str(item.type), "text": item.text}
    if item.help:
        said["help"] = item.help
    if item.page != 1:
        said["page"] = item.page
    said |= {name: True for name in FLAGS if getattr(item, name)}
    if item.choices:
        said["options"] = [_option_data(one) for one in item.choices]
    ends = {"min": item.low, "max": item.high, "low": item.low_label, "high": item.high_label}
    if scale := {name: value for name, value in ends.items() if value not in (None, "")}:
        said["scale"] = scale
    if item.show_if:
        said["show_if"] = dict(item.show_if)
    if quota := {one.key: one.limit for one in item.choices if one.limit is not None}:
        said["quota"] = quota
    if item.most is not None:
        said["most"] = item.most
    return said


def _option_data(one: Choice) -> dict[str, Any]:
    said: dict[str, Any] = {"key": one.key, "label": one.label}
    said |= {name: True for name in OPTION_FLAGS if getattr(one, name)}
    return said if one.picture is None else {**said, "picture": one.picture}


def from_data(questions: Any) -> list[Item]:
    """Questions from JSON. Raises Unreadable with the key of the question; whether they can be asked is another question."""
    if not isinstance(questions, list):
        raise Unreadable(_("Questions are a list."))
    if len(questions) > MOST_QUESTIONS:
        raise Unreadable(_("A survey has %(most)s questions at most.") % {"most": MOST_QUESTIONS})
    return [_item(place, said) for place, said in enumerate(questions, 1)]


def _item(place: int, said: Any) -> Item:
    if not isinstance(said, Mapping):
        raise Unreadable(_("Question %(n)s is not an object.") % {"n": place})
    key = str(said.get("key") or f"q{place}")
    try:
        scale = _mapping(said.get("scale"))
        item = Item(
            key=key,
            type=str(said.get("type", "")),
            text=clean_line(_text(said.get("text")))[:200],
            help=clean_line(_text(said.get("help")))[:300],
            page=_whole(said.get("page", 1), 1, 99) or 1,
            choices=_choices(said.get("options") or []),
            low=_whole(scale.get("min"), -(10**9), 10**9),
            high=_whole(scale.get("max"), -(10**9), 10**9),
            low_label=clean_line(_text(scale.get("low")))[:40],
            high_label=clean_line(_text(scale.get("high")))[:40],
            show_if=_condition(said.get("show_if")),
            most=_whole(said.get("most"), 1, 99),
            **{name: bool(said.get(name)) for name in FLAGS},
        )
        return _with_quota(item, _mapping(said.get("quota")))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        why = str(error) if isinstance(error, Unreadable) else _("It cannot be read.")
        raise Unreadable(why, key) from error


def _choices(options: Sequence[Any]) -> tuple[Choice, ...]:
    if not isinstance(options, list):
        raise TypeError
    read = []
    for place, one in enumerate(options, 1):
        one = {"label": one} if isinstance(one, str) else _mapping(one)
        label = clean_line(_text(one.get("label", one.get("key"))))[:60]
        picture = _whole(one.get("picture"), 1, 2**53)
        flags = {name: bool(one.get(name)) for name in OPTION_FLAGS}
        read.append(Choice(key=str(one.get("key") or f"o{place}"), label=label, picture=picture, **flags))
    return tuple(read)


def _with_quota(item: Item, quota: Mapping[str, Any]) -> Item:
    keys = {one.key for one in item.choices}
    if set(quota) - keys:
        raise KeyError
    limits = {key: _whole(limit, 0, 10**9) for key, limit in quota.items()}
    return replace(item, choices=tuple(replace(one, limit=limits.get(one.key)) for one in item.choices))


def _condition(said: Any) -> dict[str, Any] | None:
    """`not` names one answer or several, like `in`."""
    if not said:
        return None
    said = _mapping(said)
    kept = {name: said[name] for name in COMPARISONS if said.get(name) is not None}
    for value in kept.values():
        if any(isinstance(one, (list, dict)) for one in (value if isinstance(value, list) else [value])):
            raise TypeError
    return {"key": str(said.get("key", "")), **kept}


def _mapping(said: Any) -> Mapping[str, Any]:
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise TypeError
    return said


def _text(said: Any) -> str:
    if said is None:
        return ""
    if isinstance(said, bool) or not isinstance(said, (str, int, float)):
        raise TypeError
    return str(said)


def _whole(said: Any, low: int, high: int) -> int | None:
    if said is None:
        return None
    if isinstance(said, bool) or int(said) != said or not low <= said <= high:
        raise ValueError
    return int(said)
