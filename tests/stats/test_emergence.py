from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from kocforum.stats import emergence_tail
from tests.stats.made import close

WEEKS = [1, 0, 2, 1, 1, 0, 1, 2]
ONES = [1] * 8


@pytest.mark.parametrize(("count", "tail"), [(3, 0.090052), (4, 0.026016), (5, 0.006637), (6, 0.001538)])
def test_section_1_6_tails_of_the_base_series(count, tail):
    assert close(emergence_tail(WEEKS, ONES, count, 1), tail, 6)


def test_section_1_6_poisson_would_be_too_sure_of_itself():
    assert close(float(poisson.sf(5, 1)), 0.000594, 6)
    assert emergence_tail(WEEKS, ONES, 6, 1) > 2.5 * poisson.sf(5, 1)


def test_section_1_6_more_reporters_this_week_are_no_alarm():
    assert close(emergence_tail(WEEKS, ONES, 6, 2), 0.029263, 6)


def test_section_1_6_three_after_eight_empty_weeks():
    assert close(emergence_tail([0] * 8, ONES, 3, 1), 0.000380, 6)


series = st.lists(st.tuples(st.integers(0, 500), st.floats(0, 500)), max_size=12)


@given(series, st.integers(0, 300), st.floats(1e-3, 1e3))
def test_it_is_the_negative_binomial_tail(weeks, count, exposure):
    counts, exposures = [c for c, _ in weeks], [e for _, e in weeks]
    r, past = 0.5 + sum(counts), 0.5 + sum(exposures)
    found = emergence_tail(iter(counts), iter(exposures), count, exposure)
    assert 0 <= found <= 1
    assert found == pytest.approx(nbinom.sf(count - 1, r, past / (past + exposure)), rel=1e-6, abs=1e-12)


@given(series, st.integers(0, 300), st.floats(0, 1e3))
def test_more_owners_are_never_less_surprising(weeks, count, exposure):
    counts, exposures = [c for c, _ in weeks], [e for _, e in weeks]
    more = emergence_tail(counts, exposures, count + 1, exposure)
    assert more <= emergence_tail(counts, exposures, count, exposure) + 1e-12


@given(st.lists(st.integers(min_value=0), max_size=5), st.integers(min_value=0))
def test_no_counts_raise(counts, count):
    assert 0 <= emergence_tail(counts, [1] * len(counts), count, 1) <= 1


def test_no_count_or_no_exposure_is_no_surprise():
    assert emergence_tail(WEEKS, ONES, 0, 1) == 1
    assert emergence_tail(WEEKS, ONES, 5, 0) == 1
    assert emergence_tail([], [], 0, 0) == 1


@pytest.mark.parametrize("arguments", [([1], [], 1, 1), ([-1], [1], 1, 1), ([1], [-1], 1, 1), ([1], [1], 1, -1)])
def test_what_does_not_fit_is_refused(arguments):
    with pytest.raises(ValueError):
        emergence_tail(*arguments)
