from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from kocforum.stats.adjustment import adjust, correlation, strongest_correlate
from kocforum.stats.cases import Sheet
from kocforum.stats.elimination import eliminate, standings
from tests.stats.made import TV_B, TV_E, cases_of, close

DARK, RAIN, V24 = ("light", "dark"), ("weather", "rain"), ("version", "v24")


def sheet_of(groups, *dimensions):
    cases = cases_of(groups, *dimensions)
    return Sheet([c for c in cases if c.failing], [c for c in cases if not c.failing])


@pytest.fixture
def tv_e():
    return sheet_of(TV_E, "light", "weather", "version")


def told(candidate):
    return (
        candidate.condition[1],
        candidate.failing,
        candidate.fine,
        *(round(x, d) for x, d in ((candidate.increase, 4), (candidate.z, 3), (candidate.importance, 4))),
    )


def test_tv_e_round_1(tv_e):
    assert [told(c) for c in standings(tv_e, [DARK, RAIN, V24])] == [
        ("dark", 27, 9, 0.2750, 5.113, 0.4219),
        ("v24", 15, 5, 0.2750, 2.941, 0.4016),
        ("rain", 20, 12, 0.1500, 2.251, 0.2538),
    ]


def test_tv_e_round_2_rain_is_explained_away_by_dark(tv_e):
    v24, rain = standings(tv_e, [RAIN, V24], ~tv_e.having[DARK])
    assert told(v24) == ("v24", 9, 3, 0.5000, 5.745, 0.5471)
    assert (rain.failing, rain.fine, rain.increase, rain.kept) == (2, 6, 0.0, False)


def test_tv_e_round_3_rain_is_rejected(tv_e):
    (rain,) = standings(tv_e, [RAIN], ~tv_e.having[DARK] & ~tv_e.having[V24])
    assert close(rain.increase, 0.1042)
    assert close(rain.z, 0.926, 3)
    assert not rain.kept


def test_tv_e_two_independent_predictors_are_left(tv_e):
    assert eliminate(tv_e, [RAIN, V24, DARK]) == [DARK, V24]


def regression(groups):
    rows = [
        (light == "dark", weather == "rain", version == "v24", failing)
        for (light, weather, version), counts in groups.items()
        for failing, n in zip((1, 0), counts, strict=True)
        for _ in range(n)
    ]
    data = np.array(rows, dtype=float)
    return sm.add_constant(data[:, :3]), data[:, 3]


def test_tv_e_logistic_regression_agrees_with_elimination():
    x, y = regression(TV_E)
    fit = sm.Logit(y, x).fit(disp=0)
    ratios, ends = np.exp(fit.params[1:]), np.exp(fit.conf_int()[1:])
    expected = [(15.327, 3.750, 62.647), (1.226, 0.334, 4.502), (11.992, 2.773, 51.852)]
    for ratio, interval, (middle, low, high) in zip(ratios, ends, expected, strict=True):
        assert (ratio, *interval) == pytest.approx((middle, low, high), rel=2e-3)
    assert [low > 1 for low, _ in ends] == [True, False, True]


def test_eliminate_of_nothing_is_nothing(tv_e):
    assert eliminate(tv_e, []) == []
    assert eliminate(Sheet([], []), [DARK]) == []


def test_tv_b_the_strongest_correlate_of_rain_is_dark_and_nothing_is_left_of_rain():
    sheet = sheet_of(TV_B, "light", "weather")
    assert strongest_correlate(sheet, RAIN, [RAIN, DARK]) == DARK
    held = adjust(sheet, RAIN, DARK)
    assert held.odds_ratio == pytest.approx(1)
    assert close(held.crude, 2.7778)
    assert [round(x, 4) for x in held.ci] == [0.3052, 3.2766]
    assert held.explains
    assert held.differs
    assert not held.excludes_one
    assert not adjust(sheet, DARK, RAIN).explains
    assert adjust(sheet, DARK, RAIN).excludes_one


def test_a_value_of_the_same_dimension_is_no_correlate():
    sheet = sheet_of({("dark",): (9, 3), ("bright",): (3, 9)}, "light")
    assert strongest_correlate(sheet, DARK, [DARK, ("light", "bright")]) is None


def test_too_few_cases_that_observed_both_are_no_correlation():
    groups = {("dark", None): (10, 5), ("light", None): (5, 10), ("dark", "rain"): (4, 1), ("light", "dry"): (1, 4)}
    assert np.isnan(correlation(sheet_of(groups, "light", "weather"), DARK, RAIN))


def test_what_never_comes_apart_cannot_be_adjusted():
    held = adjust(sheet_of({("dark", "rain"): (9, 3), ("light", "dry"): (3, 9)}, "light", "weather"), DARK, RAIN)
    assert not held.separable
    assert not held.explains
    assert held.phi == 1


def test_a_perfect_split_gets_a_finite_adjusted_ratio():
    groups = {(light, weather): (8, 0) if light == "dark" else (0, 8) for light in ("dark", "x") for weather in "ab"}
    held = adjust(sheet_of(groups, "light", "weather"), DARK, ("weather", "a"))
    assert 1 < held.ci[0] < held.odds_ratio < held.ci[1] < np.inf


def test_tv_e_ridge_regression_agrees_too():
    """Normal(0, 1.5) on the three conditions, none on the intercept; Laplace interval."""
    x, y = regression(TV_E)
    penalty, beta = np.diag([0, 1, 1, 1]) / 1.5**2, np.zeros(4)
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ beta))
        curvature = (x.T * (p * (1 - p))) @ x + penalty
        beta = beta + np.linalg.solve(curvature, x.T @ (y - p) - penalty @ beta)
    reach = 1.959963984540054 * np.sqrt(np.diag(np.linalg.inv(curvature)))
    found = np.exp(np.array([beta, beta - reach, beta + reach]).T[1:])
    expected = [(8.799, 2.843, 27.239), (1.346, 0.445, 4.075), (6.689, 2.039, 21.947)]
    assert found == pytest.approx(np.array(expected), rel=1e-3)
    assert [low > 1 for _, low, _ in found] == [True, False, True]
