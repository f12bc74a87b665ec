from __future__ import annotations

import math
import random
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import t
from statsmodels.regression.linear_model import WLS

from kocforum.stats import effective_n, rake, weighted_mean, weighted_share, wilson
from tests.stats.survey_data import answers

weights = st.lists(st.floats(0.01, 50), min_size=2, max_size=40)


def people(**counts):
    """Rows from car_tier=number of people."""
    return [dict(zip(("car", "tier"), name.split("_"), strict=True)) for name, n in counts.items() for _ in range(n)]


def weighted_margin(rows, found, variable):
    margin = {}
    for row, weight in zip(rows, found.weights, strict=True):
        margin[row[variable]] = margin.get(row[variable], 0) + weight / len(rows)
    return margin


ROWS = people(S7_koc=30, S7_owner=20, X9_koc=35, X9_owner=15)
MARGINS = {"car": {"S7": 0.7, "X9": 0.3}, "tier": {"koc": 0.4, "owner": 0.6}}


def test_both_margins_hold_afterwards():
    found = rake(ROWS, MARGINS)
    assert found.converged
    assert weighted_margin(ROWS, found, "car") == pytest.approx(MARGINS["car"], abs=1e-6)
    assert weighted_margin(ROWS, found, "tier") == pytest.approx(MARGINS["tier"], abs=1e-6)
    assert sum(found.weights) == pytest.approx(100)
    assert (found.missing_categories, found.unplaced, found.trimmed) == ((), {"car": 0, "tier": 0}, 0)
    assert found.design_effect * found.effective_n == pytest.approx(100)
    assert found.effective_n == effective_n(found.weights) < 100


def test_one_margin_is_post_stratification():
    found = rake(ROWS, {"car": MARGINS["car"]})
    assert set(np.round(found.weights, 9)) == {1.4, 0.6}


def test_raking_keeps_the_association_and_is_the_nearest_table():
    """The fitted table minimises Σ p log(p/q) among all tables with the margins: solved here by its dual."""
    cells = np.array([[30, 20], [35, 15]]) / 100
    found = rake(ROWS, MARGINS)
    fitted = np.array([found.weights[0] * 30, found.weights[30] * 20, found.weights[50] * 35, found.weights[85] * 15])
    fitted = fitted.reshape(2, 2) / 100
    want_rows, want_columns = np.array([0.7, 0.3]), np.array([0.4, 0.6])

    def dual(x):
        return (cells * np.exp(x[:2, None] + x[None, 2:])).sum() - x[:2] @ want_rows - x[2:] @ want_columns

    best = minimize(dual, np.zeros(4), tol=1e-12).x
    assert fitted == pytest.approx(cells * np.exp(best[:2, None] + best[None, 2:]), abs=1e-5)
    odds = fitted[0, 0] * fitted[1, 1] / fitted[0, 1] / fitted[1, 0]
    assert odds == pytest.approx(30 * 15 / 20 / 35)


@pytest.mark.real_data
def test_a_lopsided_sample_of_schools_comes_back_to_the_state():
    rows = answers("apistrat.csv")
    state = {"E": 4421 / 6194, "M": 1018 / 6194, "H": 755 / 6194}
    found = rake([{"type": row["stype"]} for row in rows], {"type": state})
    published = np.array([float(row["pw"]) for row in rows])
    assert found.weights == pytest.approx(published / published.mean(), rel=1e-6)
    mean = weighted_mean([float(row["api00"]) for row in rows], found.weights)
    assert round(mean.value, 2) == 662.29


@pytest.mark.real_data
def test_three_margins_of_chile_hold_at_once():
    rows = answers("Chile.csv")
    margins = {
        "sex": {"F": 0.51, "M": 0.49},
        "region": {"N": 0.12, "C": 0.25, "S": 0.26, "SA": 0.33, "M": 0.04},
        "education": {"P": 0.5, "S": 0.38, "PS": 0.12},
    }
    found = rake(rows, margins)
    assert found.converged
    assert found.unplaced == {"sex": 0, "region": 0, "education": 11}
    placed = [i for i, row in enumerate(rows) if row["education"] in margins["education"]]
    total = sum(found.weights[i] for i in placed)
    for category, share in margins["education"].items():
        assert sum(found.weights[i] for i in placed if rows[i]["education"] == category) / total == pytest.approx(
            share, abs=1e-5
        )
    assert max(found.weights) <= 5 * np.median(found.weights) * (1 + 1e-6)


