from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kocforum.stats import importance
from kocforum.stats.ranking import dstar, increase_z, ochiai, phi, tarantula
from kocforum.stats.sensitivity import e_value, manski_bounds, record_bias, record_rates
from tests.stats.made import any_cells, cells, close


def test_tv_a_dark_scores():
    dark = (18, 6, 7, 29)
    assert close(importance(*dark, failing=25), 0.4862)
    assert close(increase_z(*dark), 4.9824)
    assert close(ochiai(*dark), 0.7348)
    assert close(tarantula(*dark), 0.8077)
    assert close(dstar(*dark), 24.9231)
    assert close(e_value(18 * 29 / (6 * 7)), 6.5092)


def test_tv_a2_importance_counts_all_failing_cases():
    dirty = (14, 4, 6, 8)
    assert close(importance(*dirty, failing=25), 0.2576)
    assert close(importance(*dirty, failing=20), 0.2604)
    assert close(increase_z(*dirty), 2.1525)


def test_tv_a2_recording_bias_and_manski_bounds():
    rates = record_rates(20, 25, 12, 35)
    assert close(rates[0], 0.80)
    assert close(rates[1], 0.3429)
    assert record_bias(20, 25, 12, 35)
    low, high = manski_bounds(14, 4, 6, 8, unknown_failing=5, unknown_fine=23)
    assert close(low, 0.3771)
    assert close(high, 24.5417)


def test_a_recording_gap_of_exactly_a_fifth_is_no_bias():
    assert not record_bias(7, 10, 5, 10)
    assert record_bias(8, 10, 5, 10)
    assert record_bias(5, 10, 8, 10)
    assert not record_bias(5, 10, 0, 0)


@given(any_cells, st.integers(min_value=0))
def test_importance_never_raises_and_stays_within_0_and_1(table, failing):
    assert 0 <= importance(*table, failing) <= 1


@given(cells, st.integers(0, 100))
def test_more_fine_cases_with_the_condition_never_raise_its_importance(table, more):
    a, b, c, d = table
    failing = a + c
    assert importance(a, b + more, c, d, failing) <= importance(a, b, c, d, failing) + 1e-12


def test_importance_is_0_where_nothing_points_at_failure():
    assert importance(1, 0, 5, 5, 6) == 0
    assert importance(5, 5, 5, 5, 10) == 0
    assert importance(0, 0, 0, 0, 0) == 0
    assert importance(2, 8, 9, 1, 11) == 0


@given(cells)
def test_scores_never_raise_and_stay_in_bounds(table):
    assert 0 <= ochiai(*table) <= 1
    share = tarantula(*table)
    assert math.isnan(share) or 0 <= share <= 1
    assert not dstar(*table) < 0
    increase_z(*table)


@given(cells)
def test_phi_is_the_correlation_and_symmetrical(table):
    both, first, second, neither = table
    assume(both + first and second + neither and both + second and first + neither)
    x = [1] * (both + first) + [0] * (second + neither)
    y = [1] * both + [0] * first + [1] * second + [0] * neither
    assert phi(*table) == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
    assert phi(both, second, first, neither) == pytest.approx(phi(*table))


def test_phi_of_what_never_varies_is_nan():
    assert math.isnan(phi(5, 5, 0, 0))
    assert phi(5, 0, 0, 5) == 1
    assert phi(0, 5, 5, 0) == -1


@given(st.floats(1e-6, 1e6))
def test_an_e_value_is_at_least_1_and_the_same_for_protection(ratio):
    assert e_value(ratio) >= 1
    assert e_value(1 / ratio) == pytest.approx(e_value(ratio))
    assert math.isnan(e_value(math.nan))
    assert e_value(1.0) == 1


@given(cells, st.integers(0, 60), st.integers(0, 60))
def test_manski_bounds_hold_the_observed_ratio(table, failing, fine):
    low, high = manski_bounds(*table, failing, fine)
    a, b, c, d = table
    if all(table):
        assert low <= a * d / (b * c) * (1 + 1e-12)
        assert high >= a * d / (b * c) * (1 - 1e-12)
