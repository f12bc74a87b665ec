from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact
from scipy.stats.contingency import association
from statsmodels.stats.contingency_tables import Table

from kocforum.stats import crosstab
from tests.stats.survey_data import answers, table_of

shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))


def tables(least, most):
    cells = st.integers(least, most)
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(cells, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
        )
    )


def flat(cells):
    return [cell for row in cells for cell in row]


def as_others_have_it(table):
    """Test, association and residuals of scipy and statsmodels for a table without empty margins."""
    found, theirs = crosstab(table), Table(np.array(table), shift_zeros=False)
    chi2 = chi2_contingency(table, correction=False)
    assert found.statistic == pytest.approx(chi2.statistic, abs=1e-8)
    assert found.degrees_of_freedom == chi2.dof
    assert flat(found.expected) == pytest.approx(flat(chi2.expected_freq.tolist()))
    assert flat(found.residuals) == pytest.approx(flat(theirs.standardized_resids.tolist()), abs=1e-8)
    assert found.cramers_v == pytest.approx(association(table, method="cramer", correction=False), abs=1e-8)
    if chi2.expected_freq.min() >= 5:
        assert found.method == "chi-square"
        assert found.p_value == pytest.approx(chi2.pvalue, abs=1e-12)
    else:
        assert found.method == "permutation"
    return found


@given(tables(1, 60).filter(lambda table: len(table) > 1 and len(table[0]) > 1))
@settings(max_examples=60)
def test_it_is_scipys_and_statsmodels(table):
    as_others_have_it(table)


@pytest.mark.real_data
@pytest.mark.parametrize("first", ["region", "sex", "education"])
def test_votes_in_chile(first):
    found = as_others_have_it(table_of(answers("Chile.csv"), first, "vote"))
    assert found.p_value < 1e-6


@pytest.mark.real_data
@pytest.mark.parametrize("item", ["A1", "C4", "E1", "N3", "O5"])
def test_items_of_the_big_five_by_gender_and_education(item):
    as_others_have_it(table_of(answers("bfi.csv"), "gender", item))
    as_others_have_it(table_of(answers("bfi.csv"), "education", item))


@pytest.mark.real_data
def test_women_in_chile_were_more_often_undecided_and_less_often_against():
    rows = answers("Chile.csv")
    found = crosstab(table_of(rows, "sex", "vote"))  # rows F, M; columns A, N, U, Y
    assert [round(x, 2) for x in found.residuals[0]] == [1.11, -8.05, 5.46, 2.62]
    assert found.residuals[1] == pytest.approx([-x for x in found.residuals[0]])


@pytest.mark.parametrize("table", [[[3, 1], [1, 3]], [[8, 2], [1, 5]], [[10, 0], [1, 4]], [[2, 2], [2, 2]]])
def test_a_small_table_is_nearly_fishers(table):
    found = crosstab(table, draws=20_000)
    assert found.method == "permutation"
    assert found.p_value == pytest.approx(fisher_exact(table).pvalue, abs=0.012)


def test_a_small_table_of_three_by_three_is_nearly_the_exact_one():
    table = [[4, 1, 0], [1, 3, 2], [0, 2, 6]]
    rng = np.random.default_rng(7)
    rows = np.repeat(np.arange(3), np.sum(table, axis=1))
    columns = np.repeat(np.arange(3), np.sum(table, axis=0))
    mean = np.outer(np.sum(table, axis=1), np.sum(table, axis=0)) / 19

    def statistic(cells):
        return ((cells - mean) ** 2 / mean).sum()

    others = []
    for _ in range(4000):
        shuffled = np.zeros((3, 3))
        np.add.at(shuffled, (rows, rng.permutation(columns)), 1)
        others.append(statistic(shuffled))
    exact = np.mean(np.array(others) >= statistic(np.array(table)) - 1e-9)
    assert crosstab(table).p_value == pytest.approx(exact, abs=0.01)


