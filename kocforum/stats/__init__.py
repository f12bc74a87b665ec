"""Pure statistics: numbers in, numbers out. No framework, no database, and no wait: SciPy is imported where it is used.

Counts are non-negative whole numbers. An empty margin gives nan and p 1.0, never an exception; a number that cannot be
a count raises ValueError. Intervals use the exact normal quantile.
"""

from __future__ import annotations

from kocforum.stats.agreement import Agreement, krippendorff_alpha
from kocforum.stats.cases import Case
from kocforum.stats.changes import Change, mean_change, nps_change, share_change
from kocforum.stats.comparison import BeforeAfter, before_after
from kocforum.stats.crosstabs import Crosstab, crosstab
from kocforum.stats.disclosure import suppress, suppress_groups
from kocforum.stats.disproportionality import InformationComponent, information_component
from kocforum.stats.emergence import emergence_tail
from kocforum.stats.estimates import Estimate
from kocforum.stats.findings import Finding, Flag, Lens
from kocforum.stats.intervals import newcombe, wilson
from kocforum.stats.maxdiff import count_scores, maxdiff_sets, utilities
from kocforum.stats.multiplicity import benjamini_hochberg, benjamini_yekutieli
from kocforum.stats.opinions import Opinions, Stand, opinion_groups
from kocforum.stats.pairwise import Contender, bradley_terry, next_pair
from kocforum.stats.placings import Placing, borda
from kocforum.stats.promoters import nps
from kocforum.stats.ranking import importance
from kocforum.stats.ratings import Rating, describe_rating
from kocforum.stats.responding import contradictions, longest_run, speed_limit, speeder, straight_liner
from kocforum.stats.samples import Stratified, simple_mean, stratified_mean, wilson_finite
from kocforum.stats.saturation import Saturation, saturation
from kocforum.stats.strata import MantelHaenszel, mantel_haenszel
from kocforum.stats.tables import TwoByTwo, two_by_two
from kocforum.stats.themes import Theme, themes
from kocforum.stats.weights import Weighting, effective_n, rake, weighted_mean, weighted_share

__all__ = [
    "Agreement",
    "BeforeAfter",
    "Case",
    "Change",
    "Contender",
    "Crosstab",
    "Estimate",
    "Finding",
    "Flag",
    "InformationComponent",
    "Lens",
    "MantelHaenszel",
    "Opinions",
    "Placing",
    "Rating",
    "Saturation",
    "Stand",
    "Stratified",
    "Theme",
    "TwoByTwo",
    "Weighting",
    "before_after",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "borda",
    "bradley_terry",
    "contradictions",
    "count_scores",
    "crosstab",
    "describe_rating",
    "effective_n",
    "emergence_tail",
    "importance",
    "information_component",
    "krippendorff_alpha",
    "longest_run",
    "mantel_haenszel",
    "maxdiff_sets",
    "mean_change",
    "newcombe",
    "next_pair",
    "nps",
    "nps_change",
    "opinion_groups",
    "rake",
    "saturation",
    "share_change",
    "simple_mean",
    "speed_limit",
    "speeder",
    "straight_liner",
    "stratified_mean",
    "suppress",
    "suppress_groups",
    "themes",
    "two_by_two",
    "utilities",
    "weighted_mean",
    "weighted_share",
    "wilson",
    "wilson_finite",
]
