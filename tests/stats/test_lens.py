from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kocforum.stats import Case, Flag, benjamini_hochberg, mantel_haenszel, two_by_two, wilson
from kocforum.stats.lens import lens
from tests.stats.made import TV_B, TV_E, cases_of, close

TV_A = {("dark",): (18, 6), ("light",): (7, 29)}
TV_A2 = {("dirty",): (14, 4), ("clean",): (6, 8), (None,): (5, 23)}


def levels(found):
    return {finding.value: finding.level for finding in found.findings}


def test_tv_a_through_the_lens():
    found = lens(cases_of(TV_A, "light"))
    assert (found.owners, found.observations, found.failing, found.fine, found.tests) == (60, 60, 25, 35, 2)
    dark = found.findings[0]
    assert dark.condition == ("light", "dark")
    assert (dark.with_.failing, dark.with_.fine, dark.without.failing, dark.without.fine) == (18, 6, 7, 29)
    assert dark.with_.rate == (0.75, *wilson(18, 24))
    assert dark.table == two_by_two(18, 6, 7, 29)
    assert dark.p == pytest.approx(3.61915e-05, rel=1e-5)
    assert dark.q == pytest.approx(dark.p)
    assert close(dark.importance, 0.4862)
    assert close(dark.ochiai, 0.7348)
    assert close(dark.e_value, 6.5092)
    assert (dark.level, dark.flags, dark.adjusted, dark.order) == ("L2", (), None, 1)
    assert found.of("light", "light").level == "L1"
    assert not found.of("light", "light").positive


def test_tv_a2_unobserved_is_not_no_and_a_recording_bias_holds_the_level_down():
    dirty = lens(cases_of(TV_A2, "sensor")).of("sensor", "dirty")
    assert dirty.table.cells == (14, 4, 6, 8)
    assert dirty.unobserved == 28
    assert close(dirty.importance, 0.2576)
    assert [round(x, 4) for x in dirty.possible] == [0.3771, 24.5417]
    assert Flag.RECORD_BIAS in dirty.flags
    assert dirty.level == "L1"
    # the same gap with a table that is clear enough
    biased = lens(cases_of({("dirty",): (18, 2), ("clean",): (2, 10), (None,): (0, 40)}, "sensor"))
    assert biased.of("sensor", "dirty").q < 0.001
    assert biased.of("sensor", "dirty").level == "L1"


def test_tv_b_rain_is_not_shown_as_a_condition():
    found = lens(cases_of(TV_B, "light", "weather"))
    assert levels(found) == {"dark": "L2", "rain": "L1", "light": "L1", "dry": "L1"}
    assert found.findings[0].value == "dark"
    rain = found.of("weather", "rain")
    assert rain.q <= 0.10  # it would have passed by itself
    assert rain.adjusted.for_ == ("light", "dark")
    assert rain.adjusted.odds_ratio == pytest.approx(1)
    assert {Flag.EXPLAINED_AWAY, Flag.ADJUSTED_DIFFERS} <= set(rain.flags)
    dark = found.of("light", "dark")
    assert dark.adjusted.for_ == ("weather", "rain")
    assert dark.adjusted.odds_ratio == pytest.approx(9)
    assert Flag.EXPLAINED_AWAY not in dark.flags


def test_tv_e_two_predictors_stand_and_rain_is_explained_away():
    found = lens(cases_of(TV_E, "light", "weather", "version"))
    assert [(f.value, f.level, f.order) for f in found.findings[:2]] == [("dark", "L2", 1), ("v24", "L2", 2)]
    rain = found.of("weather", "rain")
    assert (rain.level, rain.order) == ("L1", None)
    assert Flag.EXPLAINED_AWAY in rain.flags


def test_three_against_three_are_few_and_not_unrelated():
    found = lens(cases_of({("dark",): (3, 0), ("light",): (0, 3)}, "light")).of("light", "dark")
    assert found.p == pytest.approx(0.1)
    assert {Flag.FEW, Flag.ZERO_CELL} == set(found.flags)
    assert found.level == "L1"
    assert close(found.table.odds_ratio, 49.0)


def test_two_owners_are_a_case_and_three_a_clue():
    assert levels(lens(cases_of({("dark",): (2, 9), ("light",): (0, 9)}, "light")))["dark"] == "L0"
    assert levels(lens(cases_of({("dark",): (3, 9), ("light",): (0, 9)}, "light")))["dark"] == "L1"


def test_one_owner_of_three_cars_is_one_owner():
    cases = cases_of(TV_A, "light")
    loud = [
        Case("loud" if c.failing and c.observed == {"light": {"dark"}} else c.owner, c.failing, c.observed, i)
        for i, c in enumerate(cases)
    ]
    dark = lens(loud).of("light", "dark")
    assert dark.table.cells == (18, 6, 7, 29)
    assert dark.failing_owners == 1
    assert dark.level == "L0"


