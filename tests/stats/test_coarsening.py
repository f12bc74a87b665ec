"""No combination of facts that is shown belongs to fewer rows than it must."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats.coarsening import coarsen

FACTS = ("city", "version", "model")


def combinations(rows) -> Counter:
    return Counter(tuple(sorted(row.items())) for row in rows)


def test_a_rare_city_is_given_up_first():
    rows = [{"model": "S7", "city": "北京"}] * 6 + [{"model": "S7", "city": "哈尔滨"}] * 5 + [{"model": "S7"}] * 5
    assert coarsen(rows, FACTS) == rows
    rows = [{"model": "S7", "city": "北京"}] * 6 + [{"model": "S7", "city": f"c{n}"} for n in range(5)]
    assert coarsen(rows, FACTS) == rows[:6] + [{"model": "S7"}] * 5


def test_who_would_stand_alone_without_facts_is_joined_by_the_smallest_group():
    rows = [{"model": "S7"}] * 9 + [{"model": "M9"}] * 5 + [{"model": "X"}]
    assert coarsen(rows, FACTS) == [{"model": "S7"}] * 9 + [{}] * 6


def test_too_few_rows_lose_every_fact():
    assert coarsen([{"model": "S7", "n": 1}] * 4, FACTS) == [{"n": 1}] * 4


def test_nobody_is_no_row_and_less_than_one_is_refused():
    assert coarsen([], FACTS) == []
    with pytest.raises(ValueError, match="at least one"):
        coarsen([{}], FACTS, 0)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={"city": st.sampled_from("abc"), "version": st.sampled_from("12"), "model": st.sampled_from("XY")},
        ),
        max_size=40,
    ),
    st.integers(1, 6),
)
def test_every_combination_that_is_shown_has_enough_rows(rows, least):
    coarse = coarsen(rows, FACTS, least)
    assert len(coarse) == len(rows)
    assert all(set(after.items()) <= set(before.items()) for before, after in zip(rows, coarse, strict=True))
    if len(rows) >= least:
        assert all(count >= least for count in combinations(coarse).values())
    else:
        assert all(not row for row in coarse)
