"""Rows of a CSV text with the line on which each begins. A broken row costs itself and no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from .encodings import UNREADABLE

LONGEST_CELL = 1_000_000
ROWS_TRIED = 400  # lines below a broken one in which the next whole row is looked for


@dataclass(frozen=True)
class Row:
    """One record. `cells` by the names of the header; `line` is where it begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Broken:
    """A record that cannot be read."""

    line: int
    reason: str


class _Lines:
    """Lines that a reader takes one by one, from any line on."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


class Table:
    """The header and the rows of a text."""

    def __init__(self, text: str, delimiter: str = ",") -> None:
        csv.field_size_limit(LONGEST_CELL)
        self.delimiter = delimiter
        self.source = _Lines(list(io.StringIO(text, newline="")))
        self.header: list[str] = []
        while self.source.at < len(self.source.lines) and not any(self.header):
            try:
                self.header = [name.strip() for name in self._next()]
            except csv.Error:
                break

    def _next(self) -> list[str]:
        return next(csv.reader(self.source, strict=True, delimiter=self.delimiter))

    def rows(self) -> Iterator[Row | Broken]:
        """Every record in order; empty lines are none."""
        source = self.source
        while source.at < len(source.lines):
            began = source.at
            reason = ""
            try:
                cells = self._next()
            except csv.Error as error:
                reason = f"it is not well-formed CSV: {error}"
            else:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(self.header):
                    reason = f"it has {len(cells)} cells and the header has {len(self.header)}"
            if reason:
                source.at = self._after(began, source.at)
                yield Broken(began + 1, reason)
            elif any(UNREADABLE.search(cell) for cell in cells):
                yield Broken(began + 1, "it has bytes that do not belong to the file's encoding")
            elif any("\0" in cell for cell in cells):
                yield Broken(began + 1, "it has zero bytes, which no text has")
            else:
                yield Row(began + 1, dict(zip(self.header, cells, strict=True)))

    def _after(self, began: int, ended: int) -> int:
        """Where to go on after a broken record: at the next line inside it that begins a whole one, or behind it.

        A quotation mark that is never closed swallows the lines below; they are found again here.
        """
        for line in range(began + 1, min(ended, began + ROWS_TRIED)):
            self.source.at = line
            try:
                if len(self._next()) == len(self.header):
                    return line
            except csv.Error:
                continue
        return ended