def test_a_level_that_hangs_on_one_owner_says_so():
    groups = {("dark",): (3, 2), ("light",): (0, 20)}
    cases = cases_of(groups, "light")
    assert lens(cases).of("light", "dark").level == "L2"
    assert Flag.ONE_OWNER in lens(cases).of("light", "dark").flags
    assert Flag.ONE_OWNER not in lens(cases_of(TV_A, "light")).of("light", "dark").flags


def test_the_last_case_of_an_owner_and_vehicle_stands():
    first = [Case("a", True, {"light": {"dark"}}, "car"), Case("a", True, {"light": {"dark"}}, "other car")]
    changed = [*first, Case("a", False, {"light": {"bright"}}, "car")]
    assert lens(first).failing == 2
    found = lens(changed)
    assert (found.owners, found.observations, found.failing, found.fine) == (1, 2, 1, 1)
    assert found.of("light", "bright").with_.fine == 1


def test_a_dimension_may_have_several_values_and_an_empty_one_was_not_observed():
    found = lens(
        [
            Case(1, True, {"weather": {"rain", "fog"}}),
            Case(2, False, {"weather": ["sun"]}),
            Case(3, False, {"weather": ()}),
            Case(4, True, {"weather": "rain"}),
        ]
    )
    assert found.of("weather", "rain").table.cells == (2, 0, 0, 1)
    assert found.of("weather", "fog").table.cells == (1, 0, 1, 1)
    assert found.of("weather", "rain").unobserved == 1


def test_a_risk_difference_below_15_points_is_not_said_louder():
    found = lens(cases_of({("dark",): (240, 760), ("light",): (120, 880)}, "light")).of("light", "dark")
    assert found.q < 1e-6
    assert found.level == "L1"


def test_a_condition_that_goes_with_success_is_never_an_association_with_failure():
    assert lens(cases_of({("dark",): (4, 30), ("light",): (30, 4)}, "light")).of("light", "dark").level == "L1"


# --- the highest level

RAINY = {
    ("dark", "rain"): (15, 5),
    ("dark", "dry"): (12, 4),
    ("light", "rain"): (4, 14),
    ("light", "dry"): (5, 17),
}


def robust_cases(**changes):
    known = {"prospective": True, "stimulated": False} | changes
    cases = cases_of(RAINY, "light", "weather", **known)
    return [
        Case(c.owner, c.failing, c.observed, c.vehicle, c.prospective, c.stimulated, ("上海", "成都")[i % 2])
        for i, c in enumerate(cases)
    ]


def test_l3_needs_everything():
    dark = lens(robust_cases()).of("light", "dark")
    assert dark.level == "L3"
    assert dark.adjusted.ci[0] > 1


@pytest.mark.parametrize("unknown", ["prospective", "stimulated"])
def test_l3_is_out_of_reach_where_it_is_not_known_how_cases_came(unknown):
    assert lens(robust_cases(**{unknown: None})).of("light", "dark").level == "L2"


def test_l3_falls_when_it_does_not_survive_without_stimulated_reports():
    assert lens(robust_cases(stimulated=True)).of("light", "dark").level == "L2"


def test_l3_needs_a_fifth_of_each_outcome_to_be_asked_for():
    def share(one_in):
        return [
            Case(c.owner, c.failing, c.observed, c.vehicle, i % one_in == 0, False, c.place)
            for side in (True, False)
            for i, c in enumerate(x for x in robust_cases() if x.failing is side)
        ]

    assert lens(share(4)).of("light", "dark").level == "L3"
    assert lens(share(6)).of("light", "dark").level == "L2"


def test_l3_needs_two_places():
    one_town = [Case(c.owner, c.failing, c.observed, c.vehicle, True, False, "上海") for c in robust_cases()]
    assert lens(one_town).of("light", "dark").level == "L2"


def test_l3_falls_when_it_rests_on_one_owner():
    cases = [
        Case("club" if i % 4 and c.failing and c.observed["light"] == {"dark"} else c.owner, c.failing, c.observed, i,
             True, False, c.place)
        for i, c in enumerate(robust_cases())
    ]  # fmt: skip
    assert lens(cases).of("light", "dark").table == lens(robust_cases()).of("light", "dark").table
    assert lens(cases).of("light", "dark").level == "L2"


# --- nobody is fine


def failing(groups, *dimensions, start=0):
    return [
        Case(f"{start}-{c.owner}", True, c.observed, c.vehicle)
        for c in cases_of({k: (n, 0) for k, n in groups.items()}, *dimensions)
    ]


ANIMAL = failing({("dark",): 12, ("light",): 30}, "light")
OTHERS = failing({("dark",): 88, ("light",): 870}, "light", start=1)


