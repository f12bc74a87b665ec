from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.conditional_models import ConditionalLogit

from kocforum.stats import count_scores, maxdiff_sets, utilities

TRUTH = {"range": 1.5, "seats": 0.7, "sound": 0.2, "app": -0.3, "trunk": -0.8, "wipers": -1.3}


def pairs(sets):
    return Counter(frozenset(pair) for chosen in sets for pair in combinations(chosen, 2))


def simulated(people, seed, truth=TRUTH):
    """Choices of people whose best, then worst, follow the logit of `truth`."""
    rng = np.random.default_rng(seed)
    choices = []
    for person in range(people):
        for shown in maxdiff_sets(truth, 3, 3, person % 20):
            worth = np.array([truth[item] for item in shown]) + rng.gumbel(size=3)
            best = shown[int(worth.argmax())]
            rest = [item for item in shown if item != best]
            worst = rest[int(np.argmax(np.array([-truth[item] for item in rest]) + rng.gumbel(size=2)))]
            choices.append((shown, best, worst))
    return choices


# --- sets


@settings(max_examples=40)
@given(st.integers(2, 14), st.integers(2, 6), st.integers(1, 4), st.integers(0, 99))
def test_everything_is_shown_about_equally_often(items, per_set, times, seed):
    per_set = min(per_set, items)
    sets = maxdiff_sets(range(items), per_set, times, seed)
    shown = Counter(item for chosen in sets for item in chosen)
    assert len(sets) == math.ceil(items * times / per_set)
    assert all(len(set(chosen)) == per_set for chosen in sets)
    assert set(shown) == set(range(items))
    assert times <= min(shown.values()) <= max(shown.values()) <= min(shown.values()) + 1


@pytest.mark.parametrize(
    ("items", "per_set", "times", "meet"), [(7, 3, 3, 1), (9, 3, 4, 1), (7, 4, 4, 2), (13, 4, 4, 1)]
)
def test_where_a_balanced_design_exists_it_is_found(items, per_set, times, meet):
    sets = maxdiff_sets(range(items), per_set, times, seed=1)
    assert set(pairs(sets).values()) == {meet}
    assert len(pairs(sets)) == items * (items - 1) // 2


def test_elsewhere_pairs_meet_as_evenly_as_can_be():
    met = pairs(maxdiff_sets(range(12), 4, 3, seed=5))
    assert max(met.values()) == 1
    assert len(met) == 54


def test_a_seed_settles_it_and_another_shows_others():
    sets = maxdiff_sets(TRUTH, 4, 3, seed="person-7")
    assert sets == maxdiff_sets(list(TRUTH), 4, 3, seed="person-7")
    assert sets != maxdiff_sets(TRUTH, 4, 3, seed="person-8")


def test_an_item_stands_in_every_place_over_many_people():
    places = Counter(
        chosen.index(3) for seed in range(60) for chosen in maxdiff_sets(range(8), 4, 3, seed) if 3 in chosen
    )
    assert min(places.values()) > 25  # of 180 showings in 4 places


def test_all_in_one_set_and_nothing_at_all():
    assert [sorted(chosen) for chosen in maxdiff_sets("abc", 3, 2)] == [["a", "b", "c"]] * 2
    assert maxdiff_sets([]) == ()


# --- counting


def test_scores_are_the_balance_of_choices():
    found = count_scores({"a": 4, "b": 4, "c": 0}, {"a": 3}, {"a": 1, "b": 4})
    assert (found["a"], found["b"]) == (0.5, -1)
    assert math.isnan(found["c"])
    assert list(found) == ["a", "b", "c"]


# --- utilities


def test_the_truth_comes_back():
    found = utilities(simulated(400, seed=2))
    assert list(found) == list(TRUTH)
    for item, truth in TRUTH.items():
        assert found[item] == pytest.approx(truth, abs=0.12)


