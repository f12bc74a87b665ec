from __future__ import annotations

import math
import warnings
from itertools import combinations
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import hypergeom, norm, t

from kocforum.stats import simple_mean, stratified_mean, wilson, wilson_finite
from tests.stats.made import close
from tests.stats.survey_data import answers

SCHOOLS = {"E": 4421, "M": 1018, "H": 755}
values = st.lists(st.floats(-1000, 1000), min_size=2, max_size=30)


# --- the schools of California, as the R package survey has them


@pytest.mark.real_data
def test_the_simple_sample_of_schools():
    found = simple_mean([float(row["api00"]) for row in answers("apisrs.csv")], 6194)
    assert close(found.value, 656.58, 2)
    assert close(found.standard_error, 9.2497)
    assert found.n == 200


@pytest.mark.real_data
def test_the_stratified_sample_of_schools():
    rows = answers("apistrat.csv")
    found = stratified_mean([float(row["api00"]) for row in rows], [row["stype"] for row in rows], SCHOOLS)
    assert close(found.value, 662.29, 2)
    assert close(found.standard_error, 9.4089)
    assert (found.missing, found.lonely) == ((), ())
    reach = t.ppf(0.975, 197) * found.standard_error
    assert (found.low, found.high) == pytest.approx((found.value - reach, found.value + reach))


@pytest.mark.real_data
def test_the_mean_of_a_stratified_sample_is_that_of_its_weights():
    rows = answers("apistrat.csv")
    scores, weights = [float(row["enroll"]) for row in rows], [float(row["pw"]) for row in rows]
    found = stratified_mean(scores, [row["stype"] for row in rows], SCHOOLS)
    assert found.value == pytest.approx(np.average(scores, weights=weights), rel=1e-6)
    assert found.effective_n == pytest.approx(sum(weights) ** 2 / sum(w * w for w in weights), rel=1e-6)


# --- simple samples


@given(values)
def test_an_endless_frame_gives_students_interval(sample):
    found = simple_mean(sample)
    error = stdev(sample) / math.sqrt(len(sample))
    assert found.standard_error == pytest.approx(error, abs=1e-9)
    if error > 1e-6:
        theirs = t.interval(0.95, len(sample) - 1, loc=mean(sample), scale=error)
        assert (found.low, found.high) == pytest.approx(theirs, abs=1e-6)


def test_the_error_is_right_over_every_sample_that_could_be_drawn():
    frame = [1.0, 2, 2, 5, 7, 9, 11]
    found = [simple_mean(sample, len(frame)) for sample in combinations(frame, 3)]
    assert mean(f.value for f in found) == pytest.approx(mean(frame))
    spread = mean((f.value - mean(frame)) ** 2 for f in found)
    assert mean(f.standard_error**2 for f in found) == pytest.approx(spread)


def test_everybody_leaves_no_doubt():
    found = simple_mean([1, 2, 6], 3)
    assert (found.value, found.standard_error, found.low, found.high) == (3, 0, 3, 3)


def test_one_answer_is_a_mean_and_no_interval():
    found = simple_mean([4])
    assert found.value == 4
    assert math.isnan(found.standard_error)
    assert math.isnan(found.low)
    assert simple_mean([4], 1).high == 4


def test_nobody_is_nan_and_no_exception():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in (simple_mean([]), simple_mean([], 10), stratified_mean([], [], SCHOOLS)):
            assert found.n == 0
            assert all(map(math.isnan, (found.value, found.standard_error, found.low, found.high)))


# --- strata


def test_one_stratum_is_a_simple_sample():
    sample = [3.0, 5, 4, 9, 1]
    found, plain = stratified_mean(sample, ["all"] * 5, {"all": 40}), simple_mean(sample, 40)
    assert (found.value, found.standard_error, found.low) == pytest.approx(
        (plain.value, plain.standard_error, plain.low)
    )


def test_a_stratum_without_answers_is_told_and_left_out():
    found = stratified_mean([1, 3, 5, 9], ["a", "a", "b", "b"], {"a": 10, "b": 30, "c": 60, "nobody": 0})
    assert found.missing == ("c",)
    assert found.value == pytest.approx(0.25 * 2 + 0.75 * 7)