def test_tv_c_where_nobody_is_fine_other_failures_are_compared():
    found = lens(ANIMAL, OTHERS)
    assert found.compared_with_other_failures
    assert (found.owners, found.observations, found.fine) == (42, 42, 0)
    dark = found.findings[0]
    assert dark.table.cells == (12, 88, 30, 870)
    assert close(dark.signal.ic, 1.4112)
    assert close(dark.signal.low, 0.4810)
    assert dark.level == "L2"
    assert Flag.COMPARED_WITH_OTHER_FAILURES in dark.flags
    assert all(Flag.COMPARED_WITH_OTHER_FAILURES in f.flags for f in found.findings)


def test_compared_with_other_failures_never_gets_above_l2():
    def sure(cases):
        return [Case(c.owner, True, c.observed, c.vehicle, True, False, i % 5) for i, c in enumerate(cases)]

    mine = failing({("dark", "rain"): 200, ("light", "dry"): 20, ("dark", "dry"): 150}, "light", "weather")
    rest = failing({("dark", "rain"): 50, ("light", "dry"): 900, ("dark", "dry"): 60}, "light", "weather", start=1)
    assert {f.level for f in lens(sure(mine), sure(rest)).findings} <= {"L0", "L1", "L2"}


def test_shrinkage_two_of_two_rare_ones_are_no_signal_nor_is_one_owner_with_many_cars():
    rest = failing({("light",): 400, ("fog",): 1}, "light", start=1)
    assert lens(failing({("fog",): 2, ("light",): 5}, "light"), rest).of("light", "fog").level == "L0"
    club = [Case("club", True, {"light": {"fog"}}, i) for i in range(9)]
    found = lens(club + failing({("light",): 20}, "light"), rest).of("light", "fog")
    assert found.signal.low > 0
    assert found.level == "L0"


def test_other_failures_are_left_alone_once_somebody_is_fine():
    found = lens([*ANIMAL, Case("x", False, {"light": {"light"}})], OTHERS)
    assert not found.compared_with_other_failures
    assert found.of("light", "light").table.cells == (30, 1, 12, 0)


def test_a_recording_gap_between_two_troubles_is_flagged_and_bars_nothing():
    silent = [Case(f"2-{i}", True) for i in range(900)]
    dark = lens(ANIMAL, [*OTHERS, *silent]).of("light", "dark")
    assert Flag.RECORD_BIAS in dark.flags
    assert dark.level == "L2"
    assert dark.unobserved == 0


def test_values_that_only_other_failures_had_are_not_listed():
    found = lens(ANIMAL, [*OTHERS, *failing({("snow",): 40}, "light", start=2)])
    assert {f.value for f in found.findings} == {"dark", "light"}


def test_with_nothing_to_compare_the_counts_stand_alone():
    found = lens(ANIMAL)
    assert not found.compared_with_other_failures
    dark = found.of("light", "dark")
    assert dark.with_.failing == 12
    assert (dark.p, dark.q, dark.level) == (1.0, 1.0, "L1")
    assert Flag.NO_COMPARISON in dark.flags
    assert dark.numbers()["odds_ratio"] == [None, None, None]


def test_a_success_topic_has_no_failures_to_explain():
    found = lens(cases_of({("dark",): (0, 9), ("light",): (0, 4)}, "light"), OTHERS)
    assert not found.compared_with_other_failures
    assert levels(found) == {"dark": "L0", "light": "L0"}
    assert all(Flag.NOBODY_FAILING in f.flags for f in found.findings)


def test_nobody_at_all_is_an_empty_answer():
    found = lens([])
    assert (found.owners, found.observations, found.findings) == (0, 0, ())
    assert lens([], OTHERS).findings == ()
    with pytest.raises(KeyError):
        found.of("light", "dark")


# --- conditions among each other


def test_simpsons_paradox_is_flagged_and_holds_the_level_down():
    groups = {
        ("dark", "new"): (15, 5),
        ("light", "new"): (12, 68),
        ("dark", "old"): (56, 24),
        ("light", "old"): (2, 18),
    }
    found = lens(cases_of(groups, "light", "version"))
    old = found.of("version", "old")
    assert old.table.odds_ratio > 3
    assert old.adjusted.odds_ratio == pytest.approx(0.7222, abs=1e-4)
    assert {Flag.SIMPSON, Flag.EXPLAINED_AWAY} <= set(old.flags)
    assert (old.level, found.of("light", "dark").level) == ("L1", "L2")


def test_two_conditions_that_never_come_apart_both_stand_and_say_so():
    found = lens(cases_of({("dark", "rain"): (18, 6), ("light", "dry"): (7, 29)}, "light", "weather"))
    for dimension, value in (("light", "dark"), ("weather", "rain")):
        finding = found.of(dimension, value)
        assert finding.level == "L2"
        assert Flag.INSEPARABLE in finding.flags
        assert finding.numbers()["adjusted"] is None


