"""The part of a text that answers a query, with what was sought marked. Always escaped: only <mark> is HTML in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kocforum.text import folded

from ..kinds import KEYWORDS
from .parsing import Term

# Chinese characters count two: about two lines on a phone.
_WIDTH = 170
_MOST_FACTS = 3
_MOST_MARKS = 400
_STOPS = "。！？!?；;\n"


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@lru_cache(maxsize=8192)
def _folded_character(character: str) -> str:
    return folded(character)


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """Folded text and, for each of its characters, where it stood: folding can lengthen a text."""
    whole = folded(text)
    if len(whole) == len(text):
        return whole, range(len(text) + 1)
    places: list[int] = []
    characters: list[str] = []
    for at, character in enumerate(text):
        for part in _folded_character(character):
            characters.append(part)
            places.append(at)
    return "".join(characters), [*places, len(text)]


def spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int, int]]:
    """Where terms stand in a text: begin, end and which term. A term's words only where the term itself is nowhere."""
    seen, places = _folded_with_places(text)
    found: list[tuple[int, int, int]] = []
    for number, term in enumerate(terms):
        for pattern in [term.pattern] if term.pattern.search(seen) else term.word_patterns:
            for place in list(pattern.finditer(seen))[:_MOST_MARKS]:
                found.append((places[place.start()], places[place.end() - 1] + 1, number))
    found.sort()
    kept: list[tuple[int, int, int]] = []
    for begin, end, number in found:
        if kept and begin < kept[-1][1]:
            if end > kept[-1][1]:
                kept[-1] = (kept[-1][0], end, kept[-1][2])
            continue
        kept.append((begin, end, number))
    return kept


def _marked(text: str, found: Sequence[tuple[int, int, int]], begin: int, end: int) -> str:
    html, at = [], begin
    for start, stop, _ in found:
        if start < begin or stop > end:
            continue
        html += [escape(text[at:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        at = stop
    return "".join([*html, escape(text[at:end])])


def highlighted(text: str, terms: Sequence[Term]) -> SafeString:
    """The whole text, marked: for titles."""
    return mark_safe(_marked(text, spans(text, terms), 0, len(text)))


def _best_begin(text: str, found: Sequence[tuple[int, int, int]]) -> int:
    """The begin of the window that holds most different terms; the first of those that hold as many."""
    best, most = 0, -1.0
    for first, (begin, _, _) in enumerate(found):
        inside = [span for span in found[first : first + 40] if span[1] - begin <= _WIDTH // 2]
        worth = 10 * len({number for _, _, number in inside}) + min(len(inside), 9)
        if worth > most:
            best, most = begin, worth
    return best


def snippet(text: str, terms: Sequence[Term]) -> SafeString:
    """About two lines around the best place; the beginning of the text where nothing of it was sought. Of the keywords
    behind KEYWORDS only those that answer are named, for a row of keywords is nothing to read."""
    written, _, keywords = text.partition(KEYWORDS)
    if not written.strip():
        return _window(keywords, terms)
    answering = [] if spans(written, terms) else [word for word in keywords.split() if spans(word, terms)]
    named = [highlighted(word, terms) for word in dict.fromkeys(answering[:_MOST_FACTS])]
    return mark_safe(" · ".join([_window(written, terms), *named]))


def _window(text: str, terms: Sequence[Term]) -> SafeString:
    found = spans(text, terms)
    begin = 0
    if found and (wanted := _best_begin(text, found)):
        # A little before the place, from the begin of its sentence where that is near.
        begin, room = wanted, _WIDTH // 4
        while begin > 0 and room > 0 and text[begin - 1] not in _STOPS:
            begin -= 1
            room -= _width(text[begin])
    end, room = begin, _WIDTH
    while end < len(text) and room > 0:
        room -= _width(text[end])
        end += 1
    for start, stop, _ in found:
        if start < end < stop:
            end = stop
    html = " ".join(_marked(text, found, begin, end).split())
    return mark_safe(("…" if begin and text[begin - 1] not in "\n" else "") + html + ("…" if end < len(text) else ""))
