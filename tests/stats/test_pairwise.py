from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from kocforum.stats import bradley_terry, next_pair

TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
WINS = (
    (0, 7, 9, 7, 7, 9, 11),
    (6, 0, 7, 5, 11, 9, 9),
    (4, 6, 0, 7, 7, 8, 12),
    (6, 8, 6, 0, 6, 7, 10),
    (6, 2, 6, 7, 0, 7, 12),
    (4, 4, 5, 6, 6, 0, 6),
    (2, 4, 1, 3, 1, 7, 0),
)
SEASON = [(TEAMS[i], TEAMS[j]) for i in range(7) for j in range(7) for _ in range(WINS[i][j])]
duels = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")).filter(lambda duel: duel[0] != duel[1]), max_size=25
)


def strengths(found):
    return {contender.item: contender.strength for contender in found}


def drawn(truth, people, each, seed, apart=0.0):
    """Duels and who judged them, of people whose tastes lie `apart` from the truth."""
    rng = np.random.default_rng(seed)
    met, judges = [], []
    for person in range(people):
        own = truth + rng.normal(0, apart, len(truth))
        for _ in range(each):
            i, j = rng.choice(len(truth), 2, replace=False).tolist()
            met.append((i, j) if rng.random() < expit(own[i] - own[j]) else (j, i))
            judges.append(person)
    return met, judges


# --- strengths


def test_the_american_league_of_1987():
    """Agresti (2002), Categorical Data Analysis, table 10.10 and 10.6.1, relative to Baltimore."""
    found = bradley_terry(SEASON, TEAMS, prior=1e-6, draws=0)
    assert [contender.item for contender in found] == list(TEAMS)
    relative = [contender.strength - found[-1].strength for contender in found]
    assert relative == pytest.approx([1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0], abs=0.006)
    assert {contender.n for contender in found} == {78}


@pytest.mark.filterwarnings("ignore")  # theirs, of a handful of duels
@settings(max_examples=25)
@given(duels)
def test_it_is_logistic_regression_with_a_phantom(met):
    found = strengths(bradley_terry(met, "abcd", draws=0))
    design, won = [np.eye(4)], [[0.5, 0.5]] * 4
    for (winner, loser), times in Counter(met).items():
        design.append(np.eye(4)["abcd".index(winner)][None] - np.eye(4)["abcd".index(loser)][None])
        won.append([times, 0])
    theirs = GLM(np.array(won, dtype=float), np.vstack(design), family=Binomial()).fit(tol=1e-12).params
    theirs -= theirs.mean()
    assert [found[item] for item in "abcd"] == pytest.approx(theirs.tolist(), abs=1e-5)


def test_two_items_by_hand():
    """With next to no phantom the odds of 3 to 1 are the difference of the strengths."""
    first, second = bradley_terry([("a", "b")] * 3 + [("b", "a")], "ab", prior=1e-9, draws=0)
    assert (first.item, second.item, first.n) == ("a", "b", 4)
    assert first.strength - second.strength == pytest.approx(math.log(3), abs=1e-6)
    assert first.wins_against_random == pytest.approx(0.75)
    assert second.wins_against_random == pytest.approx(0.25)


def test_the_truth_comes_back_and_best_stands_first():
    truth = np.array([1.2, 0.5, 0.1, -0.6, -1.2])
    met, judges = drawn(truth, 800, 15, seed=1)
    found = bradley_terry(met, range(5), judges, draws=0)
    assert [contender.item for contender in found] == [0, 1, 2, 3, 4]
    assert [contender.strength for contender in found] == pytest.approx(truth.tolist(), abs=0.1)
    for contender in found:
        others = np.delete(truth, contender.item)
        assert contender.wins_against_random == pytest.approx(expit(truth[contender.item] - others).mean(), abs=0.02)


@settings(max_examples=25)
@given(duels)
def test_centred_bounded_and_turned_round_with_the_duels(met):
    found = bradley_terry(met, "abcd", draws=20)
    assert sum(contender.strength for contender in found) == pytest.approx(0, abs=1e-9)
    assert sum(contender.wins_against_random for contender in found) / 4 == pytest.approx(0.5)
    assert sum(contender.n for contender in found) == 2 * len(met)
    back = strengths(bradley_terry([(loser, winner) for winner, loser in met], "abcd", draws=0))
    assert {item: -strength for item, strength in strengths(found).items()} == pytest.approx(back, abs=1e-7)
    for contender in found:
        assert 0 < contender.wins_against_random < 1
        if not math.isnan(contender.low):
            assert 0 <= contender.low <= contender.wins_against_random <= contender.high <= 1


def test_whoever_always_wins_stays_finite():
    found = bradley_terry([("a", "b"), ("b", "c")] * 1000, "abc", draws=0)
    assert [contender.item for contender in found] == ["a", "b", "c"]
    assert 3 < found[0].strength < 12


# --- how sure it is


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    truth = np.array([1.0, 0.3, -0.3, -1.0])
    held = 0
    for seed in range(40):
        met, judges = drawn(truth, 25, 8, seed)
        for contender in bradley_terry(met, range(4), judges, draws=100):
            share = expit(truth[contender.item] - np.delete(truth, contender.item)).mean()
            held += contender.low <= share <= contender.high
    assert 0.9 < held / 160 < 0.99