def test_chance_is_not_found_more_often_than_it_should():
    rng = np.random.default_rng(3)
    p_values = [
        crosstab(rng.multinomial(30, [1 / 12] * 12).reshape(3, 4).tolist(), draws=200).p_value for _ in range(300)
    ]
    assert 0.02 < np.mean(np.array(p_values) <= 0.05) < 0.09


def test_the_same_table_has_the_same_p():
    table = [[3, 1, 2], [1, 3, 0]]
    assert crosstab(table) == crosstab(table)
    assert crosstab(table).p_value * 2001 == pytest.approx(round(crosstab(table).p_value * 2001))


def test_empty_rows_and_columns_take_no_part():
    bare, padded = crosstab([[30, 10], [12, 28]]), crosstab([[30, 0, 10], [0, 0, 0], [12, 0, 28]])
    assert (padded.p_value, padded.cramers_v, padded.statistic) == (bare.p_value, bare.cramers_v, bare.statistic)
    assert padded.degrees_of_freedom == 1
    assert [padded.residuals[0][0], padded.residuals[0][2]] == pytest.approx(bare.residuals[0])
    assert all(map(math.isnan, padded.residuals[1]))
    assert math.isnan(padded.residuals[0][1])


@pytest.mark.parametrize(
    "table", [[], [[]], [[0, 0], [0, 0]], [[4, 7]], [[4], [7]], [[4, 7], [0, 0]], [[0, 3], [0, 9]]]
)
def test_nothing_to_compare_is_no_finding(table):
    found = crosstab(table)
    assert found.p_value == 1.0
    assert found.method == "none"
    assert math.isnan(found.cramers_v)
    assert math.isnan(found.statistic)
    assert found.degrees_of_freedom == 0
    assert [len(row) for row in found.residuals] == [len(row) for row in table]


@given(tables(0, 9))
@settings(max_examples=60)
def test_no_table_of_counts_is_too_odd(table):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = crosstab(table, draws=50)
        weighted = crosstab(table, draws=50, effective_n=sum(map(sum, table)) / 2)
    for result in (found, weighted):
        assert 0 < result.p_value <= 1
        assert math.isnan(result.cramers_v) or 0 <= result.cramers_v <= 1


def test_a_perfect_split_has_v_1():
    assert crosstab([[30, 0], [0, 30]]).cramers_v == pytest.approx(1)


# --- weights


def test_weights_shrink_the_test_and_not_the_association():
    table = [[30, 20], [18, 32]]
    plain, weighted = crosstab(table), crosstab(table, effective_n=60)
    assert weighted.statistic == pytest.approx(plain.statistic * 0.6)
    assert weighted.cramers_v == pytest.approx(plain.cramers_v)
    assert flat(weighted.residuals) == pytest.approx([x * math.sqrt(0.6) for x in flat(plain.residuals)])
    assert weighted.p_value > plain.p_value
    assert (weighted.n, weighted.effective_n) == (100, pytest.approx(60))
    assert crosstab(table, effective_n=100).p_value == pytest.approx(plain.p_value)


def test_the_scale_of_the_weights_does_not_matter():
    table = [[30.5, 20.25], [18, 32.75]]
    larger = [[cell * 40 for cell in row] for row in table]
    assert crosstab(table, effective_n=60).p_value == pytest.approx(crosstab(larger, effective_n=60).p_value)


def test_a_weighted_table_of_few_is_drawn_as_whole_people():
    found = crosstab([[8.2, 1.8], [1.1, 4.9]], effective_n=16)
    assert found.method == "permutation"
    assert found.p_value == crosstab([[8, 2], [1, 5]]).p_value


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([[1, 2], [3]],), "one length"),
        (([[1, -2]],), "whole number"),
        (([[1, 2.5]],), "whole number"),
        (([["many"]],), "whole number"),
        (([[1, 2.5]], -1), "positive number"),
        (([[1, 2.5]], 0), "positive number"),
        (([[1, math.nan]], 3), "from 0 upwards"),
        (([[1, "x"]], 3), "must be a number"),
    ],
)
def test_what_is_no_table_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        crosstab(arguments[0], effective_n=arguments[1] if len(arguments) > 1 else None)
