from __future__ import annotations

import math
from itertools import permutations
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats import borda, wilson

ITEMS = "abcde"
full = st.permutations(ITEMS)
partial = st.tuples(full, st.integers(0, 5)).map(lambda drawn: drawn[0][: drawn[1]])


def points(found):
    return {placing.item: placing.points for placing in found}


def test_full_rankings_by_hand():
    found = borda(["abc", "abc", "bca", "bca", "bca"], "abc")
    assert [placing.item for placing in found] == ["b", "a", "c"]
    assert [placing.points for placing in found] == [8 / 10, 4 / 10, 3 / 10]


def test_what_is_left_out_shares_the_places_left():
    found = borda(["a", "ba"], "abcd")
    assert points(found) == pytest.approx({"a": (1 + 2 / 3) / 2, "b": (1 / 3 + 1) / 2, "c": 0.25, "d": 0.25})


@given(st.lists(partial.filter(len), min_size=1, max_size=12))
def test_a_partial_ranking_is_the_mean_of_all_its_completions(rankings):
    found = points(borda(rankings, ITEMS))
    for item in ITEMS:
        scores = []
        for ranking in rankings:
            rest = [other for other in ITEMS if other not in ranking]
            scores.append(mean((4 - [*ranking, *tail].index(item)) / 4 for tail in permutations(rest)))
        assert found[item] == pytest.approx(mean(scores))


@given(st.lists(partial, max_size=12))
def test_points_are_best_first_within_bounds_and_half_on_average(rankings):
    found = borda(rankings, ITEMS)
    assert sorted(placing.item for placing in found) == list(ITEMS)
    n = sum(bool(ranking) for ranking in rankings)
    assert {placing.n for placing in found} == {n}
    if not n:
        return
    scores = [placing.points for placing in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert mean(scores) == pytest.approx(0.5)
    assert sum(placing.first_share for placing in found) == pytest.approx(1)


@given(st.lists(full, min_size=1, max_size=10))
def test_rankings_turned_round_turn_the_points_round(rankings):
    there, back = points(borda(rankings, ITEMS)), points(borda([ranking[::-1] for ranking in rankings], ITEMS))
    assert {item: 1 - score for item, score in there.items()} == pytest.approx(back)


def test_first_places_come_with_their_interval():
    found = {placing.item: placing for placing in borda(["ab", "ac", "ba", []], "abc")}
    assert found["a"].first_share == pytest.approx(2 / 3)
    assert found["a"].first_ci == wilson(2, 3)
    assert (found["c"].first_share, found["c"].first_ci) == (0, wilson(0, 3))
    assert found["a"].n == 3
    assert borda(["ab"], "ab", confidence=0.5)[0].first_ci == wilson(1, 1, 0.5)


def test_equal_points_go_by_first_places_then_by_the_order_given():
    assert [placing.item for placing in borda(["abc", "cba"], "abc")] == ["a", "c", "b"]
    assert [placing.item for placing in borda(["abc", "cba"], "cab")] == ["c", "a", "b"]
    assert [placing.item for placing in borda([], [3, 1, 2])] == [3, 1, 2]


def test_first_and_last_with_everybody_are_one_and_nought():
    found = borda(["abcde"] * 7, ITEMS)
    assert (found[0].points, found[-1].points) == (1, 0)


def test_nobody_and_next_to_nothing():
    for placing in borda([[], []], "ab"):
        assert placing.n == 0
        assert all(map(math.isnan, (placing.points, placing.first_share, *placing.first_ci)))
    (only,) = borda(["a"], "a")
    assert only.first_share == 1
    assert math.isnan(only.points)
    assert borda([], []) == ()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: borda(["ax"], "ab"), "'x' is not among the items"),
        (lambda: borda(["aba"], "ab"), "twice in the ranking"),
        (lambda: borda([], "aba"), "twice among the items"),
    ],
)
def test_what_is_no_ranking_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
