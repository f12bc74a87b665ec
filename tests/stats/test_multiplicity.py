from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from kocforum.stats import benjamini_hochberg, benjamini_yekutieli

P = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
lists = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_section_1_3_benjamini_hochberg():
    expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.10571, 0.216, 0.216, 0.216]
    assert benjamini_hochberg(P) == pytest.approx(expected, abs=5e-6)


def test_section_1_3_benjamini_yekutieli():
    expected = [0.02929, 0.11716, 0.24603, 0.24603, 0.24603, 0.2929, 0.30963, 0.63266, 0.63266, 0.63266]
    assert benjamini_yekutieli(P) == pytest.approx(expected, abs=5e-6)


@given(lists)
def test_both_are_scipys(p_values):
    assert benjamini_hochberg(p_values) == pytest.approx(list(false_discovery_control(p_values)), abs=1e-12)
    theirs = false_discovery_control(p_values, method="by")
    assert benjamini_yekutieli(p_values) == pytest.approx(list(theirs), abs=1e-12)


@given(lists)
def test_q_is_never_below_p_and_keeps_the_order(p_values):
    q_values = benjamini_hochberg(p_values)
    assert all(p * (1 - 1e-12) <= q <= 1 for p, q in zip(p_values, q_values, strict=True))
    assert [q for _, q in sorted(zip(p_values, q_values, strict=True))] == sorted(q_values)


@given(lists)
def test_the_order_given_is_the_order_answered(p_values):
    assert benjamini_hochberg(p_values[::-1]) == pytest.approx(benjamini_hochberg(p_values)[::-1])


def test_nothing_tested_gives_nothing_and_a_nan_is_no_test():
    assert benjamini_hochberg([]) == []
    q_values = benjamini_hochberg([0.01, math.nan, 0.04])
    assert q_values[0] == pytest.approx(0.02)
    assert math.isnan(q_values[1])
    assert q_values[2] == pytest.approx(0.04)
    assert isinstance(q_values, list)


def test_a_generator_is_read_once():
    assert benjamini_hochberg(p for p in (0.02, 0.5)) == pytest.approx([0.04, 0.5])


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError):
        benjamini_hochberg([p])
