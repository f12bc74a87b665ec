"""Groups of opinion: found where they were put, the same as those of real conversations, none of a few people."""

from __future__ import annotations

import csv
import math
import random
from collections import Counter
from pathlib import Path

import pytest

from kocforum.stats import opinion_groups
from kocforum.stats.opinions import _silhouette

CONVERSATIONS = Path(__file__).parents[3] / "shared" / "data" / "polis_conversations"
STATEMENTS = [f"s{number}" for number in range(12)]


def crowd(
    sizes: tuple[int, ...], *, seen: float = 0.8, loyal: float = 0.9, seed: int = 1
) -> tuple[list[dict], list[int]]:
    """Groups that agree to other statements each, except for the last two, which all agree to."""
    dice = random.Random(seed)
    votes, truth = [], []
    for group, size in enumerate(sizes):
        for _ in range(size):
            said = {}
            for place, name in enumerate(STATEMENTS):
                if dice.random() < seen:
                    side = 1 if place >= 10 or place % len(sizes) == group else -1
                    said[name] = side if dice.random() < loyal else -side
            votes.append(said)
            truth.append(group)
    return votes, truth


def same_pairs(one: list, other: list) -> float:
    """The adjusted Rand index (Hubert, Arabie 1985)."""

    def pairs(counts) -> float:
        return sum(n * (n - 1) / 2 for n in counts.values())

    both, first, second = pairs(Counter(zip(one, other, strict=True))), pairs(Counter(one)), pairs(Counter(other))
    chance = first * second / (len(one) * (len(one) - 1) / 2)
    return (both - chance) / ((first + second) / 2 - chance)


@pytest.mark.parametrize("sizes", [(60, 40), (50, 40, 30)])
def test_groups_are_found_where_they_were_put(sizes):
    votes, truth = crowd(sizes)
    found = opinion_groups(votes, STATEMENTS)
    placed = [(group, real) for group, real in zip(found.groups, truth, strict=True) if group is not None]
    assert len(found.sizes) == len(sizes) and found.sizes == tuple(sorted(found.sizes, reverse=True))
    assert same_pairs(*map(list, zip(*placed, strict=True))) > 0.9


def test_what_all_agree_on_stands_above_what_one_group_wants():
    votes, _truth = crowd((60, 40))
    found = opinion_groups(votes, STATEMENTS)
    best = sorted(STATEMENTS, key=lambda name: -found.consensus[name])
    assert set(best[:2]) == {"s10", "s11"} and found.consensus["s10"] > 0.8 > 0.5 > found.consensus["s0"]
    shares = [group["s0"].share for group in found.stands]
    assert found.consensus["s0"] == pytest.approx(math.sqrt(shares[0] * shares[1]))
    assert abs(found.stands[0]["s0"].z) > 5 > 3 > abs(found.stands[0]["s10"].z)


def test_a_share_is_of_those_who_saw_the_statement_with_jeffreys_prior():
    votes, _truth = crowd((60, 40))
    found = opinion_groups(votes, STATEMENTS)
    stand = found.stands[0]["s1"]
    mine = [said["s1"] for said, group in zip(votes, found.groups, strict=True) if group == 0 and "s1" in said]
    assert (stand.agree, stand.seen) == (mine.count(1), len(mine))
    assert stand.share == pytest.approx((mine.count(1) + 0.5) / (len(mine) + 1))


def test_under_the_floor_no_group_is_drawn():
    votes, _truth = crowd((20, 19), seen=1)
    assert opinion_groups(votes, STATEMENTS) is None
    assert opinion_groups(votes, STATEMENTS, floor=39) is not None


def test_who_voted_on_little_is_not_placed():
    votes, _truth = crowd((30, 30), seen=1)
    votes.append({"s0": 1, "s1": -1})
    found = opinion_groups(votes, STATEMENTS)
    assert found.groups[-1] is None and found.places[-1] is None and found.groups.count(None) == 1


def test_a_handful_is_no_group_of_its_own():
    """Three who want the opposite of everybody would be made out by what they want."""
    votes, _truth = crowd((57, 40), seen=1, loyal=1)
    votes += [dict.fromkeys(STATEMENTS, -1)] * 3
    assert min(opinion_groups(votes, STATEMENTS).sizes) >= 5


def test_all_of_one_mind_are_no_groups():
    assert opinion_groups([dict.fromkeys(STATEMENTS, 1)] * 50, STATEMENTS) is None


def test_the_same_votes_give_the_same_picture():
    votes, _truth = crowd((60, 40))
    assert opinion_groups(votes, STATEMENTS) == opinion_groups(votes, STATEMENTS)


def test_the_silhouette_is_that_of_its_definition():
    import numpy as np

    dice = np.random.default_rng(4)
    places, labels = dice.normal(size=(30, 2)), dice.integers(0, 3, 30)
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    each = []
    for one in range(30):
        means = [far[one, (labels == group) & (np.arange(30) != one)].mean() for group in range(3)]
        within, nearest = means[labels[one]], min(mean for group, mean in enumerate(means) if group != labels[one])
        each.append((nearest - within) / max(nearest, within))
    assert _silhouette(places, labels) == pytest.approx(float(np.mean(each)))


@pytest.mark.parametrize(
    ("votes", "said"), [([{"s0": 2}], "a vote is 1, 0 or -1"), ([{"zz": 1}], "not among the statements")]
)
def test_what_is_no_vote_is_refused(votes, said):
    with pytest.raises(ValueError, match=said):
        opinion_groups(votes, STATEMENTS)


@pytest.mark.parametrize("name", ["15-per-hour-seattle", "brexit-consensus"])
def test_groups_of_real_conversations_are_those_that_were_stored(name):
    if not (CONVERSATIONS / name).exists():
        pytest.skip(f"needs shared/data/polis_conversations/{name}")
    with (CONVERSATIONS / name / "participants-votes.csv").open() as file:
        rows = list(csv.DictReader(file))
    statements = [column for column in rows[0] if column.isdigit()]
    votes = [{name: int(row[name]) for name in statements if row[name]} for row in rows]
    found = opinion_groups(votes, statements)
    stored = [
        (mine, row["group-id"])
        for mine, row in zip(found.groups, rows, strict=True)
        if mine is not None and row["group-id"]
    ]
    assert len(stored) > 100
    assert same_pairs(*map(list, zip(*stored, strict=True))) >= 0.6
    for statement in sorted(statements, key=lambda one: -found.consensus[one])[:10]:
        assert min(group[statement].share for group in found.stands) > 0.35
