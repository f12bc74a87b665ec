from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, gamma

from kocforum.stats import information_component
from kocforum.stats.disproportionality import (
    expected_count,
    proportional_reporting_ratio,
    reporting_odds_ratio,
    yates_chi_square,
)
from tests.stats.made import any_cells, close

TV_C = (12, 88, 30, 870)


def test_the_outside_oracle_of_12_observed_and_5_expected():
    found = information_component(12, 5)
    assert close(found.low, 0.2542334, 7)
    assert close(found.ic, 1.184425, 6)
    assert close(found.high, 1.885627, 6)


def test_tv_c_ratios():
    ratio, ci = proportional_reporting_ratio(*TV_C)
    assert [round(x, 3) for x in (ratio, *ci)] == [3.6, 1.904, 6.805]
    ratio, ci = reporting_odds_ratio(*TV_C)
    assert [round(x, 3) for x in (ratio, *ci)] == [3.955, 1.955, 7.999]
    assert close(yates_chi_square(*TV_C), 14.716, 3)


def test_tv_c_information_component():
    assert expected_count(*TV_C) == pytest.approx(4.2)
    found = information_component(12, expected_count(*TV_C))
    assert close(found.ic, 1.4112)
    assert close(found.low, 0.4810)


@pytest.mark.parametrize(("observed", "expected", "ic", "low"), [(2, 0.1, 2.0589, -0.5297), (1, 0.01, 1.5564, -2.2408)])
def test_shrinkage_vectors_a_huge_ratio_of_few_is_no_signal(observed, expected, ic, low):
    found = information_component(observed, expected)
    assert close(found.ic, ic)
    assert close(found.low, low)


@given(st.integers(0, 10**6), st.floats(0, 1e6))
def test_it_is_the_gamma_quantile(observed, expected):
    found = information_component(observed, expected)
    assert found.low < found.ic < found.high
    quantiles = gamma.ppf([0.025, 0.975], observed + 0.5, scale=1 / (expected + 0.5))
    assert (found.low, found.high) == pytest.approx(np.log2(quantiles), abs=1e-6)


@given(st.integers(0, 10**4), st.floats(0, 1e4), st.floats(0.01, 1e4))
def test_more_observed_or_less_expected_is_never_a_weaker_signal(observed, expected, more):
    found = information_component(observed, expected)
    assert information_component(observed + 1, expected).low > found.low
    assert information_component(observed, expected + more).low <= found.low


@given(any_cells)
def test_no_counts_raise(table):
    yates_chi_square(*table)
    proportional_reporting_ratio(*table)
    reporting_odds_ratio(*table)
    information_component(table[0], expected_count(*table))


def test_nothing_observed_of_nothing_expected_is_0_bits():
    assert information_component(0, 0).ic == 0
    assert math.isnan(information_component(0, math.nan).ic)
    assert math.isnan(expected_count(0, 0, 0, 0))


@given(st.tuples(*[st.integers(1, 1000)] * 4))
def test_yates_is_scipys(table):
    a, b, c, d = table
    assert yates_chi_square(*table) == pytest.approx(chi2_contingency([[a, b], [c, d]]).statistic, abs=1e-9)


def test_what_is_negative_is_refused():
    for pair in ((-1, 2), (1, -2)):
        with pytest.raises(ValueError):
            information_component(*pair)
