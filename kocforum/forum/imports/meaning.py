"""What a row says, by a mapping. A cell that says "unknown" leaves its field out; one that makes no sense refuses the row."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

from django.utils import timezone

from ..actions.imports import ForeignReport
from ..enums import Precision
from .mapping import Meaning, Rule, folded
from .rows import Row

_NUMBER = re.compile(r"-?\d{1,12}(?:[.]\d+)?\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\Z")
# 23:10, 2310, 9:05:00, 11:10 PM, 9 a.m.
_CLOCK = re.compile(r"(\d{1,2})(?::?([0-5]\d)(?::[0-5]\d(?:[.]\d+)?)?)?\s*(?:([ap])[.]?m[.]?)?\Z", re.IGNORECASE)
_VERSION = re.compile(r"(\d{1,4})(?:[.]0)?\Z", re.ASCII)  # spreadsheets write 2 as 2.0


class Senseless(ValueError):
    """A cell that cannot be understood; the whole row is refused for it."""


class Reader:
    """Turns rows into reports. `left_out` counts values that the mapping does not have and leaves unobserved."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.left_out: Counter[tuple[str, str]] = Counter()

    def report(self, row: Row) -> ForeignReport:
        """The report that a row tells; Senseless when it cannot be understood."""
        key = row.cells[self.meaning.key].strip()
        if not key:
            raise Senseless(f"{self.meaning.key} is empty, so it cannot be told from others")
        when, precision = self._time(row, "occurred_at")
        told_at, _precision = self._time(row, "told_at")
        function = self._words(row, "function")
        if not function:
            raise Senseless(f"{self.meaning.rules['function'][0].label} does not say which function it was")
        return ForeignReport(
            source=self.meaning.source,
            key=key,
            version=self._version(row),
            function=function,
            failure_mode=self._words(row, "failure_mode"),
            title=self.meaning.title,
            narrative=self._words(row, "narrative"),
            occurred_at=when,
            precision=precision,
            told_at=told_at,
            conditions=self._conditions(row),
            attempts=self._whole(row, "attempts"),
            failures=self._whole(row, "failures"),
            outcome=self._words(row, "outcome"),
            severity=self._words(row, "severity"),
            district=self._joined(row, "place", ", "),
            venue=self._words(row, "venue"),
            car=self._joined(row, "car", " "),
            trim=self._words(row, "trim"),
            year=self._whole(row, "year"),
            mileage_km=self._whole(row, "mileage_km"),
            software_version=self._words(row, "software_version"),
        )

    def _version(self, row: Row) -> int:
        if not self.meaning.version:
            return 1
        cell = row.cells[self.meaning.version].strip()
        found = _VERSION.match(cell)
        if not found or not int(found[1]):
            raise Senseless(f'{self.meaning.version}: "{cell[:40]}" is not the number of a version')
        return int(found[1])

    # --- one field

    def _said(self, row: Row, rule: Rule, column: str) -> str:
        """What a cell says, "" when it says that nothing is known."""
        cell = row.cells[column].strip()
        if self.meaning.is_unobserved(cell) or len(cell) > rule.said.get("longest", len(cell)):
            return ""
        return cell

    def _meant(self, rule: Rule, column: str, cell: str) -> str:
        """The slug or word that a cell stands for."""
        if not rule.values:
            return cell
        if (value := rule.values.get(folded(cell))) is not None:
            return value
        if "otherwise" not in rule.said:
            raise Senseless(f'{column}: the mapping has no meaning for "{cell[:60]}"')
        if rule.said["otherwise"] == "as it is":
            return cell
        self.left_out[column, cell[:60]] += 1
        return rule.said["otherwise"]

    def _words(self, row: Row, name: str) -> str:
        """The first thing that the rules of a field find."""
        for rule in self.meaning.rules.get(name, ()):
            for column in rule.columns:
                if cell := self._said(row, rule, column):
                    return self._meant(rule, column, cell)
            if "always" in rule.said:
                return str(rule.said["always"])
        return ""

    def _joined(self, row: Row, name: str, between: str) -> str:
        """What several columns say together, as make and model."""
        found = []
        for rule in self.meaning.rules.get(name, ()):
            for column in rule.columns:
                if cell := self._said(row, rule, column):
                    found.append(self._meant(rule, column, cell))
            between = rule.said.get("between", between)
        return between.join(found)

    def _number(self, rule: Rule, column: str, cell: str) -> float:
        plain = cell.replace(",", "") if _GROUPED.match(cell) else cell
        if not _NUMBER.match(plain):
            raise Senseless(f'{column}: "{cell[:40]}" is not a number')
        number = float(plain) * rule.said.get("factor", 1)
        if number < 0:
            raise Senseless(f'{column}: "{cell[:40]}" is below zero')
        return number

    def _whole(self, row: Row, name: str) -> int | None:
        for rule in self.meaning.rules.get(name, ()):
            for column in rule.columns:
                if cell := self._said(row, rule, column):
                    return round(self._number(rule, column, cell))
        return None

    def _time(self, row: Row, name: str) -> tuple[dt.datetime | None, str]:
        for rule in self.meaning.rules.get(name, ()):
            for column in rule.columns:
                if cell := self._said(row, rule, column):
                    precision = rule.said.get("precision", Precision.DAY)
                    return _moment(column, cell, rule.said.get("formats", ["%Y-%m-%d"]), precision), precision
        return None, Precision.DAY

    # --- conditions

    def _conditions(self, row: Row) -> dict[str, list[str]]:
        seen: dict[str, list[str]] = {}
        for rule in self.meaning.conditions:
            found = [value for value in self._values(row, rule) if value]
            if found:
                there = seen.setdefault(rule.name, [])
                there += [value for value in found if value not in there]
        return seen

    def _values(self, row: Row, rule: Rule) -> list[str]:
        """Values of a dimension: of flags every one that is set, of a column what its cell stands for."""
        flags = rule.said.get("flags")
        if flags:
            return [value for column, value in flags.items() if folded(row.cells[column]) in {"y", "yes", "true", "1"}]
        for column in rule.columns:
            if cell := self._said(row, rule, column):
                if "ranges" in rule.said:
                    return [_in_ranges(self._number(rule, column, cell), rule.said["ranges"])]
                if "hours" in rule.said:
                    return [_in_hours(_hour(column, cell), rule.said["hours"])]
                return [self._meant(rule, column, cell)]
        return []


