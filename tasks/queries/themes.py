"""What people wrote in their own words, gathered by what it is about; words stand detached from every other answer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from kocforum.stats import themes
from kocforum.text import tokens

from ..enums import QuestionType as T
from ..rules.questionnaire import Item
from ..rules.surveys import FEWEST, can_see_results
from ..rules.tasks import can_ask
from .answers import Answers
from .tallies import tally

IN_WORDS = frozenset({T.TEXT, T.LONG_TEXT})
MOST_THEMES, MOST_QUOTES = 8, 6


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """At least five people speak of it. `people` is None where fewer than five do not: all but a few."""

    label: str
    people: int | None
    quotes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The words to one question. `writers` wrote; `outside` of them speak of nothing that five share (None: one to four)."""

    item: Item
    writers: int
    themes: list[Gathered]
    outside: int | None = None
    others: list[str] = field(default_factory=list)

    @property
    def most(self) -> int:
        return max((theme.people or self.writers for theme in self.themes), default=0)


def spoken_in(answers: Answers, user: Any) -> dict[str, Spoken]:
    """By key of the question, of those with at least five texts. Quotes for researchers only; empty behind a closed gate."""
    if not can_see_results(user, answers.survey):
        return {}
    found = answers.kept("themes", lambda: _spoken(answers))
    return found if can_ask(user) else {name: _without_quotes(one) for name, one in found.items()}


def _spoken(answers: Answers) -> dict[str, Spoken]:
    items = [item for item in answers.items if item.type in IN_WORDS or item.wordy]
    told = [gathered(item, tally(item, answers.said).values, answers.survey.secret) for item in items]
    return {one.item.key: one for one in told if one is not None}


def gathered(item: Item, texts: Sequence[str], salt: str) -> Spoken | None:
    """None below five texts. The order of quotes is drawn from the `salt` and their words, so that it tells nothing (S13)."""
    texts = sorted((text.strip() for text in texts if text.strip()), key=lambda text: _lot(salt, item.key, text))
    if len(texts) < FEWEST:
        return None
    found = themes(texts, MOST_THEMES, _words, least=FEWEST)
    covered = {place for theme in found for place in theme.texts}
    others = [text for place, text in enumerate(texts) if place not in covered]
    few = 0 < len(others) < FEWEST
    return Spoken(
        item=item,
        writers=len(texts),
        themes=[_theme(one.label, [texts[place] for place in one.texts], len(texts)) for one in found],
        outside=None if few else len(others),
        others=[] if few else others[:MOST_QUOTES],
    )


@lru_cache(maxsize=8192)
def _words(text: str) -> list[str]:
    """With every answer that comes all texts are sorted again, and all but one were cut into words before."""
    return tokens(text)


def _theme(label: str, texts: list[str], writers: int) -> Gathered:
    nearly_all = 0 < writers - len(texts) < FEWEST
    return Gathered(label=label, people=None if nearly_all else len(texts), quotes=texts[:MOST_QUOTES])


def _without_quotes(spoken: Spoken) -> Spoken:
    return replace(spoken, themes=[replace(theme, quotes=[]) for theme in spoken.themes], others=[])


def _lot(*said: str) -> bytes:
    return hashlib.blake2b(":".join(said).encode(), digest_size=8).digest()
