"""Search tokens: what a text is found by.

Chinese is cut into words by a dictionary that knows car terms and whatever staff add. Version strings and model codes
stay whole, and what people write together or apart is found both ways: `V3.2.1` and `3.2.1`, `500km` and `500 km`.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import rjieba

from .clean import clean_text

# What is written without spaces: Chinese, kana, Korean.
_DENSE = "々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = rf"(?:(?![{_DENSE}_])\w)"
# Where a code begins and ends: 的s7 holds s7, us7 does not.
LETTER_BEFORE = rf"(?<!(?![{_DENSE}])[^\W\d_])"
WORD_AFTER = rf"(?!{_WORD})"
# A code holds its dots, dashes and slashes only between its own characters: 4.2.1, e-tron, 2.0t, model_y.
_CODE = rf"{_WORD}+(?:[.\-_/'’]{_WORD}+)*\+*"
_PIECE = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?P<code>{_CODE})")
# A run is what stands together without space or punctuation, whatever its script.
_RUN = re.compile(rf"(?:[{_DENSE}]|{_CODE})+")
_HAS_DENSE = re.compile(rf"[{_DENSE}]")
_HAS_CODE = re.compile(_WORD)
_VERSION = re.compile(r"v\.?(\d+(?:\.\d+)*[a-z]?)\Z")
_MEASURE = re.compile(r"(\d+(?:\.\d+)*)([^\W\d_]+)\Z")
_NAMED = re.compile(r"([^\W\d_]{2,})(\d+(?:\.\d+)*)\Z")
_JOINT = re.compile(r"[\-_/'’]")
LONGEST = 64

_terms = Path(__file__).with_name("car_terms.txt")
_cutter: rjieba.Jieba | None = None
_building = threading.Lock()


def folded(text: str) -> str:
    """The form in which texts and queries meet: full width and half width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", clean_text(text)).lower()


def _built(words: Iterable[str]) -> rjieba.Jieba:
    cutter = rjieba.Jieba()
    for word in words:
        if len(known := folded(word).strip()) > 1:
            cutter.add_word(known, max(cutter.suggest_freq(known), 20), "n")
    return cutter


def _own_terms() -> Iterator[str]:
    lines = (line.split("#")[0].strip() for line in _terms.read_text(encoding="utf-8").splitlines())
    return (line for line in lines if line)


def use_words(words: Iterable[str] = ()) -> None:
    """Cut by our car terms and these words from now on. A new cutter takes the old one's place: adding to one in use raises."""
    global _cutter
    with _building:
        _cutter = _built([*_own_terms(), *words])


def _cut(run: str) -> list[str]:
    if (cutter := _cutter) is None:
        use_words()
        cutter = _cutter
    return cutter.cut_for_search(run)  # type: ignore[union-attr]


def variants(code: str) -> list[str]:
    """The other ways to write a version, a measure or a code: ["3.2.1"] for v3.2.1, ["500", "km"] for 500km."""
    if found := _VERSION.match(code):
        return [found[1]]
    if found := _MEASURE.match(code) or _NAMED.match(code):
        return [found[1], found[2]]
    if _JOINT.search(code):
        return [part for part in _JOINT.split(code) if part]
    return []


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Each run of folded text, and whether it holds Chinese."""
    for run in _RUN.finditer(text):
        yield run[0], bool(_HAS_DENSE.search(run[0]))


def _tokens_of(run: str) -> Iterator[str]:
    mixed: set[str] = set()
    for piece in _PIECE.finditer(run):
        if piece["dense"]:
            yield from _cut(piece["dense"])
            continue
        yield piece["code"]
        yield from variants(piece["code"])
        mixed.add(piece["code"])
    if mixed and _HAS_DENSE.search(run):
        # Words of two scripts, as 4s店 or a柱, are known only to the whole run.
        yield from (word for word in _cut(run) if _HAS_DENSE.search(word) and _HAS_CODE.search(word))


def tokens(text: str) -> list[str]:
    """The words that a text is found by, in order, folded. Long Chinese words come with the words in them."""
    return [token[:LONGEST] for run, _ in pieces(folded(text)) for token in _tokens_of(run)]


def codes(text: str) -> list[str]:
    """Words, versions and codes of scripts with spaces, each with the other ways to write it."""
    found: list[str] = []
    for piece in _PIECE.finditer(folded(text)):
        if code := piece["code"]:
            found += [code[:LONGEST], *(part[:LONGEST] for part in variants(code))]
    return found


def bigrams(text: str) -> list[str]:
    """Every two neighbouring characters of runs that hold Chinese, and each run's last character.

    As a phrase they find any part of a text, however it was cut; as a prefix they find a single character.
    """
    return [run[at : at + 2] for run, dense in pieces(folded(text)) if dense for at in range(len(run))]