# --- trimming


def test_nobody_weighs_more_than_the_trim_allows():
    rows = people(S7_koc=95, X9_koc=2, X9_owner=3)
    margins = {"car": {"S7": 0.6, "X9": 0.4}}
    found = rake(rows, margins)
    assert found.trimmed == 5
    assert max(found.weights) == pytest.approx(5 * np.median(found.weights))
    assert not found.converged
    assert found.gap == pytest.approx(0.4 - 25 / 120)
    assert sum(found.weights) == pytest.approx(100)
    assert rake(rows, margins, trim=100).converged


def test_margins_out_of_reach_leave_the_cut_and_a_gap():
    """Five people for nineteen of twenty: cut again and again, the weights stay weights."""
    rows = [{"car": "S7"}] * 40 + [{"car": "E5"}] * 5
    found = rake(rows, {"car": {"S7": 0.05, "E5": 0.95}})
    assert max(found.weights) == pytest.approx(5 * min(found.weights)) and sum(found.weights) == pytest.approx(45)
    assert found.trimmed == 5 and not found.converged
    assert found.gap == pytest.approx(0.95 - 25 / 65)


def test_where_there_is_room_the_rest_is_fitted_again():
    rows = people(S7_koc=400, S7_owner=40, X9_koc=59, X9_owner=1)
    margins = {"car": {"S7": 0.75, "X9": 0.25}, "tier": {"koc": 0.8, "owner": 0.2}}
    loose, found = rake(rows, margins, trim=100), rake(rows, margins, trim=5)
    assert max(loose.weights) > 5 * np.median(loose.weights)
    assert found.converged
    assert found.trimmed >= 1
    assert max(found.weights) <= 5 * np.median(found.weights) * (1 + 1e-6)
    assert weighted_margin(rows, found, "car") == pytest.approx(margins["car"], abs=1e-5)
    assert weighted_margin(rows, found, "tier") == pytest.approx(margins["tier"], abs=1e-5)
    assert found.effective_n > loose.effective_n


# --- what a sample lacks


def test_a_category_without_people_is_told_and_its_share_spread():
    margins = {"car": {"S7": 0.5, "X9": 0.3, "K1": 0.2}, "tier": MARGINS["tier"]}
    found = rake(ROWS, margins)
    assert found.missing_categories == (("car", "K1"),)
    assert found.converged
    assert weighted_margin(ROWS, found, "car") == pytest.approx({"S7": 0.625, "X9": 0.375}, abs=1e-6)


def test_people_of_unknown_category_keep_their_place_between_the_others():
    rows = [*ROWS, {"tier": "koc"}, {"car": None, "tier": "owner"}, {"car": "ship", "tier": "koc"}]
    found = rake(rows, MARGINS)
    assert found.unplaced == {"car": 3, "tier": 0}
    assert found.converged
    assert weighted_margin(rows, found, "tier") == pytest.approx(MARGINS["tier"], abs=1e-6)


def test_a_margin_of_categories_nobody_has_changes_nothing():
    found = rake(ROWS, {"city": {"Wuhan": 0.5, "Xi'an": 0.5}})
    assert set(found.weights) == {1.0}
    assert found.missing_categories == (("city", "Wuhan"), ("city", "Xi'an"))
    assert found.unplaced == {"city": 100}


def test_margins_that_contradict_each_other_do_not_converge():
    rows = people(S7_koc=10, X9_owner=10)
    found = rake(rows, {"car": {"S7": 0.5, "X9": 0.5}, "tier": {"koc": 0.2, "owner": 0.8}})
    assert not found.converged
    assert found.gap > 0.1
    assert sum(found.weights) == pytest.approx(20)


