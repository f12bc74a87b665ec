"""Adds up several calls of pytest from their reports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

NO_TEST_CHOSEN = 5


def name_of(case: ElementTree.Element) -> str:
    return f"{case.get('classname')}::{case.get('name')}"


def names(report: Path) -> set[str]:
    return {name_of(case) for case in ElementTree.parse(report).iter("testcase")}


def failures(report: Path) -> dict[str, str]:
    """{name: what pytest calls it} of every test that failed."""
    return {
        name_of(case): f"{str(case.get('classname')).replace('.', '/')}.py::{case.get('name')}"
        for case in ElementTree.parse(report).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    }


class Tally:
    """What each test did over all calls. A test that passed somewhere is not skipped, one that failed somewhere failed."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.not_run: list[str] = []
        self.passed = self.failed = 0
        self.ran: set[str] = set()
        self.skipped: dict[str, str] = {}
        self.second: list[str] = []

    def add(self, title: str, code: int, report: Path, again: Path | None = None) -> None:
        """Count one call. A call that died without a report counts as one failure.

        `again` is the report of a second try of what failed: what passes there counts as passed, and is named.
        """
        if not report.exists():
            self.calls.append((title, code))
            self.failed += code != NO_TEST_CHOSEN
            return
        failed = failures(report)
        mended: set[str] = set()
        if again is not None and again.exists():
            mended = failed.keys() & (names(again) - failures(again).keys())
        if mended and len(mended) == len(failed):
            code = 0
        self.calls.append((title, code))
        self.second += sorted(mended)
        counted = 0
        for case in ElementTree.parse(report).iter("testcase"):
            name = name_of(case)
            skip = case.find("skipped")
            if name in mended:
                self.passed += 1
                self.ran.add(name)
            elif name in failed:
                counted += 1
                self.ran.add(name)
            elif skip is not None:
                self.skipped[name] = skip.get("message") or "no reason given"
            else:
                self.passed += 1
                self.ran.add(name)
        self.failed += counted or code not in {0, NO_TEST_CHOSEN}

    @property
    def passed_as_a_whole(self) -> bool:
        """Something ran, and nothing failed."""
        return self.failed == 0 and self.passed > 0 and all(code in {0, NO_TEST_CHOSEN} for _, code in self.calls)

    def closing_lines(self) -> str:
        left = {name: reason for name, reason in self.skipped.items() if name not in self.ran}
        reasons = [f"{number} × {reason}" for reason, number in Counter(left.values()).most_common()]
        lines = [""]
        if self.second:
            lines.append("Passed at the second try only, look at them:")
            lines += [f"  {name}" for name in self.second]
        if self.not_run or reasons:
            lines.append("Not run here:")
            lines += [f"  {reason}" for reason in [*self.not_run, *reasons]]
        lines.append(f"{self.passed} passed, {self.failed} failed, {len(left)} skipped")
        return "\n".join(lines)