def test_a_single_answer_borrows_the_spread_of_the_others():
    found = stratified_mean([1, 3, 5, 9, 4], ["a", "a", "b", "b", "c"], {"a": 10, "b": 30, "c": 60})
    assert found.lonely == ("c",)
    pooled = (2 + 8) / 2
    variance = 0.01 * 0.8 * 2 / 2 + 0.09 * (28 / 30) * 8 / 2 + 0.36 * (59 / 60) * pooled
    assert found.standard_error == pytest.approx(math.sqrt(variance))


def test_single_answers_alone_have_a_mean_and_no_interval():
    found = stratified_mean([1, 3], ["a", "b"], {"a": 10, "b": 30})
    assert found.value == 2.5
    assert math.isnan(found.standard_error)
    assert math.isnan(found.high)
    assert stratified_mean([1, 3], ["a", "b"], {"a": 1, "b": 1}).standard_error == 0


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(5)
    frame = {"a": rng.normal(3, 1, 300), "b": rng.normal(6, 2, 100), "c": rng.exponential(2, 50)}
    truth = np.concatenate(list(frame.values())).mean()
    sizes, held = {"a": 20, "b": 30, "c": 25}, 0
    for _ in range(400):
        drawn = {key: rng.choice(frame[key], n, replace=False) for key, n in sizes.items()}
        strata = [key for key, n in sizes.items() for _ in range(n)]
        found = stratified_mean(np.concatenate(list(drawn.values())), strata, {k: len(v) for k, v in frame.items()})
        held += found.low <= truth <= found.high
    assert 0.92 < held / 400 < 0.98


# --- a share of a frame


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 3000))
def test_up_to_a_twentieth_of_the_frame_it_is_wilsons(yes, no, more):
    n = yes + no
    found = wilson_finite(yes, n, n * 20 + more)
    assert found == pytest.approx(wilson(yes, n), nan_ok=True)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 200))
def test_beyond_it_lies_within_wilsons_and_around_the_share(yes, no, others):
    n = yes + no
    if not n:
        return
    low, high = wilson_finite(yes, n, n + others)
    outer = wilson(yes, n)
    assert outer[0] - 1e-12 <= low <= yes / n <= high <= outer[1] + 1e-12


@pytest.mark.parametrize(("yes", "n", "frame"), [(10, 40, 100), (3, 50, 120), (45, 60, 90), (20, 40, 1e2)])
def test_its_ends_are_where_the_score_test_turns(yes, n, frame):
    z, p = norm.ppf(0.975), yes / n

    def score(truth):
        return (p - truth) ** 2 - z * z * truth * (1 - truth) / n * (frame - n) / (frame - 1)

    found = wilson_finite(yes, n, frame)
    assert found == pytest.approx((brentq(score, 1e-9, p), brentq(score, p, 1 - 1e-9)))


def test_it_holds_the_truth_as_often_as_it_says():
    frame, n = 200, 80
    for members in (20, 60, 100, 150):
        drawn = hypergeom(frame, members, n)
        held = sum(
            drawn.pmf(k)
            for k in range(n + 1)
            if drawn.pmf(k) > 0 and wilson_finite(k, n, frame)[0] <= members / frame <= wilson_finite(k, n, frame)[1]
        )
        assert 0.93 < held < 0.98


def test_everybodys_answer_is_the_share_itself():
    assert wilson_finite(3, 12, 12) == (0.25, 0.25)
    assert all(map(math.isnan, wilson_finite(0, 0, 12)))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: simple_mean([1, math.nan]), "finite number"),
        (lambda: simple_mean([1, "x"]), "must be a number"),
        (lambda: simple_mean([1, 2, 3], 2), "3 answers out of 2"),
        (lambda: simple_mean([1, 2, 3], confidence=2), "confidence"),
        (lambda: stratified_mean([1, 2], ["a"], {"a": 5}), "2 values but 1"),
        (lambda: stratified_mean([1], ["b"], {"a": 5}), "'b' is not given"),
        (lambda: stratified_mean([1, 2], ["a", "a"], {"a": 1}), "2 answers out of 1"),
        (lambda: wilson_finite(5, 4, 10), "5 successes out of 4"),
        (lambda: wilson_finite(1, 4, 3), "4 answers out of 3"),
        (lambda: wilson_finite(4, 4, 4, 1), "confidence"),
    ],
)
def test_what_is_no_sample_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
