from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binomtest

from kocforum.stats import before_after
from kocforum.stats.comparison import design_effect, difference_in_differences, mcnemar, standardised
from kocforum.stats.superiority import by_quadrature, exact_sum, probability_better
from tests.stats.made import close

tries = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
arms = st.lists(tries, max_size=8)


def owners(n, attempts, successes):
    """n owners with so many attempts each, who share the successes out as evenly as they can."""
    each, rest = divmod(successes, n)
    return [(each + (i < rest), attempts) for i in range(n)]


@pytest.mark.parametrize(
    ("before", "after", "better", "better_by_10"),
    [
        ((6, 30), (26, 30), 1.000000, 0.999997),
        ((2, 10), (8, 10), 0.995539, 0.983473),
        ((1, 3), (3, 3), 0.928571, 0.869557),
        ((12, 30), (18, 30), 0.936558, 0.765679),
        ((0, 9), (9, 9), 0.999995, 0.999964),
    ],
)
def test_uncorrected_vectors(before, after, better, better_by_10):
    for found in (
        before_after([before], [after], rho=0),
        before_after([(1, 1)] * before[0] + [(0, 1)] * (before[1] - before[0]), [after], rho=0),
    ):
        assert close(found.p_better, better, 6)
        assert close(found.p_better_by_10, better_by_10, 6)
        assert found.design_effect == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "effect", "better", "better_by_10", "q05"),
    [
        pytest.param(owners(6, 5, 6), owners(6, 5, 26), 2.2, 0.999752, 0.998347, 0.6437, id="G1"),
        pytest.param(owners(3, 10, 6), owners(3, 10, 26), 3.7, 0.995415, 0.984678, 0.5645, id="G2"),
        pytest.param(owners(8, 3, 8), owners(8, 3, 16), 1.6, 0.962201, 0.883567, 0.4517, id="G3"),
        pytest.param(owners(12, 5, 24), owners(12, 5, 36), 2.2, 0.926868, 0.753515, 0.4424, id="G4"),
    ],
)
def test_corrected_vectors(before, after, effect, better, better_by_10, q05):
    found = before_after(before, after)
    assert found.design_effect == pytest.approx((effect, effect))
    assert close(found.p_better, better, 6)
    assert close(found.p_better_by_10, better_by_10, 6)
    assert close(found.q05_after, q05)


def test_attempts_are_not_capped_here():
    found = before_after([(10, 40)], [(30, 40)])
    assert found.before == (10, 40)
    assert found.after == (30, 40)
    assert found.design_effect == pytest.approx((12.7, 12.7))


def test_each_arm_has_its_own_design_effect():
    assert before_after([(1, 5)] * 4, [(1, 1)] * 4).design_effect == pytest.approx((2.2, 1))


def test_simpson_vector_crude_better_standardised_worse():
    before, after = [(24, 80), (18, 20)], [(5, 20), (68, 80)]
    assert [sum(s for s, _ in arm) for arm in (before, after)] == [42, 73]
    assert before_after(before, after, rho=0).p_better > 0.99
    mix = [80, 20]
    assert standardised(before, mix) == pytest.approx(0.42)
    assert standardised(after, mix) == pytest.approx(0.37)


def test_regression_to_the_mean_vector_a_fix_that_does_nothing_looks_certain():
    selected_because_they_failed = [(0, 3)] * 10
    found = before_after(selected_because_they_failed, owners(10, 3, 18), rho=0)
    assert close(found.p_better, 0.99999997, 8)


def test_mcnemar_vectors():
    assert mcnemar(5, 0) == pytest.approx(0.0625)
    assert mcnemar(10, 0) == pytest.approx(0.001953125)
    assert mcnemar(6, 1) == pytest.approx(0.125)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_the_binomial_test(before, after):
    expected = binomtest(min(before, after), before + after).pvalue if before + after else 1.0
    assert mcnemar(before, after) == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert mcnemar(before, after) == mcnemar(after, before)


