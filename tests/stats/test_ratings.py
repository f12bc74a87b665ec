from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats import describe_rating, simple_mean, wilson

stars = st.lists(st.integers(1, 5), min_size=2, max_size=60)


def counted(answers):
    return {value: answers.count(value) for value in set(answers)}


def test_a_small_one_by_hand():
    found = describe_rating({1: 1, 4: 2, 5: 1}, 1, 5)
    assert found.histogram == {1: 1, 2: 0, 3: 0, 4: 2, 5: 1}
    assert list(found.histogram) == [1, 2, 3, 4, 5]
    assert (found.n, found.mean, found.median, found.variance) == (4, 3.5, 4, 3)
    assert found.top2 == 0.75
    assert found.top2_ci == wilson(3, 4)
    reach = 3.182446305284263 * math.sqrt(3 / 4)  # t with 3 degrees of freedom
    assert found.mean_ci == pytest.approx((3.5 - reach, 3.5 + reach))


@given(stars)
def test_it_agrees_with_the_answers_one_by_one(answers):
    found = describe_rating(counted(answers), 1, 5)
    assert sum(found.histogram.values()) == found.n == len(answers)
    assert found.mean == pytest.approx(statistics.mean(answers))
    assert found.variance == pytest.approx(statistics.variance(answers))
    assert found.median == statistics.median(answers)
    assert found.top2 == pytest.approx(sum(value >= 4 for value in answers) / len(answers))
    plain = simple_mean(answers)
    assert found.mean_ci == pytest.approx((plain.low, plain.high))


@given(stars)
def test_a_scale_moved_moves_the_place_and_not_the_spread(answers):
    here, there = (
        describe_rating(counted(answers), 1, 5),
        describe_rating({v - 6: n for v, n in counted(answers).items()}, -5, -1),
    )
    assert there.mean == pytest.approx(here.mean - 6)
    assert there.median == here.median - 6
    assert there.variance == here.variance
    assert there.top2_ci == here.top2_ci


def test_everybody_alike_leaves_no_spread_at_all():
    found = describe_rating({7: 1_000_003}, 0, 10)
    assert (found.mean, found.variance, found.mean_ci, found.top2) == (7, 0, (7, 7), 0)


def test_the_two_middle_ones_are_averaged():
    assert describe_rating({1: 2, 5: 2}, 1, 5).median == 3
    assert describe_rating({1: 2, 5: 3}, 1, 5).median == 5


def test_a_scale_of_two_values_is_all_top():
    assert describe_rating({0: 3, 1: 1}, 0, 1).top2 == 1


def test_one_person_has_a_mean_and_no_interval():
    found = describe_rating({3: 1}, 1, 5)
    assert (found.mean, found.median, found.top2) == (3, 3, 0)
    assert math.isnan(found.variance)
    assert all(map(math.isnan, found.mean_ci))


def test_nobody_is_nan_and_an_empty_histogram():
    found = describe_rating({}, 1, 3)
    assert (found.histogram, found.n) == ({1: 0, 2: 0, 3: 0}, 0)
    assert all(map(math.isnan, (found.mean, found.variance, found.median, found.top2, *found.mean_ci, *found.top2_ci)))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: describe_rating({}, 3, 3), "from one whole number up to another"),
        (lambda: describe_rating({}, 1, 4.5), "from one whole number up to another"),
        (lambda: describe_rating({6: 1}, 1, 5), "6 is not on the scale from 1 to 5"),
        (lambda: describe_rating({2.5: 1}, 1, 5), "not on the scale"),
        (lambda: describe_rating({2: -1}, 1, 5), "whole number"),
        (lambda: describe_rating({2: 0.5}, 1, 5), "whole number"),
        (lambda: describe_rating({2: 3}, 1, 5, confidence=1), "confidence"),
    ],
)
def test_what_is_no_rating_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