def test_nobody_and_no_margins():
    nobody, as_they_are = rake([], MARGINS), rake(ROWS, {})
    assert (nobody.weights, nobody.effective_n, nobody.converged) == ((), 0.0, False)
    assert math.isnan(nobody.design_effect)
    assert len(nobody.missing_categories) == 4
    assert (as_they_are.effective_n, as_they_are.design_effect, as_they_are.converged) == (100, 1, True)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=40),
    st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(sum),
    st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(sum),
)
def test_no_sample_is_too_odd(rows, first, second):
    margins = {
        "one": {key: share / sum(first) for key, share in zip("abc", first, strict=True)},
        "two": {key: share / sum(second) for key, share in zip("xyz", second, strict=True)},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rake([{"one": a, "two": b} for a, b in rows], margins, sweeps=60)
    assert len(found.weights) == len(rows)
    assert all(weight >= 0 and math.isfinite(weight) for weight in found.weights)
    assert 0 <= found.effective_n <= len(rows) + 1e-9
    some = [weight for weight in found.weights if weight]
    assert not some or max(some) <= 5 * np.median(some) * (1 + 1e-9)


# --- what is read off weighted answers


@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_equal_weights_are_no_weights(said):
    found = weighted_share(said, [2.5] * len(said))
    assert found.value == pytest.approx(sum(said) / len(said))
    assert (found.low, found.high) == pytest.approx(wilson(sum(said), len(said)))


def test_a_weighted_share_is_as_sure_as_its_effective_size():
    found = weighted_share([True, True, False, False], [3, 1, 1, 1])
    assert found.value == pytest.approx(4 / 6)
    assert (found.n, found.effective_n) == (4, pytest.approx(3))
    assert (found.low, found.high) == pytest.approx(wilson(2, 3))


def test_all_or_none_of_the_people_is_one_or_nought():
    heavy = [random.Random(4).random() for _ in range(100)]
    assert weighted_share([True] * 100, heavy).high == 1.0
    assert weighted_share([True] * 100, heavy).value == 1.0
    assert weighted_share([False] * 100, heavy).low == 0.0


@settings(max_examples=50)
@given(weights, st.integers(0, 10**6))
def test_the_error_of_a_weighted_mean_is_the_robust_one_of_least_squares(weight, seed):
    values = np.random.default_rng(seed).normal(5, 2, len(weight))
    found = weighted_mean(values, weight)
    fit = WLS(values, np.ones(len(values)), weights=weight).fit(cov_type="HC1")
    assert found.value == pytest.approx(fit.params[0])
    assert found.standard_error == pytest.approx(fit.bse[0], rel=1e-6)


def test_a_mean_of_equal_weights_has_students_interval():
    values = [1.0, 4, 4, 7, 9]
    found = weighted_mean(values, [2] * 5)
    theirs = t.interval(0.95, 4, loc=5, scale=np.std(values, ddof=1) / math.sqrt(5))
    assert (found.low, found.high) == pytest.approx(theirs)


def test_nobody_with_a_weight_is_nan():
    for found in (weighted_share([], []), weighted_mean([], []), weighted_mean([3], [0]), weighted_share([1], [0])):
        assert math.isnan(found.value)
        assert math.isnan(found.low)
        assert found.effective_n == 0
    assert weighted_mean([3], [2]).value == 3
    assert math.isnan(weighted_mean([3], [2]).high)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rake(ROWS, {"car": {"S7": 0.5, "X9": 0.4}}), "add up to 1, not 0.9"),
        (lambda: rake(ROWS, {"car": {"S7": 1.5, "X9": -0.5}}), "from 0 upwards"),
        (lambda: rake(ROWS, {"car": {"S7": "half", "X9": 0.5}}), "share of car must be a number"),
        (lambda: rake(ROWS, MARGINS, trim=0.5), "trim"),
        (lambda: weighted_share([1, 0], [1]), "2 values but 1"),
        (lambda: weighted_share([1, 0.5], [1, 1]), "true or false"),
        (lambda: weighted_mean([1, 2], [1, -1]), "negative"),
        (lambda: weighted_mean([1, 2], [1, math.inf]), "finite"),
        (lambda: effective_n([math.nan]), "finite"),
    ],
)
def test_what_are_no_weights_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
