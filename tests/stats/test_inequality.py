"""Gini's coefficient at its ends, and in a case worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats.inequality import gini


def test_equal_shares_are_nought_and_one_who_has_all_is_the_most():
    assert gini([5, 5, 5, 5]) == 0
    assert gini([0, 0, 0, 8]) == pytest.approx(3 / 4)


def test_one_two_three_four_by_hand():
    assert gini([4, 1, 3, 2]) == pytest.approx(0.25)


@pytest.mark.parametrize("amounts", [[], [3], [0, 0]])
def test_nobody_or_nothing_to_share_says_nothing(amounts):
    assert gini(amounts) is None


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="negative"):
        gini([1, -1])


@given(st.lists(st.integers(0, 10**6), min_size=2).filter(any))
def test_it_equals_the_mean_difference_over_twice_the_mean(amounts):
    n, mean = len(amounts), sum(amounts) / len(amounts)
    differences = sum(abs(a - b) for a in amounts for b in amounts) / n**2
    assert gini(amounts) == pytest.approx(differences / (2 * mean), abs=1e-9)
