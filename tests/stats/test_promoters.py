from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kocforum.stats import nps

count = st.integers(0, 10**6)


@pytest.mark.parametrize(("n", "margin"), [(50, 23), (300, 9)])
def test_the_published_margins_of_a_40_30_split(n, margin):
    score, found = nps(n * 4 // 10, n * 3 // 10, n * 3 // 10)
    assert score == pytest.approx(10)
    assert round(found) == margin


@given(count, count, count)
def test_bounds_and_mirror(promoters, passives, detractors):
    assume(promoters + passives + detractors)
    score, margin = nps(promoters, passives, detractors)
    assert -100 <= score <= 100
    assert margin >= 0
    assert nps(detractors, passives, promoters) == pytest.approx((-score, margin))


def test_it_is_the_spread_of_minus_one_nought_and_one():
    from numpy import array, std

    answers = array([1] * 7 + [0] * 5 + [-1] * 3)
    score, margin = nps(7, 5, 3)
    assert score == pytest.approx(100 * answers.mean())
    assert margin == pytest.approx(100 * 1.959963984540054 * std(answers) / 15**0.5)


def test_nobody_gives_nan_and_everybody_alike_no_margin():
    assert all(map(math.isnan, nps(0, 0, 0)))
    assert nps(5, 0, 0) == (100, 0)
    assert nps(0, 5, 0) == (0, 0)
    with pytest.raises(ValueError):
        nps(-1, 0, 0)
