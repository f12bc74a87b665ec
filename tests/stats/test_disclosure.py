from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kocforum.stats import suppress, suppress_groups

few = st.one_of(st.integers(0, 7), st.integers(0, 60))
rows = st.lists(few, min_size=1, max_size=7).map(lambda counts: dict(zip("abcdefg", counts, strict=False)))


@st.composite
def tables(draw):
    options = "abcd"[: draw(st.integers(1, 4))]
    return {group: {key: draw(few) for key in options} for group in range(draw(st.integers(1, 5)))}


# --- one row


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 20, "b": 10, "c": 5}, ""),
        ({"a": 20, "b": 10, "c": 0}, ""),
        ({"a": 20, "b": 10, "c": 4}, "bc"),
        ({"a": 20, "b": 10, "c": 3, "d": 2}, "cd"),
        ({"a": 20, "b": 10, "c": 2, "d": 2}, "bcd"),
        ({"a": 20, "b": 4, "c": 0}, "ab"),
        ({"a": 3, "b": 0, "c": 0}, "abc"),
        ({"a": 0, "b": 0}, ""),
        ({"a": 9, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, "abcdef"),
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 0}, "abcdef"),
        ({}, ""),
    ],
)
def test_small_counts_are_hidden_and_so_is_what_would_tell_them(counts, hidden):
    assert suppress(counts) == set(hidden)


def test_another_floor_is_another_row():
    counts = {"a": 20, "b": 10, "c": 4}
    assert suppress(counts, fewest=3) == set()
    assert suppress(counts, fewest=11) == {"b", "c"}
    assert suppress(counts, fewest=1) == set()


def possible(counts, hidden):
    """What a reader of the base and the visible cells can hold possible: (least, most) of each hidden cell."""
    left = sum(counts.values()) - sum(count for key, count in counts.items() if key not in hidden)
    somebody = 0 if hidden == set(counts) else 1  # zeros are shown, unless the whole row is kept back
    return {key: (somebody, left - somebody * (len(hidden) - 1)) for key in hidden}, left


@given(rows, st.integers(1, 8))
def test_nobody_can_work_out_a_hidden_cell(counts, fewest):
    hidden = suppress(counts, fewest)
    assert not any(0 < count < fewest for key, count in counts.items() if key not in hidden)
    if not hidden or sum(counts.values()) < fewest or len(counts) == 1:
        return  # too few people in all: the question itself is not shown
    between, left = possible(counts, hidden)
    assert left >= fewest
    assert all(least < most for least, most in between.values())


@given(rows, st.integers(1, 8))
def test_no_cell_is_hidden_without_need(counts, fewest):
    hidden = suppress(counts, fewest)
    small = {key for key, count in counts.items() if 0 < count < fewest}
    if not small:
        assert not hidden
    elif len(small) > 1 and sum(counts[key] for key in small) >= fewest and max(counts[key] for key in small) > 2:
        assert hidden == small
    if hidden != set(counts):
        assert all(counts[key] for key in hidden)


@given(rows)
def test_too_few_people_show_nothing(counts):
    if 0 < sum(counts.values()) < 5:
        assert suppress(counts) == set(counts)


# --- groups


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        ({"S7": (10, 20), "X9": (8, 9), "K1": (30, 5)}, set()),
        ({"S7": (10, 20), "X9": (8, 9), "K1": (30, 0)}, set()),
        ({"S7": (10, 20), "X9": (8, 9), "K1": (1, 2)}, {"K1", "X9"}),
        ({"S7": (10, 20), "X9": (8, 3), "K1": (30, 5)}, {"X9", "S7"}),
        ({"S7": (10, 20), "X9": (1, 0), "K1": (0, 1)}, {"S7", "X9", "K1"}),
        ({"S7": (10, 20), "X9": (8, 9), "K1": (0, 0)}, {"K1"}),
        ({"S7": (1, 2)}, {"S7"}),
        ({}, set()),
    ],
)
def test_small_groups_are_hidden_and_so_is_what_would_tell_them(table, hidden):
    assert suppress_groups({group: dict(zip("ab", row, strict=True)) for group, row in table.items()}) == hidden


def test_a_thin_option_takes_a_group_that_thickens_it():
    table = {1: {"x": 2, "y": 20}, 2: {"x": 1, "y": 30}, 3: {"x": 0, "y": 40}, 4: {"x": 9, "y": 50}}
    assert suppress_groups(table) == {1, 2, 4}