def test_many_duels_of_few_people_are_worth_less():
    met, judges = drawn(np.array([0.8, 0.0, -0.8]), 12, 40, seed=3, apart=1.0)
    together, apart = bradley_terry(met, range(3), judges), bradley_terry(met, range(3))
    for one, other in zip(together, apart, strict=True):
        assert one.strength == other.strength
        assert one.high - one.low > 1.4 * (other.high - other.low)


def test_what_hardly_anybody_met_is_unsure():
    met = [("a", "b"), ("b", "a")] * 60 + [("c", "a")] * 3
    found = {contender.item: contender for contender in bradley_terry(met, "abcd")}
    assert found["a"].high - found["a"].low < 0.4
    assert found["c"].low < 0.6 < found["c"].wins_against_random
    assert found["d"].n == 0
    assert found["d"].low < 0.1
    assert found["d"].high > 0.9


def test_the_same_duels_give_the_same_interval():
    met, judges = drawn(np.array([0.5, 0.0, -0.5]), 10, 5, seed=4)
    assert bradley_terry(met, range(3), judges) == bradley_terry(iter(met), range(3), iter(judges))
    wide, narrow = (bradley_terry(met, range(3), judges, confidence=level)[0] for level in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_one_person_shows_no_spread_of_people():
    for contender in bradley_terry([("a", "b")] * 9, "ab", ["me"] * 9):
        assert math.isnan(contender.low)
        assert math.isnan(contender.high)


def test_nobody_leaves_everything_even_in_the_order_given():
    found = bradley_terry([], "cab")
    assert [contender.item for contender in found] == ["c", "a", "b"]
    assert {(contender.strength, contender.wins_against_random, contender.n) for contender in found} == {(0, 0.5, 0)}
    (only,) = bradley_terry([], "a")
    assert math.isnan(only.wins_against_random)
    assert bradley_terry([], "") == ()


# --- what to ask next


def test_what_was_never_asked_comes_first():
    met = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")] * 5
    assert "d" in next_pair(met, "abcd")
    assert set(next_pair([*met, *[("d", "a"), ("a", "d")] * 5], "abcde")) > {"e"}


def test_what_met_by_way_of_others_is_known_better_than_what_never_did():
    """The ends of a chain of four are furthest apart; a ring leaves its opposites."""
    chain = [("a", "b"), ("b", "c"), ("c", "d")] * 20
    assert set(next_pair(chain, "abcd")) == {"a", "d"}
    assert {frozenset(next_pair([*chain, *[("d", "a")] * 20], "abcd", seed)) for seed in range(20)} == {
        frozenset("ac"),
        frozenset("bd"),
    }


def test_who_won_is_no_reason_to_ask_again():
    met, _ = drawn(np.linspace(-1, 1, 6), 10, 6, seed=6)
    assert next_pair(met, range(6), 9) == next_pair([duel[::-1] for duel in met], range(6), 9)


def test_duels_may_come_counted():
    met, _ = drawn(np.linspace(-1, 1, 6), 10, 6, seed=6)
    for seed in range(5):
        assert next_pair(met, range(6), seed) == next_pair(Counter(met), range(6), seed)


def test_a_seed_settles_it_and_many_spread_the_questions():
    pairs = [next_pair([], "abcd", seed) for seed in range(80)]
    assert pairs == [next_pair([], "abcd", seed) for seed in range(80)]
    assert {frozenset(pair) for pair in pairs} == {frozenset(pair) for pair in combinations("abcd", 2)}
    assert {pair[0] for pair in pairs} == {pair[1] for pair in pairs} == set("abcd")


def test_what_was_asked_does_not_come_again_until_none_is_left():
    asked = []
    while pair := next_pair([], "abcd", len(asked), asked=[other[::-1] for other in asked]):
        asked.append(pair)
    assert {frozenset(pair) for pair in asked} == {frozenset(pair) for pair in combinations("abcd", 2)}
    assert next_pair([], "a") is None
    assert next_pair([], "") is None


def test_asking_so_treats_all_alike_and_does_not_stretch_the_truth():
    truth, slopes = np.linspace(-1, 1, 10), []
    for run in range(40):
        rng, met = np.random.default_rng(run), Counter()
        for number in range(90):
            i, j = next_pair(met, range(10), run * 1000 + number)
            met[(i, j) if rng.random() < expit(truth[i] - truth[j]) else (j, i)] += 1
        found = bradley_terry(met.elements(), range(10), draws=0)
        assert max(contender.n for contender in found) - min(contender.n for contender in found) <= 4
        assert len({frozenset(duel) for duel in met}) >= 43
        slopes.append(sum(contender.strength * truth[contender.item] for contender in found) / (truth @ truth))
    assert np.mean(slopes) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bradley_terry([("a", "x")], "ab"), "'x' is not among"),
        (lambda: bradley_terry([("a", "a")], "ab"), "cannot meet itself"),
        (lambda: bradley_terry([], "aa"), "twice"),
        (lambda: bradley_terry([("a", "b")], "ab", []), "1 duels but 0 people"),
        (lambda: bradley_terry([], "ab", prior=0), "prior"),
        (lambda: bradley_terry([], "ab", draws=1.5), "draws"),
        (lambda: bradley_terry([], "ab", confidence=1), "confidence"),
        (lambda: next_pair([("a", "x")], "ab"), "'x' is not among"),
        (lambda: next_pair({("a", "b"): -1}, "ab"), "negative"),
        (lambda: next_pair([], "ab", asked=[("a", "z")]), "'z' is not among"),
        (lambda: next_pair([], "ab", prior=math.inf), "prior"),
    ],
)
def test_what_is_no_duel_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