def test_two_that_explain_each_other_do_not_both_vanish():
    groups = {
        ("dark", "rain"): (16, 5),
        ("dark", "dry"): (2, 1),
        ("light", "rain"): (2, 1),
        ("light", "dry"): (6, 27),
    }
    found = lens(cases_of(groups, "light", "weather"))
    assert "L2" in {found.of("light", "dark").level, found.of("weather", "rain").level}


def test_an_association_that_depends_on_another_condition_is_flagged():
    groups = {
        ("dark", "rain"): (38, 2),
        ("dark", "dry"): (10, 20),
        ("light", "rain"): (4, 26),
        ("light", "dry"): (9, 21),
    }
    dark = lens(cases_of(groups, "light", "weather")).of("light", "dark")
    assert Flag.HETEROGENEOUS in dark.flags


def test_the_answer_is_plain_json_with_the_promised_names():
    answer = lens(cases_of(TV_B, "light", "weather")).findings[0].numbers()
    promised = """dimension value with without risk_ratio odds_ratio p q importance adjusted level flags"""
    assert set(promised.split(" ")) <= set(answer)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert set(answer["with"]) == {"failing", "fine", "rate"}
    assert answer["adjusted"]["for"] == "weather=rain"
    assert len(answer["adjusted"]["odds_ratio"]) == len(answer["risk_ratio"]) == len(answer["with"]["rate"]) == 3


# --- whatever comes

observed = st.dictionaries(
    st.sampled_from(["light", "weather", "road"]), st.sets(st.sampled_from(["a", "b", "c"]), max_size=2), max_size=3
)
known = st.sampled_from([None, True, False])
some_case = st.builds(
    Case,
    owner=st.integers(0, 25),
    failing=st.booleans(),
    observed=observed,
    vehicle=st.integers(0, 1),
    prospective=known,
    stimulated=known,
    place=st.sampled_from([None, "上海", "成都"]),
)


@given(st.lists(some_case, max_size=60), st.lists(some_case, max_size=30))
def test_every_topic_gets_an_answer_that_adds_up(cases, others):
    found = lens(cases, others)
    assert found.tests == len(found.findings)
    assert found.failing + found.fine == found.observations <= len(cases)
    p_values = [f.p for f in found.findings]
    assert [f.q for f in found.findings] == pytest.approx(benjamini_hochberg(p_values))
    assert [f.level for f in found.findings] == sorted((f.level for f in found.findings), reverse=True)
    for f in found.findings:
        own = (
            f.with_.failing
            + f.without.failing
            + (0 if found.compared_with_other_failures else f.with_.fine + f.without.fine)
        )
        assert own + f.unobserved == found.observations
        assert 0 <= f.importance <= 1
        assert f.level in ("L0", "L1", "L2", "L3")
        assert f.level < "L2" or f.positive
        json.dumps(f.numbers(), allow_nan=False)


@settings(max_examples=50)
@given(st.lists(some_case, max_size=40, unique_by=lambda c: (c.owner, c.vehicle)), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_does_not_matter(cases, shuffle):
    mixed = list(cases)
    shuffle.shuffle(mixed)
    assert [f.numbers() for f in lens(mixed).findings] == [f.numbers() for f in lens(cases).findings]


@settings(max_examples=30)
@given(st.lists(some_case, min_size=12, max_size=60, unique_by=lambda c: (c.owner, c.vehicle)))
def test_adjusted_numbers_are_mantel_haenszel_on_cases_counted_by_hand(cases):
    for f in lens(cases).findings:
        held = f.adjusted
        if not held:
            continue
        strata = []
        for inside in (True, False):
            cells = [0, 0, 0, 0]
            for case in cases:
                mine, theirs = case.observed.get(f.dimension), case.observed.get(held.for_[0])
                if mine and theirs and (held.for_[1] in theirs) is inside:
                    cells[2 * (f.value not in mine) + (not case.failing)] += 1
            strata.append(tuple(cells))
        expected = mantel_haenszel(strata)
        assert held.p == expected.p_value
        if 0 < expected.odds_ratio < float("inf"):
            assert held.odds_ratio in (expected.odds_ratio, mantel_haenszel(strata, correction=0.5).odds_ratio)


def test_ten_thousand_owners_and_a_hundred_conditions_find_the_one_that_matters():
    draw = random.Random(7)
    cases = []
    for owner in range(10_000):
        held = {f"dimension {d}": {f"value {draw.randrange(5)}"} for d in range(20) if draw.random() < 0.7}
        risky = held.get("dimension 3") == {"value 1"}
        cases.append(Case(owner, draw.random() < (0.7 if risky else 0.3), held))
    found = lens(cases)
    assert found.tests == 100
    assert [f.condition for f in found.findings if f.level == "L2"] == [("dimension 3", "value 1")]
