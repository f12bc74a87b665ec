from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats import contradictions, longest_run, speed_limit, speeder, straight_liner

MINUTES = [60.0, 80, 90, 100, 400]
NEVER, DAILY, MOTORWAY = ("drives", "never"), ("charges", "daily"), ("roads", "motorway")


# --- speed


def test_less_than_a_third_of_the_median_is_too_fast():
    assert speed_limit(MINUTES) == 30
    assert speeder(29.9, MINUTES)
    assert not speeder(30, MINUTES)
    assert not speeder(400, MINUTES)


def test_the_part_can_be_chosen():
    assert speeder(44, MINUTES, part=0.5)
    assert not speeder(44, MINUTES, part=0.4)
    assert not speeder(0, MINUTES, part=0)


def test_a_few_people_are_no_measure_of_speed():
    assert math.isnan(speed_limit([90] * 4))
    assert not speeder(1, [90] * 4)
    assert speeder(1, [90] * 4, people=4)
    assert not speeder(1, [])
    assert not speeder(1, [], people=0)


@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=50))
def test_never_more_than_half_the_people_speed(all_seconds):
    assert sum(speeder(seconds, all_seconds) for seconds in all_seconds) <= len(all_seconds) / 2


def test_one_who_left_it_open_over_night_makes_nobody_a_speeder():
    assert not any(speeder(seconds, [*MINUTES, 50_000]) for seconds in MINUTES)


# --- the same answer over and over


def test_the_longest_run_stands_anywhere():
    assert longest_run([]) == 0
    assert longest_run([3]) == 1
    assert longest_run([1, 2, 2, 2, 1, 1]) == 3
    assert longest_run(iter("abcc")) == 2


def test_what_was_left_out_ends_a_run():
    assert longest_run([2, 2, None, None, None, 2]) == 2
    assert longest_run([None, None]) == 0


def test_one_answer_to_every_row_is_a_straight_line():
    assert straight_liner(dict.fromkeys("abcde", 4), "abcde")
    assert not straight_liner({**dict.fromkeys("abcde", 4), "e": 5}, "abcde")


def test_only_the_rows_of_the_matrix_count():
    said = {**dict.fromkeys("abcd", 4), "nps": 9}
    assert straight_liner(said, "abcd")
    assert not straight_liner(said, ["a", "b", "c", "d", "nps"])
    assert not straight_liner(said, "wxyz")


def test_rows_left_out_and_rows_named_twice_do_not_count():
    assert straight_liner({**dict.fromkeys("abcd", 4), "e": None}, "abcde")
    assert not straight_liner({"a": 4, "b": 4, "c": 4, "d": None}, "abcd")
    assert not straight_liner({"a": 4}, "aaaa")


def test_a_short_matrix_is_no_sign_unless_asked_for():
    assert not straight_liner(dict.fromkeys("abc", 4), "abc")
    assert straight_liner(dict.fromkeys("abc", 4), "abc", rows=3)
    assert not straight_liner({"a": 4}, "a", rows=1)


def test_answers_may_be_of_any_kind():
    assert straight_liner({row: ["x", "y"] for row in range(4)}, range(4))
    assert longest_run([["x"], ["x"], ["y"]]) == 2


# --- what cannot both be so


def test_pairs_that_are_both_said_are_named():
    said = {"drives": "never", "charges": "daily", "roads": ["city", "motorway"]}
    rules = [(NEVER, DAILY), (NEVER, MOTORWAY), (("drives", "weekly"), DAILY)]
    assert contradictions(said, rules) == ((NEVER, DAILY), (NEVER, MOTORWAY))


def test_one_of_them_alone_is_no_contradiction():
    assert contradictions({"drives": "never"}, [(NEVER, DAILY)]) == ()
    assert contradictions({"drives": "never", "charges": None}, [(NEVER, ("charges", None))]) == ()
    assert contradictions({"drives": "nevermore", "charges": "daily"}, [(NEVER, DAILY)]) == ()
    assert contradictions({}, []) == ()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: speeder(-1, MINUTES), "from 0 upwards"),
        (lambda: speeder(1, [*MINUTES, math.nan]), "finite number"),
        (lambda: speeder("soon", MINUTES), "must be a number"),
        (lambda: speeder(1, MINUTES, part=2), "part must lie"),
        (lambda: straight_liner({}, "ab", rows=1.5), "whole number"),
    ],
)
def test_what_is_no_time_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
