"""An answer as people read it: labels in place of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..enums import QuestionType as T
from .questionnaire import CANNOT_JUDGE, CHOICES, WORDS, Item


def in_words(item: Item, answers: Mapping[str, Any]) -> str:
    """The answer to one question of a response; "" where there is none."""
    value = answers.get(item.key)
    if value is None:
        return ""
    if value == CANNOT_JUDGE:
        return _("Cannot judge")
    if item.type in CHOICES or item.type == T.RANKING:
        keys = value if isinstance(value, list) else [value]
        joint = " › " if item.type == T.RANKING else _(", ")
        return joint.join(_labelled(item, key, answers) for key in keys)
    if item.type == T.MATRIX:
        return _("; ").join(f"{_label(item, row)} {_label(item, step)}" for row, step in value.items())
    if item.type == T.MAXDIFF:
        return _("; ").join(f"+ {_label(item, one['best'])} − {_label(item, one['worst'])}" for one in value)
    if item.type == T.PAIRWISE:
        return _("; ").join(_label(item, one["chosen"]) if one["chosen"] else "–" for one in value)
    if item.type == T.PHOTO:
        return str(len(value))
    return str(value)


def _labelled(item: Item, key: str, answers: Mapping[str, Any]) -> str:
    label, wordy = _label(item, key), item.wordy
    words = answers.get(item.key + WORDS)
    return f"{label}: {words}" if words and wordy and wordy.key == key else label


def _label(item: Item, key: Any) -> str:
    if key == CANNOT_JUDGE:
        return _("Cannot judge")
    choice = item.choice(key)
    return choice.label if choice else str(key)
