from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kocforum.stats import newcombe, wilson
from kocforum.stats.intervals import normal_quantile
from tests.stats.made import close

counts = st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
some = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(0, 3, 0, 0.5615), (3, 3, 0.4385, 1), (0, 5, 0, 0.4345), (8, 10, 0.4902, 0.9433), (26, 30, 0.7032, 0.9469)],
)
def test_wilson_of_the_small_table_vectors(successes, n, low, high):
    found = wilson(successes, n)
    assert close(found[0], low)
    assert close(found[1], high)


def test_tv_a_fail_rates_in_the_dark_and_in_the_light():
    assert [round(x, 4) for x in (*wilson(18, 24), *wilson(7, 36))] == [0.5510, 0.8800, 0.0975, 0.3503]


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((26, 30), (6, 30), 0.4286, 0.7988),
        ((8, 10), (2, 10), 0.1618, 0.8027),
        ((3, 3), (1, 3), -0.0586, 0.9385),
        ((18, 30), (12, 30), -0.0500, 0.4179),
        ((9, 9), (0, 9), 0.5769, 1),
        ((18, 24), (7, 36), 0.3028, 0.7177),
    ],
)
def test_newcombe_of_the_uncorrected_vectors(after, before, low, high):
    found = newcombe(*after, *before)
    assert close(found[0], low)
    assert close(found[1], high)


@given(some, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_is_scipys_and_statsmodels(pair, confidence):
    found = wilson(*pair, confidence)
    scipys = binomtest(*pair).proportion_ci(confidence, method="wilson")
    assert found == pytest.approx((scipys.low, scipys.high), abs=1e-9)
    assert found == pytest.approx(proportion_confint(*pair, alpha=1 - confidence, method="wilson"), abs=1e-9)


@given(some, some)
def test_newcombe_is_statsmodels(first, second):
    theirs = confint_proportions_2indep(*first, *second, method="newcomb")
    assert newcombe(*first, *second) == pytest.approx(theirs, abs=1e-9)


@given(some)
def test_a_wilson_interval_holds_its_share_within_0_and_1(pair):
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1


@given(some)
def test_wilson_turned_round_is_its_mirror(pair):
    successes, n = pair
    low, high = wilson(successes, n)
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_one_more_success_lifts_both_ends(pair):
    successes, n = pair
    lower, upper = wilson(successes, n), wilson(successes + 1, n)
    assert upper[0] > lower[0]
    assert upper[1] >= lower[1]


@given(some, some)
def test_newcombe_holds_the_difference_and_turns_round(first, second):
    low, high = newcombe(*first, *second)
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1
    assert newcombe(*second, *first) == pytest.approx((-high, -low), abs=1e-12)


@given(counts)
def test_no_cases_give_nan_and_no_exception(pair):
    wilson(*pair)
    assert all(map(math.isnan, wilson(0, 0)))
    assert all(map(math.isnan, newcombe(0, 0, *pair)))
    assert all(map(math.isnan, newcombe(*pair, 0, 0)))


def test_the_quantile_is_exact():
    assert normal_quantile(0.95) == pytest.approx(norm.ppf(0.975), abs=1e-15)
    assert normal_quantile(0.95) != 1.96


@pytest.mark.parametrize("arguments", [(4, 3), (-1, 3), (1.5, 3), ("many", 3), (1, math.nan), (1, 3, 0), (1, 3, 1)])
def test_what_is_no_count_is_refused(arguments):
    with pytest.raises(ValueError):
        wilson(*arguments)
