"""Krippendorff's alpha against his own examples and by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kocforum.stats import krippendorff_alpha, saturation

# Krippendorff (2011), section C: four observers, twelve units, "." where nothing was said.
FOUR = ["123321 4 1 2 . . .", "12332 2 4 1 2 5 . 3", ".3332 3 4 2 2 5 1 .", "12332 4 4 1 2 5 1 ."]


def read(rows: list[str]) -> list[dict[int, int | str | None]]:
    said = [
        [None if mark == "." else int(mark) if mark.isdigit() else mark for mark in row.replace(" ", "")]
        for row in rows
    ]
    return [dict(enumerate(unit)) for unit in zip(*said, strict=True)]


@pytest.mark.parametrize(("scale", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_four_observers_with_gaps_meet_the_published_numbers(scale, alpha):
    found = krippendorff_alpha(read(FOUR), scale)
    assert round(found.alpha, 3) == alpha
    assert (found.units, found.values) == (11, 40)


def test_two_observers_of_two_values_meet_the_published_number():
    """Section A: ten units; 1 − 19 · 8 / (2 · 14 · 6)."""
    found = krippendorff_alpha(read(["0100000010", "1110010000"]))
    assert found.alpha == pytest.approx(1 - 19 * 8 / (2 * 14 * 6)) and round(found.alpha, 3) == 0.095


def test_two_observers_of_five_values_meet_the_published_number():
    """Section B."""
    assert round(krippendorff_alpha(read(["aabbdcccedda", "babbbcccéddd".replace("é", "e")])).alpha, 3) == 0.692


def test_who_always_differ_do_worse_than_chance():
    assert krippendorff_alpha([{"a": 1, "b": 2}, {"a": 2, "b": 1}]).alpha == pytest.approx(-0.5)


@pytest.mark.parametrize(
    "units",
    [[], [{"a": 1}], [{"a": 1, "b": None}], [{"a": 1, "b": 1}, {"a": 1, "b": 1}]],
    ids=["none", "one", "gap", "same"],
)
def test_where_nothing_varies_there_is_nothing_to_agree_on(units):
    assert math.isnan(krippendorff_alpha(units).alpha)


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="scale is one of"):
        krippendorff_alpha([], "cosine")


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), min_size=2), min_size=2, max_size=20))
def test_names_of_coders_and_order_of_units_do_not_matter(units):
    found = krippendorff_alpha(units)
    turned = krippendorff_alpha(
        [{name.upper(): value for name, value in reversed(unit.items())} for unit in reversed(units)]
    )
    assert found == turned or math.isnan(found.alpha) and math.isnan(turned.alpha)
    assert math.isnan(found.alpha) or found.alpha <= 1


# --- saturation


def test_new_codes_run_dry():
    found = saturation([{"a", "b"}, {"b", "c"}, {"d"}, {"a"}, {"e"}, {"a"}, {"b"}, {"c"}])
    assert found.new == (2, 1, 1, 0, 1, 0, 0, 0)
    assert found.rates == (0.25, 0.0, 0.0) and found.reached_at == 7


def test_few_entries_say_nothing_yet_and_empty_ones_never():
    assert saturation([{"a"}] * 5).reached_at is None
    assert saturation([set()] * 9).reached_at is None
    with pytest.raises(ValueError, match="at least one"):
        saturation([], run=0)
