"""Adds up several calls of pytest from their reports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

NO_TEST_CHOSEN = 5


class Tally:
    """What each test did over all calls. A test that passed somewhere is not skipped, one that failed somewhere failed."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.not_run: list[str] = []
        self.passed = self.failed = 0
        self.ran: set[str] = set()
        self.skipped: dict[str, str] = {}

    def add(self, title: str, code: int, report: Path) -> None:
        """Count one call. A call that died without a report counts as one failure."""
        self.calls.append((title, code))
        if not report.exists():
            self.failed += code != NO_TEST_CHOSEN
            return
        counted = 0
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{case.get('classname')}::{case.get('name')}"
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
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
        if self.not_run or reasons:
            lines.append("Not run here:")
            lines += [f"  {reason}" for reason in [*self.not_run, *reasons]]
        lines.append(f"{self.passed} passed, {self.failed} failed, {len(left)} skipped")
        return "\n".join(lines)
