from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio as conditional_odds_ratio
from scipy.stats.contingency import relative_risk
from statsmodels.stats.contingency_tables import Table2x2

from kocforum.stats import two_by_two
from kocforum.stats.exact import fisher, least_p, pearson
from kocforum.stats.tables import odds_ratio
from tests.stats.made import any_cells, cells, close

NUMBERS = ("odds_ratio", "risk_ratio", "risk_difference")


def test_tv_a_dark():
    t = two_by_two(18, 6, 7, 29)
    assert close(t.failure, 0.7500)
    assert close(t.context, 0.4167)
    assert close(t.increase, 0.3333)
    assert close(t.odds_ratio, 12.4286)
    assert close(t.odds_ratio_ci[0], 3.6005)
    assert close(t.odds_ratio_ci[1], 42.9016)  # 42.9026 with 1.96 for the exact quantile
    assert t.p_value == pytest.approx(3.61915e-05, rel=1e-5)
    assert close(t.risk_difference, 0.5556)
    assert [round(x, 4) for x in t.risk_difference_ci] == [0.3028, 0.7177]
    assert close(odds_ratio(18, 6, 7, 29, correction=0.5)[0], 11.1949)
    assert not t.corrected


def test_tv_a_conditional_estimate_says_the_same():
    exact = conditional_odds_ratio([[18, 6], [7, 29]])
    interval = exact.confidence_interval(0.95)
    assert [round(x, 4) for x in (exact.statistic, *interval)] == [11.7657, 3.1272, 52.0005]
    ours = two_by_two(18, 6, 7, 29)
    assert interval.low < ours.odds_ratio < interval.high
    assert min(interval.low, ours.odds_ratio_ci[0]) > 1


def test_tv_a2_dirty_sensor():
    t = two_by_two(14, 4, 6, 8)
    assert [round(x, 4) for x in (t.failure, t.context, t.increase)] == [0.7778, 0.6250, 0.1528]
    assert close(t.odds_ratio, 4.6667)
    assert [round(x, 3) for x in t.odds_ratio_ci] == [1.006, 21.652]
    assert close(t.p_value, 0.06833, 5)


@pytest.mark.parametrize(
    ("table", "p", "ratio", "low", "high"),
    [
        ((3, 0, 0, 3), 0.1, 49.0, 0.742, 3237.241),
        ((4, 0, 0, 4), 0.02857, 81.0, 1.3, 5046.711),
        ((5, 0, 1, 5), 0.01515, 40.333, 1.33, 1223.047),
        ((10, 0, 5, 15), 0.0002, 59.182, 2.949, 1187.784),
    ],
)
def test_small_table_vectors_with_a_zero_cell(table, p, ratio, low, high):
    t = two_by_two(*table)
    assert close(t.p_value, p, 5 if p > 0.001 else 4)
    assert close(t.odds_ratio, ratio, 3)
    assert t.odds_ratio_ci == pytest.approx((low, high), rel=2e-3)  # printed with z = 1.96
    assert t.corrected


@pytest.mark.parametrize(("table", "p"), [((4, 1, 1, 5), 0.08009), ((5, 2, 1, 6), 0.10256), ((6, 2, 2, 8), 0.05361)])
def test_small_table_vectors(table, p):
    assert close(two_by_two(*table).p_value, p, 5)


def test_three_against_three_can_never_be_significant():
    assert least_p(3, 0, 0, 3) == pytest.approx(0.1)
    assert least_p(2, 1, 1, 2) == pytest.approx(0.1)
    assert least_p(4, 0, 0, 4) < 0.05


@given(cells)
def test_fisher_is_scipys(table):
    a, b, c, d = table
    assume(a + b and c + d and a + c and b + d)
    assert fisher(*table) == pytest.approx(fisher_exact([[a, b], [c, d]]).pvalue, rel=1e-7, abs=1e-300)


@pytest.mark.parametrize("table", [(900, 100, 850, 150), (4000, 50000, 3000, 52000), (30, 10**6, 12, 10**6)])
def test_fisher_is_scipys_on_large_tables(table):
    a, b, c, d = table
    assert fisher(*table) == pytest.approx(fisher_exact([[a, b], [c, d]]).pvalue, rel=1e-6)


