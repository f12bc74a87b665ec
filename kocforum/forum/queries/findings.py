"""Findings in words. The vocabulary is the claim ladder: what goes together, from how many owners; never why.

Counts stand as "a of b"; a percentage never stands without its count; "times" is only ever a risk ratio.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kocforum.stats.findings import Finding, Flag, Lens

CLEARLY_RARER = 0.05  # q, from which on "no clear difference" would be untrue


@dataclass(frozen=True)
class Names:
    """Dimensions and values in one language. `known` maps slugs to (dimension, value); `cars` names model and version."""

    known: Mapping[tuple[str, str], tuple[str, str]]
    cars: Mapping[str, str]

    def of(self, dimension: str, value: str) -> str:
        """ "Weather: light rain", or as it was said where the catalogue does not know it."""
        if dimension in self.cars:
            return f"{self.cars[dimension]} {value}"
        named = self.known.get((dimension, value))
        return (
            _("%(dimension)s: %(value)s") % {"dimension": named[0], "value": named[1]}
            if named
            else f"{dimension}: {value}"
        )


def disclaimer() -> str:
    """What stands beside every number."""
    return _("These are voluntary reports. They show what goes together, not why, and no failure rate of all owners.")


def summary(found: Lens, names: Names) -> str:
    """One sentence over the whole table, for its head."""
    if not found.observations:
        return _("Nobody has told yet how it went.")
    if not found.failing:
        return ngettext("It went well for %(n)s owner.", "It went well for all %(n)s owners.", found.owners) % {
            "n": found.owners
        }
    if found.owners < 3:
        return ngettext(
            "%(n)s owner has reported so far; too few to say how common it is.",
            "%(n)s owners have reported so far; too few to say how common it is.",
            found.owners,
        ) % {"n": found.owners}
    strongest = next(
        (finding for finding in found.findings if finding.level in {"L2", "L3"} and finding.positive), None
    )
    if strongest:
        return sentence(strongest, found, names)
    if found.compared_with_other_failures:
        return _(
            "%(n)s owners report the same; nobody says it went well, so it is compared with other trouble of this function."
        ) % {"n": found.owners}
    if not found.fine:
        return _(
            "%(n)s owners report the same. Nobody has said yet that it went well, so conditions cannot be compared."
        ) % {"n": found.owners}
    return _("%(failing)s of %(all)s cars had it. No condition stands out so far.") % {
        "failing": found.failing,
        "all": found.observations,
    }


def sentence(finding: Finding, found: Lens, names: Names) -> str:
    """What one condition shows, at the level it has reached."""
    counts = {
        "condition": names.of(*finding.condition),
        "a": finding.with_.failing,
        "with": finding.with_.failing + finding.with_.fine,
        "c": finding.without.failing,
        "without": finding.without.failing + finding.without.fine,
        "n": finding.failing_owners,
        "owners": found.owners,
    }
    if finding.adjusted is not None:
        counts["other"] = names.of(*finding.adjusted.for_)
    if finding.level == "L3":
        return _robust(finding, counts)
    if finding.level == "L2":
        return _signal(finding, counts)
    said = _clue(finding, counts)
    if Flag.COMPARED_WITH_OTHER_FAILURES in finding.flags:
        said += " " + _("Nobody says it went well, so this compares with other trouble of this function.")
    return said


def _clue(finding: Finding, counts: dict) -> str:
    """Below L2: what stands in the way of saying more, or the counts alone."""
    flags = set(finding.flags)
    if not finding.with_.failing and Flag.NO_COMPARISON not in flags and finding.with_.fine:
        return _("With %(condition)s it went well in all %(with)s cars.") % counts
    if Flag.EXPLAINED_AWAY in flags:
        return _("%(condition)s alone seems to go with it, but together with %(other)s nothing of it is left.") % counts
    if Flag.RECORD_BIAS in flags:
        return (
            _("%(condition)s was noted much more often by one side than by the other, so it cannot be compared yet.")
            % counts
        )
    if Flag.NO_COMPARISON in flags:
        return (
            _(
                "%(n)s owners report it with %(condition)s; nobody has said yet that it went well, so there is no comparison."
            )
            % counts
        )
    if finding.level == "L0":
        return (
            ngettext(
                "With %(condition)s it is %(n)s owner so far; too few to say how common it is.",
                "With %(condition)s it is %(n)s owners so far; too few to say how common it is.",
                finding.failing_owners,
            )
            % counts
        )
    if Flag.FEW in flags:
        return _counted(finding, counts, _("too few to tell yet."))
    if finding.table.risk_ratio_ci[1] < 1 and finding.q <= CLEARLY_RARER:
        return _counted(finding, counts, _("less often. That goes together; it does not say why."))
    return _counted(finding, counts, _("no clear difference."))


def _counted(finding: Finding, counts: dict, what: str) -> str:
    """Both counts, and what they show. Beside other trouble they count reports: no car of them was fine."""
    if Flag.COMPARED_WITH_OTHER_FAILURES in finding.flags:
        said = _(
            "With %(condition)s %(a)s of %(with)s reports are of this trouble, otherwise %(c)s of %(without)s: %(what)s"
        )
    else:
        said = _("With %(condition)s %(a)s of %(with)s cars had it, otherwise %(c)s of %(without)s: %(what)s")
    return said % {**counts, "what": what}


def _signal(finding: Finding, counts: dict) -> str:
    if Flag.COMPARED_WITH_OTHER_FAILURES in finding.flags:
        return (
            _(
                "%(condition)s stands out: in %(a)s reports of this trouble, more than among other trouble of this function. "
                "That goes together; it does not say why."
            )
            % counts
        )
    low, high = finding.table.risk_difference_ci
    ratio = finding.table.risk_ratio
    said = (
        _(
            "Among owners who told how it went, %(a)s of %(with)s cars had it with %(condition)s, otherwise %(c)s of %(without)s."
        )
        % counts
    )
    if math.isfinite(ratio) and not finding.table.corrected:
        said = _joined(
            said,
            _("That is about %(times)s times as often (%(low)s to %(high)s).")
            % {
                "times": f"{ratio:.1f}",
                "low": f"{finding.table.risk_ratio_ci[0]:.1f}",
                "high": f"{finding.table.risk_ratio_ci[1]:.1f}",
            },
        )
    return _joined(
        said,
        _("It goes together, which does not say why; the difference may be %(low)s to %(high)s points.")
        % {"low": round(low * 100), "high": round(high * 100)},
    )


def _joined(first: str, second: str) -> str:
    """Two sentences: Chinese ones follow each other without a space."""
    return first + ("" if first.endswith("。") else " ") + second


def _robust(finding: Finding, counts: dict) -> str:
    adjusted = finding.adjusted
    return _(
        "With %(condition)s %(a)s of %(with)s cars had it, otherwise %(c)s of %(without)s. It still holds with %(other)s held "
        "still and without any single owner (adjusted ratio %(ratio)s, 95%% interval %(low)s to %(high)s)."
    ) % {
        **counts,
        "ratio": f"{adjusted.odds_ratio:.1f}",
        "low": f"{adjusted.ci[0]:.1f}",
        "high": f"{adjusted.ci[1]:.1f}",
    }
