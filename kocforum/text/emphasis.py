"""Emphasis beside Chinese: CommonMark leaves `**“引号”**后面` unmarked, because it waits for a space that Chinese never writes.

The rule of flanking counts a Chinese neighbour as it counts a space. Latin text is read exactly as CommonMark says.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

# More marks than this in one paragraph is no text that anyone reads; it is shown as it was typed.
MOST_MARKS = 600
_MARKS = "*_~[]!`<&\\"
_EAST_ASIAN = (
    (0x1100, 0x11FF), (0x2E80, 0x303E), (0x3040, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1B000, 0x1B2FF), (0x1F200, 0x1F2FF), (0x20000, 0x3FFFD),
)  # fmt: skip


def _east_asian(character: str) -> bool:
    point = ord(character)
    return any(low <= point <= high for low, high in _EAST_ASIAN)


def _punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


class StateBesideChinese(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        scanned = super().scanDelims(start, canSplitWord)
        if not canSplitWord:  # an underscore never splits a word, in no language
            return scanned
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if not (_east_asian(before) or _east_asian(after)):
            return scanned
        free_before = isWhiteSpace(ord(before)) or _punctuation(before) or _east_asian(before)
        free_after = isWhiteSpace(ord(after)) or _punctuation(after) or _east_asian(after)
        opens = not isWhiteSpace(ord(after)) and (not _punctuation(after) or _east_asian(after) or free_before)
        closes = not isWhiteSpace(ord(before)) and (not _punctuation(before) or _east_asian(before) or free_after)
        return Scanned(opens, closes, scanned.length)


class InlineBesideChinese(ParserInline):
    """The inline parser with that state, and with an end to patience."""

    def parse(self, src: str, md: MarkdownIt, env: dict, tokens: list[Token]) -> list[Token]:
        if sum(src.count(mark) for mark in _MARKS) > MOST_MARKS:
            return self._as_typed(src, tokens)
        state = StateBesideChinese(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens

    @staticmethod
    def _as_typed(src: str, tokens: list[Token]) -> list[Token]:
        for number, line in enumerate(src.split("\n")):
            if number:
                tokens.append(Token("softbreak", "br", 0))
            tokens.append(Token("text", "", 0, content=line))
        return tokens