def test_a_table_of_millions_meets_its_normal_limit():
    just_below = (199_000, 200_000, 200_000, 199_000)
    assert fisher(*just_below) == pytest.approx(pearson(*just_below), rel=0.02)
    assert 0.05 < fisher(10**9, 10**9 + 60_000, 10**9 + 60_000, 10**9) < 0.06  # z = 1.9
    assert fisher(0, 190_000, 190_000, 190_000) == 0


@given(cells)
def test_turning_the_table_round_changes_no_p_value(table):
    a, b, c, d = table
    p = fisher(a, b, c, d)
    assert 0 <= p <= 1
    for turned in ((c, d, a, b), (b, a, d, c), (a, c, b, d)):
        assert fisher(*turned) == pytest.approx(p, rel=1e-7, abs=1e-300)


@given(cells)
def test_swapping_the_rows_inverts_the_ratios_and_the_difference(table):
    a, b, c, d = table
    one, other = two_by_two(a, b, c, d), two_by_two(c, d, a, b)
    assume(one.comparable)
    assert other.odds_ratio == pytest.approx(1 / one.odds_ratio)
    assert other.risk_ratio == pytest.approx(1 / one.risk_ratio)
    assert other.risk_difference == pytest.approx(-one.risk_difference)
    assert other.odds_ratio_ci == pytest.approx((1 / one.odds_ratio_ci[1], 1 / one.odds_ratio_ci[0]))
    assert other.risk_difference_ci == pytest.approx((-one.risk_difference_ci[1], -one.risk_difference_ci[0]))


@given(st.tuples(*[st.integers(1, 10**4)] * 4))
def test_ratios_are_statsmodels_and_scipys(table):
    a, b, c, d = table
    ours, theirs = two_by_two(*table), Table2x2(np.array([[a, b], [c, d]]))
    assert ours.odds_ratio == pytest.approx(theirs.oddsratio)
    assert ours.odds_ratio_ci == pytest.approx(theirs.oddsratio_confint())
    assert ours.risk_ratio == pytest.approx(theirs.riskratio)
    assert ours.risk_ratio_ci == pytest.approx(theirs.riskratio_confint())
    risk = relative_risk(a, a + b, c, c + d).confidence_interval(0.95)
    assert ours.risk_ratio_ci == pytest.approx((risk.low, risk.high))


@given(cells)
def test_every_number_of_a_comparable_table_lies_in_its_bounds(table):
    t = two_by_two(*table)
    assume(t.comparable)
    assert 0 <= t.failure <= 1
    assert 0 <= t.context <= 1
    assert -1 <= t.increase <= 1
    assert t.increase == pytest.approx(t.failure - t.context, abs=1e-12)
    for name in NUMBERS:
        low, high = getattr(t, f"{name}_ci")
        assert low <= getattr(t, name) <= high
        assert math.isfinite(low)
        assert math.isfinite(high)


@given(any_cells)
def test_no_table_of_counts_raises(table):
    t = two_by_two(*table)
    assert 0 <= t.p_value <= 1


@given(st.tuples(st.integers(0, 50), st.integers(0, 50)))
def test_an_empty_margin_gives_nan_and_p_1(pair):
    x, y = pair
    for table in ((x, y, 0, 0), (0, 0, x, y), (x, 0, y, 0), (0, x, 0, y)):
        t = two_by_two(*table)
        assert t.p_value == 1.0
        assert all(math.isnan(getattr(t, name)) for name in NUMBERS)
        assert all(math.isnan(end) for name in NUMBERS for end in getattr(t, f"{name}_ci"))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 9))
def test_a_condition_that_says_nothing_has_an_increase_of_exactly_0(failing, fine, times):
    t = two_by_two(failing * times, fine * times, failing, fine)
    assert t.increase == 0
    assert t.risk_difference == 0
    assert t.p_value == pytest.approx(1.0)


@pytest.mark.parametrize("table", [(-1, 2, 3, 4), (1.5, 2, 3, 4), (None, 2, 3, 4), (math.inf, 2, 3, 4)])
def test_what_is_no_count_is_refused(table):
    with pytest.raises(ValueError):
        two_by_two(*table)


def test_numpy_counts_are_counts():
    assert two_by_two(*np.array([18, 6, 7, 29])).p_value == two_by_two(18, 6, 7, 29).p_value
    assert two_by_two(18.0, 6.0, 7.0, 29.0) == two_by_two(18, 6, 7, 29)
