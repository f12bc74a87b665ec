from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from kocforum.stats import mantel_haenszel, two_by_two
from tests.stats.made import any_cells, close

RAIN_GIVEN_DARK = [(18, 6, 9, 3), (2, 6, 9, 27)]
DARK_GIVEN_RAIN = [(18, 6, 2, 6), (9, 3, 9, 27)]
full = st.tuples(*[st.integers(1, 200)] * 4)


def oracle(strata):
    return StratifiedTable([np.array([[a, b], [c, d]]) for a, b, c, d in strata])


def test_tv_b_rain_looks_real_until_dark_is_held_still():
    crude = two_by_two(20, 12, 18, 30)
    assert close(crude.odds_ratio, 2.7778)
    assert [round(x, 4) for x in crude.odds_ratio_ci] == [1.1026, 6.9977]
    assert close(crude.p_value, 0.03981, 5)
    held = mantel_haenszel(RAIN_GIVEN_DARK)
    assert held.odds_ratio == pytest.approx(1.0, abs=1e-12)
    assert [round(x, 4) for x in held.ci] == [0.3052, 3.2766]
    assert held.statistic == pytest.approx(0, abs=1e-20)
    assert held.p_value == 1


def test_tv_b_dark_given_rain():
    held = mantel_haenszel(DARK_GIVEN_RAIN)
    assert held.odds_ratio == pytest.approx(9.0)
    assert [round(x, 4) for x in held.ci] == [2.7969, 28.9602]
    assert close(held.statistic, 15.5996)
    assert held.p_value == pytest.approx(7.83e-05, rel=1e-3)


def test_tv_b_the_nan_trap_heterogeneity_is_never_significant_at_a_pooled_ratio_of_1():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = oracle(RAIN_GIVEN_DARK).test_equal_odds()
    assert math.isnan(theirs.pvalue)  # 0/0 in the textbook root
    assert mantel_haenszel(RAIN_GIVEN_DARK).heterogeneity_p == pytest.approx(1.0)


def test_strata_that_disagree_are_found_even_at_a_pooled_ratio_of_1():
    held = mantel_haenszel([(30, 10, 10, 30), (10, 30, 30, 10)])
    assert held.odds_ratio == pytest.approx(1.0)
    assert held.heterogeneity_p < 1e-6


@pytest.mark.parametrize("strata", [[(3, 4, 5, 6)], [(0, 4, 5, 6), (0, 0, 3, 3)], []])
def test_heterogeneity_that_cannot_be_tested_is_nan_which_no_threshold_takes_for_significant(strata):
    p = mantel_haenszel(strata).heterogeneity_p
    assert math.isnan(p)
    assert not p < 0.05


def test_simpson_vector_after_against_before_in_both_lights():
    held = mantel_haenszel([(5, 15, 24, 56), (68, 12, 18, 2)])
    assert close(held.odds_ratio, 0.7222)
    assert [round(x, 4) for x in held.ci] == [0.2902, 1.7976]


@given(st.lists(full, min_size=2, max_size=6))
def test_mantel_haenszel_is_statsmodels(strata):
    ours, theirs = mantel_haenszel(strata), oracle(strata)
    assert ours.odds_ratio == pytest.approx(theirs.oddsratio_pooled)
    assert ours.ci == pytest.approx(theirs.oddsratio_pooled_confint())
    null = theirs.test_null_odds(correction=False)
    assert ours.statistic == pytest.approx(null.statistic, abs=1e-9)
    assert ours.p_value == pytest.approx(null.pvalue, abs=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        equal = theirs.test_equal_odds().pvalue
    if abs(ours.odds_ratio - 1) > 1e-3:  # their root cancels near 1
        assert ours.heterogeneity_p == pytest.approx(equal, abs=1e-6)


@given(full)
def test_one_stratum_is_the_plain_table(table):
    ours = mantel_haenszel([table])
    assert ours.odds_ratio == pytest.approx(two_by_two(*table).odds_ratio)
    assert ours.ci == pytest.approx(two_by_two(*table).odds_ratio_ci)


@given(st.lists(full, min_size=1, max_size=4))
def test_swapping_the_rows_of_every_stratum_inverts_the_ratio(strata):
    one, other = mantel_haenszel(strata), mantel_haenszel([(c, d, a, b) for a, b, c, d in strata])
    assert other.odds_ratio == pytest.approx(1 / one.odds_ratio)
    assert other.p_value == pytest.approx(one.p_value)


@given(st.lists(any_cells, max_size=4))
def test_no_strata_of_counts_raise(strata):
    held = mantel_haenszel(iter(strata))
    assert 0 <= held.p_value <= 1
    assert math.isnan(held.odds_ratio) or held.odds_ratio >= 0
    assert math.isnan(held.heterogeneity_p) or 0 <= held.heterogeneity_p <= 1


def test_margins_of_very_different_size_do_not_cancel_the_expected_cell():
    held = mantel_haenszel([(10**10, 10**10, 1, 0), (1, 10**19, 10**19, 1)])
    assert 0 <= held.heterogeneity_p <= 1 or math.isnan(held.heterogeneity_p)


@given(st.lists(full, min_size=1, max_size=3), st.integers(0, 30), st.integers(0, 30))
def test_a_stratum_with_an_empty_margin_says_nothing(strata, x, y):
    plain = mantel_haenszel(strata)
    for empty in ((x, y, 0, 0), (0, 0, x, y), (x, 0, y, 0), (0, x, 0, y)):
        assert mantel_haenszel([*strata, empty]) == plain


def test_nothing_to_pool_gives_nan_and_p_1():
    for strata in ([], [(0, 0, 0, 0)], [(5, 0, 5, 0)], [(0, 0, 3, 4), (3, 4, 0, 0)]):
        held = mantel_haenszel(strata)
        assert math.isnan(held.odds_ratio)
        assert all(map(math.isnan, held.ci))
        assert held.p_value == 1
        assert held.strata == 0


def test_a_perfect_split_is_infinite_unless_corrected():
    assert mantel_haenszel([(5, 0, 0, 5)]).odds_ratio == math.inf
    assert mantel_haenszel([(0, 5, 5, 0)]).odds_ratio == 0
    corrected = mantel_haenszel([(3, 0, 0, 3)], correction=0.5)
    assert corrected.odds_ratio == pytest.approx(49)
    assert corrected.p_value == mantel_haenszel([(3, 0, 0, 3)]).p_value


@pytest.mark.parametrize("strata", [[(1, 2, 3)], [(1, 2, 3, -4)], [(1, 2, 3, 4.5)]])
def test_what_is_no_stratum_is_refused(strata):
    with pytest.raises(ValueError):
        mantel_haenszel(strata)