def _moment(column: str, cell: str, formats: list[str], precision: str) -> dt.datetime:
    for form in formats:
        try:
            naive = dt.datetime.strptime(cell.title() if "%b" in form else cell, form)  # noqa: DTZ007
        except ValueError:
            continue
        if precision == Precision.MONTH:
            return _within_month(column, cell, naive)
        return timezone.make_aware(naive.replace(hour=12) if precision == Precision.DAY else naive)
    raise Senseless(f'{column}: "{cell[:40]}" is not a time')


def _within_month(column: str, cell: str, first: dt.datetime) -> dt.datetime:
    """The middle of the month, which is the same month in every time zone; of this month, not ahead of now."""
    now = timezone.now()
    if timezone.make_aware(first) > now + dt.timedelta(days=1):
        raise Senseless(f'{column}: "{cell}" is still to come')
    return min(timezone.make_aware(first.replace(day=15, hour=12)), now)


def _hour(column: str, cell: str) -> int:
    """The hour from 0 to 23. A number without minutes and without am or pm is none; 24:00 is midnight."""
    found = _CLOCK.match(cell)
    hour = int(found[1]) if found and (found[2] or found[3]) else -1
    if found and found[3]:
        hour = hour % 12 + (12 if found[3] in "pP" else 0) if 1 <= hour <= 12 else -1
    elif hour == 24 and found and found[2] == "00":
        hour = 0
    if not 0 <= hour <= 23:
        raise Senseless(f'{column}: "{cell[:40]}" is not a time of day')
    return hour


def _in_ranges(number: float, ranges: list[dict[str, Any]]) -> str:
    """The first range that does not end below the number; the last one has no end."""
    return next(one["value"] for one in ranges if "to" not in one or number <= one["to"])


def _in_hours(hour: int, hours: list[dict[str, Any]]) -> str:
    """The span of the day that an hour falls into; a span may go over midnight."""
    for span in hours:
        since, until = span["from"], span["to"]
        if since <= hour < until or (since > until and (hour >= since or hour < until)):
            return span["value"]
    return ""
