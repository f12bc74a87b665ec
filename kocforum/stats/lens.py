"""The condition lens: under which conditions does it fail, how sure is that, and what does it not show?

Counts → Fisher's test and ratios → Benjamini–Hochberg → Mantel–Haenszel for the strongest correlate → order by
importance with elimination → a level on the claim ladder. An association is never called a cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from kocforum.stats.adjustment import Adjusted, adjust, strongest_correlate
from kocforum.stats.cases import Case, Cells, Condition, Sheet, standing_cases
from kocforum.stats.disproportionality import InformationComponent, expected_count, information_component
from kocforum.stats.elimination import eliminate
from kocforum.stats.exact import fisher, least_p
from kocforum.stats.findings import Arm, Finding, Flag, Lens
from kocforum.stats.ladder import COLLECTED, L2, L3, LEVELS, OWNERS, PLACES, SIGNAL_OWNERS, Needs
from kocforum.stats.multiplicity import benjamini_hochberg
from kocforum.stats.ranking import importance, ochiai
from kocforum.stats.sensitivity import e_value, manski_bounds, record_bias
from kocforum.stats.tables import TwoByTwo, two_by_two


def lens(cases: Iterable[Case], other_failures: Iterable[Case] = ()) -> Lens:
    """Look at a topic's cases through every condition that any of them had.

    Of several cases of one owner and vehicle the last one stands. Where nobody in the topic is fine, the failing cases
    of `other_failures` (the same function's other failure modes, one case per owner, vehicle and mode) take the place
    of the fine ones: every finding is then flagged, needs IC025 > 0 from at least three owners for L2, and never goes
    above. Otherwise `other_failures` is ignored. Reads no clock and draws no lots: the same cases, the same answer.
    """
    told = standing_cases(cases)
    failing, fine = [c for c in told if c.failing], [c for c in told if not c.failing]
    others = [c for c in other_failures if c.failing] if failing and not fine else []
    return _Look(told, failing, fine, others).lens()


class _Look:
    """One run: the sheet, and what is worked out from it on the way."""

    def __init__(self, told: list[Case], failing: list[Case], fine: list[Case], others: list[Case]) -> None:
        self.told, self.failing, self.fine = told, failing, fine
        self.compared = bool(others)
        self.sheet = Sheet(failing, fine or others)
        own = self.sheet.everyone if fine else self.sheet.failing
        self.conditions = sorted(c for c, mask in self.sheet.having.items() if mask & own)
        self.tables = {c: two_by_two(*self.sheet.cells(c)) for c in self.conditions}
        q_values = benjamini_hochberg(table.p_value for table in self.tables.values())
        self.q = dict(zip(self.conditions, q_values, strict=True))
        self.again: dict[tuple[Condition, Cells], float] = {}

    def lens(self) -> Lens:
        findings = [self.finding(c) for c in self.conditions]
        last = len(findings)
        findings.sort(
            key=lambda f: (-LEVELS.index(f.level), f.order or last, -f.importance, -f.ochiai, f.p, f.condition)
        )
        return Lens(
            owners=len({case.owner for case in self.told}),
            observations=len(self.told),
            failing=len(self.failing),
            fine=len(self.fine),
            tests=len(findings),
            compared_with_other_failures=self.compared,
            findings=tuple(findings),
        )

    # --- what stands on the table alone

    def failing_owners(self, condition: Condition, within: int = -1) -> int:
        return self.sheet.owners(self.sheet.having[condition] & self.sheet.failing & within)

    def few(self, table: TwoByTwo) -> bool:
        return table.n < L2.total or min(table.a + table.b, table.c + table.d) < L2.arm

    def biased(self, condition: Condition) -> bool:
        seen = self.sheet.observed[condition[0]]
        sides = self.sheet.failing, self.sheet.fine
        first, second = ((seen & side).bit_count() for side in sides)
        return record_bias(first, sides[0].bit_count(), second, sides[1].bit_count())

    def signal(self, cells: Cells) -> InformationComponent:
        return information_component(cells[0], expected_count(*cells))

    def goes_with_failure(self, condition: Condition, needs: Needs, within: int = -1) -> bool:
        """The numbers of a level are there, in these cases: enough of them, clear enough, from enough owners."""
        if self.failing_owners(condition, within) < OWNERS:
            return False
        whole = within == -1
        cells = self.tables[condition].cells if whole else self.sheet.cells(condition, within)
        if self.compared:
            return self.failing_owners(condition, within) >= SIGNAL_OWNERS and self.signal(cells).low > 0
        if whole and not needs.big_enough(*cells):
            return False
        q = self.q[condition] if whole else self.q_again(condition, cells)
        return needs.clear_enough(q, *cells)

    def q_again(self, condition: Condition, cells: Cells) -> float:
        """The q this condition would have if its table were `cells` and all others stayed."""
        if (condition, cells) not in self.again:
            p_values = {c: table.p_value for c, table in self.tables.items()} | {condition: fisher(*cells)}
            q_values = dict(zip(p_values, benjamini_hochberg(p_values.values()), strict=True))
            self.again[condition, cells] = q_values[condition]
        return self.again[condition, cells]

    # --- what the conditions do to each other

    @cached_property
    def associated(self) -> list[Condition]:
        """Conditions whose own table reaches L2. A recording bias bars that between failing and fine, where it means
        that owners who failed looked harder; between two troubles it is only flagged."""
        reached = [c for c in self.conditions if self.goes_with_failure(c, L2)]
        return reached if self.compared else [c for c in reached if not self.biased(c)]

    @cached_property
    def independent(self) -> list[Condition]:
        return eliminate(self.sheet, self.associated)

    def for_strongest_correlate(self, condition: Condition) -> Adjusted | None:
        """None where the table is too small to be cut in two, or no other dimension was observed beside it."""
        if self.few(self.tables[condition]):
            return None
        # associated ones first: of "dark" and "bright", equally correlated with rain, the one that is a suspect
        rest = [c for c in self.conditions if c not in self.associated]
        correlate = strongest_correlate(self.sheet, condition, self.associated + rest)
        return adjust(self.sheet, condition, correlate) if correlate else None

    def explained_by(self, condition: Condition) -> Adjusted | None:
        """An associated condition that leaves nothing of this one. Where two explain each other, the one that comes
        first in elimination stays."""
        if condition not in self.associated:
            return None
        order = self.independent + [c for c in self.associated if c not in self.independent]
        for other in order:
            if other[0] == condition[0]:
                continue
            held = adjust(self.sheet, condition, other)
            if not held.explains:
                continue
            mutual = adjust(self.sheet, other, condition).explains
            if not mutual or order.index(other) < order.index(condition):
                return held
        return None

    # --- the ladder

    def level(self, condition: Condition, adjusted: Adjusted | None, explained: bool) -> str:
        if self.failing_owners(condition) < OWNERS:
            return "L0"
        if condition not in self.associated or explained:
            return "L1"
        return "L3" if self.robust(condition, adjusted) else "L2"

    def robust(self, condition: Condition, adjusted: Adjusted | None) -> bool:
        """Everything L3 asks for. What was not told about the cases counts as missing."""
        if self.compared or adjusted is None or not self.goes_with_failure(condition, L3):
            return False
        if any(case.stimulated is None for case in self.told):
            return False
        failing_with = self.sheet.having[condition] & self.sheet.failing
        places = {case.place for case in self.sheet.told_by(failing_with)} - {None}
        collected = all(
            sum(case.prospective is True for case in side) >= COLLECTED * len(side)
            for side in (self.failing, self.fine)
        )
        if len(places) < PLACES or not collected:
            return False
        calm = sum(1 << i for i, case in enumerate(self.sheet.cases) if not case.stimulated)
        row, other_row = self.sheet.having[condition], self.sheet.observed[condition[0]]
        kept = [calm, *self.sheet.without_one_owner(row, other_row, *self.sheet.with_and_without(adjusted.for_))]
        return adjusted.ci[0] > 1 and all(
            self.goes_with_failure(condition, L3, within)
            and adjust(self.sheet, condition, adjusted.for_, within).ci[0] > 1
            for within in kept
        )

    def hangs_on_one_owner(self, condition: Condition) -> bool:
        rows = self.sheet.having[condition], self.sheet.observed[condition[0]]
        return not all(self.goes_with_failure(condition, L2, w) for w in self.sheet.without_one_owner(*rows))

    def finding(self, condition: Condition) -> Finding:
        table, explained = self.tables[condition], self.explained_by(condition)
        adjusted = explained or self.for_strongest_correlate(condition)
        level = self.level(condition, adjusted, explained is not None)
        seen = self.sheet.observed[condition[0]]
        unseen_failing = (self.sheet.failing & ~seen).bit_count()
        unseen_fine = (self.sheet.fine & ~seen).bit_count()
        return Finding(
            dimension=condition[0],
            value=condition[1],
            with_=Arm.of(table.a, table.b),
            without=Arm.of(table.c, table.d),
            unobserved=unseen_failing + (0 if self.compared else unseen_fine),
            failing_owners=self.failing_owners(condition),
            table=table,
            q=self.q[condition],
            importance=importance(*table.cells, len(self.failing)),
            ochiai=ochiai(*table.cells),
            e_value=e_value(table.odds_ratio),
            possible=manski_bounds(*table.cells, unseen_failing, unseen_fine),
            signal=self.signal(table.cells) if self.compared else None,
            adjusted=adjusted,
            order=self.independent.index(condition) + 1 if condition in self.independent else None,
            level=level,
            flags=tuple(self.flags(condition, table, adjusted, level, explained is not None)),
        )

    def flags(self, condition: Condition, table: TwoByTwo, adjusted: Adjusted | None, level: str, explained: bool):
        if self.compared:
            yield Flag.COMPARED_WITH_OTHER_FAILURES
        elif not self.fine:
            yield Flag.NO_COMPARISON
        elif not self.failing:
            yield Flag.NOBODY_FAILING
        if self.few(table) or least_p(*table.cells) > 0.05:
            yield Flag.FEW
        if self.biased(condition):
            yield Flag.RECORD_BIAS
        if table.corrected:
            yield Flag.ZERO_CELL
        if explained:
            yield Flag.EXPLAINED_AWAY
        if adjusted and not adjusted.separable:
            yield Flag.INSEPARABLE
        if adjusted and adjusted.reversed:
            yield Flag.SIMPSON
        if adjusted and adjusted.differs:
            yield Flag.ADJUSTED_DIFFERS
        if adjusted and adjusted.heterogeneity_p < 0.05:
            yield Flag.HETEROGENEOUS
        if level in ("L2", "L3") and self.hangs_on_one_owner(condition):
            yield Flag.ONE_OWNER
