"""From what somebody typed to what must be found.

A query is words with spaces between; each must be found. Nothing in it is an operator, so nothing in it can break a
database's own query language.

Chinese is indexed by neighbouring characters, which finds any part of a text however it was cut. It is cut into words on
this side only, so that 自动泊车失败 also finds 自动泊车功能在雨夜多次失败, and so that a new word needs no new index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kocforum.text import bigrams, clean_line, folded, tokens
from kocforum.text.tokens import LETTER_BEFORE, LONGEST, WORD_AFTER, pieces, variants

LONGEST_QUERY = 200
MOST_TERMS = 8
MOST_WORDS = 12
MOST_LEXEMES = 40
# Words that say nothing about the matter; a question holds them and the answer does not.
_IDLE = frozenset(
    {
        "的", "了", "吗", "呢", "吧", "啊", "呀", "么", "是", "在", "有", "和", "与", "或", "及", "就", "都", "也", "还", "很",
        "会", "能", "要", "把", "被", "我", "你", "他", "她", "它", "我的", "你的", "这", "那", "这个", "那个", "一个", "个",
        "为什么", "怎么", "怎么办", "怎样", "如何", "什么", "哪个", "哪些", "请问", "问题", "大家", "有没有", "是不是",
        "a", "an", "and", "are", "for", "how", "in", "is", "my", "of", "on", "or", "the", "to", "what", "why",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Lexeme:
    """An entry of the index, or with `beginning` every entry that begins so."""

    text: str
    beginning: bool = False


# Lexemes that must all be there.
Way = tuple[Lexeme, ...]


@dataclass(frozen=True)
class Term:
    """One word of a query. `exact` finds it as it was written; `ways` are all ways, also by the `words` in it."""

    text: str
    dense: bool
    words: tuple[str, ...]
    exact: Way
    ways: tuple[Way, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Where the term stands in folded text."""
        return pattern_of(self.text)

    @cached_property
    def word_patterns(self) -> tuple[re.Pattern[str], ...]:
        """Where its words stand, the longest first."""
        return tuple(pattern_of(word) for word in sorted(self.words, key=len, reverse=True))

    def stands_in(self, text: str) -> bool:
        """Whether folded text holds the term, or all words of it. The index knows only which lexemes are there."""
        if self.pattern.search(text):
            return True
        return bool(self.words) and all(pattern.search(text) for pattern in self.word_patterns)


def pattern_of(text: str) -> re.Pattern[str]:
    """Chinese stands anywhere; 4.2.1 is not found in 14.2.10 and s7 not in s70, but park is found in parking."""
    if any(dense for _, dense in pieces(text)):
        return re.compile(re.escape(text))
    before = r"(?<![0-9]\.)(?<![0-9])" if text[0].isdigit() else LETTER_BEFORE
    if text[-1].isdigit():
        after = r"(?![0-9]|\.[0-9])"
    else:
        after = "" if _may_continue(text) or len(text) == LONGEST else WORD_AFTER
    return re.compile(before + re.escape(text) + after)


def _may_continue(code: str) -> bool:
    """Plain words of three letters and more are taken for beginnings, codes and versions never."""
    return len(code) >= 3 and code.isalpha()


def _lexemes(word: str) -> Way:
    """What the index holds of a word."""
    if not any(dense for _, dense in pieces(word)):
        return (Lexeme(word, _may_continue(word)),)
    if len(word) == 1:
        return (Lexeme(word, beginning=True),)
    # The last of them is a single character and would ask for the end of a run.
    return tuple(Lexeme(pair) for pair in bigrams(word)[:-1])


def _all_of(words: Iterable[str]) -> Way:
    return tuple(dict.fromkeys(lexeme for word in words for lexeme in _lexemes(word)))[:MOST_LEXEMES]


def _made_of(word: str, parts: set[str]) -> bool:
    return not word or any(word.startswith(part) and _made_of(word[len(part) :], parts) for part in parts)


def _words_of(run: str) -> tuple[str, ...]:
    """The smallest words in a run that say something; none when it is one word."""
    said = list(dict.fromkeys(tokens(run)))
    parts = {part for word in said for part in variants(word)}
    long = {word for word in said if len(word) > 1}
    # 自动泊车 asks for 自动 and 泊车: whoever wrote them apart is found too, only later.
    said = [word for word in said if word not in parts and not _made_of(word, long - {word})]
    words = tuple([word for word in said if word not in _IDLE] or said)[:MOST_WORDS]
    return () if words == (run,) else words


def _term(run: str, dense: bool) -> Term:
    words = _words_of(run) if dense else tuple(part[:LONGEST] for part in variants(run))
    exact = _all_of([run[:LONGEST] if not dense else run])
    ways = (exact, _all_of(words)) if words else (exact,)
    return Term(run if dense else run[:LONGEST], dense, words, exact, ways)


def terms_of(query: str) -> list[Term]:
    """What must be found. Only the beginning of an endless query counts; a query of signs alone has no terms."""
    runs: dict[str, bool] = {}
    for run, dense in pieces(folded(clean_line(query)[:LONGEST_QUERY])):
        runs[run] = dense
        if len(runs) == MOST_TERMS:
            break
    telling = [run for run in runs if run not in _IDLE] or list(runs)
    return [_term(run, runs[run]) for run in telling]
