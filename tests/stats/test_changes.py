from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, ttest_ind
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from kocforum.stats import Change, describe_rating, mean_change, newcombe, nps, nps_change, share_change
from tests.stats.made import close

values = st.lists(st.integers(0, 10), min_size=2, max_size=40)
wave = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
NAN = math.nan


def moments(answers):
    return float(np.mean(answers)), float(np.var(answers, ddof=1)), len(answers)


def mirrored(change):
    return (-change.difference, -change.high, -change.low, change.p_value)


def parts(change):
    return (change.difference, change.low, change.high, change.p_value)


# --- shares


def test_newcombes_own_example():
    """Method 10 of his table II: 56/70 against 48/80."""
    found = share_change(48, 80, 56, 70)
    assert close(found.difference, 0.2)
    assert close(found.low, 0.0524)
    assert close(found.high, 0.3339)


@given(st.integers(40, 400), st.integers(40, 400), st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_large_waves_meet_the_z_test(n_before, n_after, p, q):
    before, after = round(n_before * p), round(n_after * q)
    found = share_change(before, n_before, after, n_after)
    assert found.p_value == pytest.approx(proportions_ztest([after, before], [n_after, n_before])[1], abs=1e-12)
    theirs = confint_proportions_2indep(after, n_after, before, n_before, method="newcomb")
    assert (found.low, found.high) == pytest.approx(theirs)


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_small_waves_meet_fishers_test(n_before, n_after, data):
    before, after = data.draw(st.integers(0, n_before)), data.draw(st.integers(0, n_after))
    found = share_change(before, n_before, after, n_after)
    table = [[after, n_after - after], [before, n_before - before]]
    assert found.p_value == pytest.approx(fisher_exact(table)[1])
    assert (found.low, found.high) == newcombe(after, n_after, before, n_before)


def test_a_rise_is_positive_and_the_way_back_its_mirror():
    there, back = share_change(10, 100, 30, 100), share_change(30, 100, 10, 100)
    assert there.difference == pytest.approx(0.2)
    assert 0 < there.low < there.high
    assert parts(back) == pytest.approx(mirrored(there))


def test_the_same_share_of_other_numbers_is_no_change_at_all():
    found = share_change(1, 3, 111, 333)
    assert (found.difference, found.p_value) == (0, 1)
    assert found.low < 0 < found.high


def test_a_share_of_all_or_none_in_both_waves():
    assert share_change(0, 50, 0, 70).p_value == 1
    assert share_change(50, 50, 70, 70).difference == 0


# --- means


@given(values, values)
def test_means_meet_welchs_test(before, after):
    if np.ptp(before) + np.ptp(after) == 0:
        return
    found = mean_change(moments(before), moments(after))
    theirs = ttest_ind(after, before, equal_var=False)
    assert found.difference == pytest.approx(np.mean(after) - np.mean(before))
    assert found.p_value == pytest.approx(theirs.pvalue, abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(theirs.confidence_interval()))


def test_it_takes_two_ratings():
    first, second = describe_rating({3: 20, 4: 20, 5: 10}, 1, 5), describe_rating({3: 10, 4: 20, 5: 20}, 1, 5)
    found = mean_change((first.mean, first.variance, first.n), (second.mean, second.variance, second.n))
    assert found.difference == pytest.approx(0.4)
    assert 0 < found.low < 0.4 < found.high
    assert found.p_value < 0.05


def test_agreement_within_both_waves_is_worth_what_its_people_are():
    found = mean_change((4, 0, 3), (5, 0, 3))
    assert (found.difference, found.low, found.high) == (1, 1, 1)
    assert found.p_value == pytest.approx(2 / 20)  # the two of 20 ways to deal six people that are this extreme
    assert mean_change((4, 0, 30), (5, 0, 30)).p_value < 1e-9
    assert mean_change((4, 0, 3), (4, 0, 30)).p_value == 1


def test_a_single_answer_shows_a_difference_and_no_spread():
    found = mean_change((4, NAN, 1), (5, 0.5, 30))
    assert (found.difference, found.p_value) == (1, 1)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


# --- net promoter scores


def test_a_score_by_hand():
    found = nps_change((40, 30, 30), (55, 25, 20))
    assert found.difference == pytest.approx(25)
    error = math.hypot(math.sqrt((0.7 - 0.01) / 100), math.sqrt((0.75 - 0.1225) / 100)) * 100
    assert found.high - found.difference == pytest.approx(1.959963984540054 * error)
    assert found.p_value == pytest.approx(math.erfc(25 / error / math.sqrt(2)))


@given(wave, wave)
def test_scores_keep_their_bounds_and_mirror(before, after):
    found = nps_change(before, after)
    if not (sum(before) and sum(after)):
        assert math.isnan(found.difference)
        return
    assert found.difference == pytest.approx(nps(*after)[0] - nps(*before)[0])
    assert 0 <= found.p_value <= 1
    assert found.low <= found.difference <= found.high
    assert parts(nps_change(after, before)) == pytest.approx(mirrored(found))
    if found.low < found.high and abs(found.p_value - 0.05) > 1e-9:
        assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)


def test_the_confidence_moves_the_interval_and_not_the_p_value():
    wide, narrow = (nps_change((40, 30, 30), (55, 25, 20), confidence) for confidence in (0.99, 0.8))
    assert wide.p_value == pytest.approx(narrow.p_value)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_its_error_is_the_spread_of_many_pairs_of_waves():
    rng = np.random.default_rng(5)
    before, after = rng.multinomial(80, [0.4, 0.3, 0.3], 2000), rng.multinomial(120, [0.5, 0.3, 0.2], 2000)
    held = sum(c.low <= 20 <= c.high for c in map(nps_change, before.tolist(), after.tolist()))
    assert 0.93 < held / 2000 < 0.97


def test_everybody_alike_in_both_waves():
    assert parts(nps_change((5, 0, 0), (9, 0, 0))) == (0, 0, 0, 1)
    assert nps_change((0, 0, 3), (3, 0, 0)).p_value == pytest.approx(0.1)


# --- nobody, and what is no wave


@pytest.mark.parametrize(
    "found",
    [
        share_change(0, 0, 3, 9),
        share_change(3, 9, 0, 0),
        mean_change((NAN, NAN, 0), (4, 1, 9)),
        mean_change((4, 1, 9), (NAN, NAN, 0)),
        nps_change((0, 0, 0), (1, 2, 3)),
        nps_change((1, 2, 3), (0, 0, 0)),
    ],
)
def test_a_wave_of_nobody_is_nan(found):
    assert isinstance(found, Change)
    assert all(map(math.isnan, (found.difference, found.low, found.high)))
    assert found.p_value == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: share_change(5, 4, 1, 4), "5 successes out of 4"),
        (lambda: share_change(1, 4, -1, 4), "whole number"),
        (lambda: share_change(1, 4, 1, 4, 1.5), "confidence"),
        (lambda: mean_change((1, -1, 9), (1, 1, 9)), "variance"),
        (lambda: mean_change((1, NAN, 9), (1, 1, 9)), "variance"),
        (lambda: mean_change((NAN, 1, 9), (1, 1, 9)), "a mean"),
        (lambda: mean_change((1, 1, 9.5), (1, 1, 9)), "whole number"),
        (lambda: mean_change((1, 1, 9), (1, 1, 9), 0), "confidence"),
        (lambda: nps_change((1, -2, 3), (1, 2, 3)), "whole number"),
        (lambda: nps_change((1, 2, 3), (1, 2, 3), 0), "confidence"),
    ],
)
def test_what_is_no_wave_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
