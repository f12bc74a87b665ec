"""Real answers to real surveys; read where they lie, never copied."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


@cache
def _read(folder: str, name: str) -> list[dict[str, str]] | None:
    path = DATA / folder / name
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answers(name: str, folder: str = "survey_data") -> list[dict[str, str]]:
    """The rows of one file, or a skipped test where the folder is not beside the project."""
    rows = _read(folder, name)
    if rows is None:
        pytest.skip(f"../shared/data/{folder}/{name} is not here")
    return rows


def table_of(rows: list[dict[str, str]], first: str, second: str) -> list[list[int]]:
    """Counts of every pair of answers; who left one out is not counted."""
    pairs = [(row[first], row[second]) for row in rows if not {"NA", ""} & {row[first], row[second]}]
    left, right = sorted({a for a, _ in pairs}), sorted({b for _, b in pairs})
    return [[sum(pair == (a, b) for pair in pairs) for b in right] for a in left]