def test_difference_in_differences_vector():
    found = difference_in_differences((12, 40), (32, 40), (14, 40), (18, 40))
    assert [round(x, 4) for x in found] == [0.4000, 0.1151, 0.6849]
    assert all(map(math.isnan, difference_in_differences((0, 0), (1, 2), (1, 2), (1, 2))))


whole = st.tuples(st.integers(1, 60), st.integers(1, 60))
broken = st.tuples(st.floats(1, 80), st.floats(1, 80))


@given(whole, whole)
def test_the_closed_form_is_the_quadrature(first, second):
    assert exact_sum(first, second) == pytest.approx(by_quadrature(first, second), abs=1e-9)


@settings(max_examples=50)
@given(broken, broken, st.sampled_from([0.0, 0.1, 0.3]))
def test_the_quadrature_is_scipys_distributions(first, second, by):
    oracle, _ = quad(lambda x: beta.pdf(x, *second) * beta.cdf(x - by, *first), max(by, 0), 1, limit=400)
    assert probability_better(first, second, by=by) == pytest.approx(oracle, abs=1e-6)


@given(broken, broken)
def test_one_of_two_is_the_better(first, second):
    assert probability_better(first, second) + probability_better(second, first) == pytest.approx(1, abs=1e-8)


@given(arms, arms, st.sampled_from([0.0, 0.3, 1.0]))
def test_every_number_lies_in_its_bounds_and_nothing_raises(before, after, rho):
    found = before_after(iter(before), iter(after), rho)
    assert 0 <= found.p_better_by_10 <= found.p_better + 1e-9
    assert found.p_better <= 1
    assert 0 <= found.p_worse_by_10 <= 1
    assert 0 <= found.q05_after <= 1
    assert min(found.design_effect) >= 1


@settings(max_examples=40)
@given(arms, st.lists(st.integers(1, 20), min_size=1, max_size=6), st.data())
def test_one_more_success_afterwards_is_never_worse_news(before, attempts, data):
    after = [(data.draw(st.integers(0, n - 1)), n) for n in attempts]
    more = [(after[0][0] + 1, after[0][1]), *after[1:]]
    assert before_after(before, more).p_better >= before_after(before, after).p_better - 1e-9
    assert before_after(before, more).q05_after > before_after(before, after).q05_after


def test_arms_of_thousands_are_no_trouble():
    found = before_after([(4000, 10000)], [(4400, 10000)], rho=0)
    assert found.p_better > 0.9999
    assert found.p_better_by_10 < 1e-6
    assert before_after([(5, 10)] * 3, [(10**9, 2 * 10**9)]).p_better == pytest.approx(0.5, abs=0.01)


def test_nobody_on_either_side_is_an_even_bet():
    found = before_after([], [])
    assert found.p_better == pytest.approx(0.5)
    assert found.q05_after == pytest.approx(0.05)
    assert found.design_effect == (1, 1)


@given(st.lists(st.integers(0, 50), max_size=10), st.floats(0, 1))
def test_the_design_effect_is_1_when_everyone_tries_once_and_never_less(attempts, rho):
    assert design_effect(attempts, rho) >= 1 - 1e-12
    assert design_effect([1] * len(attempts), rho) == 1


@pytest.mark.parametrize(
    "arguments", [([(3, 2)], []), ([(-1, 2)], []), ([], [(0.5, 2)]), ([], [], -0.1), ([], [], 1.1)]
)
def test_what_does_not_fit_is_refused(arguments):
    with pytest.raises(ValueError):
        before_after(*arguments)


def test_a_stratum_nobody_drove_cannot_be_standardised():
    assert math.isnan(standardised([(1, 2), (0, 0)], [1, 1]))
    assert standardised([(1, 2), (0, 0)], [1, 0]) == 0.5
    assert math.isnan(standardised([], []))
    with pytest.raises(ValueError):
        standardised([(1, 2)], [1, 1])