def test_they_are_those_of_conditional_logit():
    """Best choices as they are, worst ones among the rest with the signs turned."""
    choices = simulated(30, seed=3)
    items, groups, y, x = sorted(TRUTH), [], [], []
    for number, (shown, best, worst) in enumerate(choices):
        for sign, among, chosen in ((1, shown, best), (-1, [item for item in shown if item != best], worst)):
            for item in among:
                groups.append(2 * number + (sign > 0))
                y.append(item == chosen)
                x.append([sign * (item == other) for other in items[1:]])
    theirs = ConditionalLogit(np.array(y, dtype=int), np.array(x), groups=np.array(groups)).fit(disp=False).params
    theirs = np.array([0, *theirs]) - np.mean([0, *theirs])
    found = utilities(choices, spread=1e4)
    assert [found[item] for item in items] == pytest.approx(theirs.tolist(), abs=1e-4)


def test_two_items_by_hand():
    """With so wide a prior the odds of 3 to 1 are the difference of the utilities."""
    found = utilities([("ab", "a", None)] * 3 + [("ab", "b", None)], spread=1e6)
    assert found == pytest.approx({"a": math.log(3) / 2, "b": -math.log(3) / 2}, abs=1e-6)
    worst = utilities([("ab", None, "b")] * 3 + [("ba", None, "a")], spread=1e6)
    assert worst == pytest.approx(found, abs=1e-6)


def test_what_is_always_or_never_chosen_stays_finite():
    found = utilities([("abc", "a", "c")] * 500)
    assert list(found) == ["a", "b", "c"]
    assert found["b"] == pytest.approx(0, abs=1e-5)
    assert 3 < found["a"] < 15
    assert found["a"] == pytest.approx(-found["c"], abs=1e-5)


def test_the_prior_pulls_a_single_person_and_hardly_a_crowd():
    few, many = (
        utilities([("ab", "a", None)] * 3 + [("ab", "b", None)]),
        utilities([("ab", "a", None)] * 3000 + [("ab", "b", None)] * 1000),
    )
    assert 0.3 < few["a"] < math.log(3) / 2
    assert many["a"] == pytest.approx(math.log(3) / 2, abs=1e-3)
    assert utilities([("ab", "a", None)] * 3, spread=0.1)["a"] < 0.02


@settings(max_examples=30)
@given(st.lists(st.tuples(st.permutations("abcde"), st.integers(2, 4)), max_size=12))
def test_centred_best_first_and_finite_whatever_is_chosen(drawn):
    choices = [(order[:size], order[0], order[size - 1]) for order, size in drawn]
    found = utilities(choices)
    assert set(found) == {item for shown, _, _ in choices for item in shown}
    assert sum(found.values()) == pytest.approx(0, abs=1e-9)
    assert all(map(math.isfinite, found.values()))
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_nothing_chosen_says_nothing():
    assert utilities([]) == {}
    assert utilities([("ab", None, None)]) == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: maxdiff_sets("aab"), "twice"),
        (lambda: maxdiff_sets("abc", 4), "sets of 2 to 3"),
        (lambda: maxdiff_sets("abc", 1), "sets of 2 to 3"),
        (lambda: maxdiff_sets("abc", 2, 0), "at least once"),
        (lambda: count_scores({"a": 1}, {"b": 1}, {}), "'b' was chosen but not shown"),
        (lambda: count_scores({"a": 1}, {"a": 1}, {"a": 1}), "chosen 2 times but shown 1"),
        (lambda: count_scores({"a": -1}, {}, {}), "whole number"),
        (lambda: utilities([("a", "a", None)]), "at least two"),
        (lambda: utilities([("aba", "a", None)]), "at least two items, each once"),
        (lambda: utilities([("abc", "x", "a")]), "'x' was chosen"),
        (lambda: utilities([("abc", "a", "a")]), "both best and worst"),
        (lambda: utilities([], spread=0), "spread"),
    ],
)
def test_what_is_no_choice_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