def test_an_empty_group_is_nothing_to_hide_behind():
    assert suppress_groups({1: {"x": 3, "y": 9}, 2: {"x": 0, "y": 0}, 3: {"x": 9, "y": 9}}) == {1, 2, 3}


def test_several_options_per_person_need_their_bases():
    table = {1: {"x": 9, "y": 9}, 2: {"x": 7, "y": 0}, 3: {"x": 8, "y": 6}}
    assert suppress_groups(table, exclusive=False, bases={1: 10, 2: 7, 3: 9}) == set()
    assert suppress_groups(table, fewest=8, exclusive=False, bases={1: 10, 2: 7, 3: 9}) == {2, 3, 1}
    with pytest.raises(ValueError, match="give `bases`"):
        suppress_groups(table, exclusive=False)


def bounds(table, hidden, objective):
    """(least, most) of a sum of hidden cells, by linear programming over every table that fits what is published."""
    groups, options = sorted(hidden), sorted({key for row in table.values() for key in row})
    places = {place: i for i, place in enumerate((group, key) for group in groups for key in options)}
    total = {key: sum(table[group][key] for group in table) for key in options}
    rows_, right = [], []
    for key in options:
        if 0 < total[key] < 5:
            continue  # hidden in the totals
        rows_.append([1.0 if place[1] == key else 0.0 for place in places])
        right.append(total[key] - sum(table[group][key] for group in table if group not in hidden))
    rows_.append([1.0] * len(places))
    right.append(sum(table[group][key] for group in groups for key in options))
    weights = np.array([1.0 if place in objective else 0.0 for place in places])
    ends = [linprog(sign * weights, A_eq=rows_, b_eq=right, method="highs").fun * sign for sign in (1, -1)]
    return round(ends[0], 6), round(ends[1], 6)


@settings(max_examples=60)
@given(tables())
def test_nobody_can_work_out_a_hidden_cell_of_a_hidden_group(table):
    hidden = suppress_groups(table)
    inhabited = {group for group in hidden if sum(table[group].values())}
    if not inhabited or len(table) == 1 or sum(sum(row.values()) for row in table.values()) < 5:
        return
    if len(inhabited) == 1:  # everybody is in that one group: the totals are its cells, whatever is hidden
        assert all(not sum(row.values()) for group, row in table.items() if group not in inhabited)
        return
    options = sorted({key for row in table.values() for key in row})
    group = min(inhabited)
    everybody = {(g, key) for g in inhabited for key in options}
    assert bounds(table, inhabited, everybody)[0] >= 5
    least, most = bounds(table, inhabited, {(group, key) for key in options})
    assert least < most
    for key in options:
        least, most = bounds(table, inhabited, {(group, key)})
        assert least < most or most == 0
        if sum(table[g][key] for g in table) >= 5:
            least, most = bounds(table, inhabited, {(g, key) for g in inhabited})
            assert most == 0 or least >= 5


@given(tables(), st.integers(1, 8))
def test_every_visible_group_may_be_seen(table, fewest):
    hidden = suppress_groups(table, fewest)
    for group in table.keys() - hidden:
        assert sum(table[group].values()) >= fewest
        assert not any(0 < count < fewest for count in table[group].values())


@given(tables(), st.integers(1, 8))
def test_total_minus_visible_is_nobody_or_enough(table, fewest):
    hidden = suppress_groups(table, fewest)
    for key in next(iter(table.values())):
        if sum(row[key] for row in table.values()) >= fewest:
            behind = sum(table[group][key] for group in hidden)
            assert behind == 0 or behind >= fewest


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: suppress({"a": -1}), "whole number"),
        (lambda: suppress({"a": 1.5}), "whole number"),
        (lambda: suppress({"a": 1}, fewest=0), "at least 1"),
        (lambda: suppress_groups({1: {"a": 9}}, bases={}), "no base"),
        (lambda: suppress_groups({1: {"a": 9, "b": 9}}, bases={1: 10}), "18 in its cells"),
        (lambda: suppress_groups({1: {"a": 9, "b": 11}}, exclusive=False, bases={1: 10}), "11 in its cells"),
    ],
)
def test_what_is_no_count_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
