"""Small tables whose answer is in the literature; read where they lie, never copied."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kocforum.stats import Case, Flag, information_component, two_by_two
from kocforum.stats.disproportionality import expected_count
from kocforum.stats.lens import lens
from tests.stats.made import cases_of

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

pytestmark = pytest.mark.real_data


def rows(folder, name):
    path = DATA / folder / name
    if not path.exists():
        pytest.skip(f"../shared/data/{folder} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- Challenger's O-rings: every launch below 66 °F had damage (Dalal, Fowlkes, Hoadley 1989)


@pytest.fixture
def launches():
    return [
        Case(
            owner=row["FlightNumber"],
            failing=row["Fail"] == "yes",
            observed={
                "temperature": {"cold" if int(row["Temperature"]) < 66 else "warm"},
                "pressure": {row["Pressure"]},
            },
        )
        for row in rows("conditions_known_cause", "SpaceShuttle.csv")
        if row["Fail"] != "NA"
    ]


def test_cold_launches_stand_out_and_are_called_few(launches):
    found = lens(launches)
    assert (found.observations, found.failing) == (23, 7)
    cold = found.findings[0]
    assert cold.condition == ("temperature", "cold")
    assert cold.table.cells == (4, 0, 3, 16)
    assert cold.p == pytest.approx(35 / 8855)  # C(7,4) / C(23,4)
    assert Flag.FEW in cold.flags
    assert cold.level == "L1"
    assert all(f.importance < cold.importance for f in found.findings[1:])


# --- Titanic: men died; the crew's excess of deaths is their sex (Dawson 1995)


@pytest.fixture
def passengers():
    groups = {}
    for row in rows("conditions_known_cause", "Titanic.csv"):
        died = row["Survived"] == "No"
        counts = groups.setdefault((row["Class"], row["Sex"], row["Age"]), [0, 0])
        counts[0 if died else 1] += int(row["Freq"])
    return cases_of({k: tuple(v) for k, v in groups.items()}, "class", "sex", "age")


def test_sex_comes_first_on_the_titanic(passengers):
    found = lens(passengers)
    assert (found.observations, found.failing) == (2201, 1490)
    male = found.findings[0]
    assert male.condition == ("sex", "Male")
    assert male.table.cells == (1364, 367, 126, 344)
    assert male.table.odds_ratio == pytest.approx(10.147, abs=1e-3)
    assert male.level == "L2"


def test_the_crews_deaths_are_explained_by_their_sex(passengers):
    crew = lens(passengers).of("class", "Crew")
    assert crew.table.odds_ratio == pytest.approx(1.94, abs=0.01)
    assert crew.adjusted.for_ == ("sex", "Male")
    assert crew.adjusted.odds_ratio < 1
    assert Flag.ADJUSTED_DIFFERS in crew.flags
    assert crew.level == "L1"


# --- warp breaks: low tension breaks yarn, the kind of wool alone does not tell (Tippett 1950)


def test_low_tension_and_not_the_wool_goes_with_many_breaks():
    found = lens(
        Case(i, int(row["breaks"]) > 26, {"wool": {row["wool"]}, "tension": {row["tension"]}})
        for i, row in enumerate(rows("conditions_known_cause", "warpbreaks.csv"))
    )
    assert found.findings[0].condition == ("tension", "L")
    assert found.findings[0].p < 0.05
    assert found.findings[0].q > 0.10  # cut at the median, it does not survive five looks
    assert {f.level for f in found.findings} == {"L1"}
    assert found.of("tension", "H").table.risk_difference < -0.3
    assert found.of("wool", "A").p == found.of("wool", "B").p > 0.3


# --- FDA adverse events: statins and muscle, gadolinium and nephrogenic systemic fibrosis


def tables(name, event):
    """{drug: (a, b, c, d)}, rows with and without the drug, columns this event and all others."""
    told = rows("pv_disproportionality", name)
    drugs = [column for column in told[0] if column != "AE"]
    per_drug = {drug: sum(int(row[drug]) for row in told) for drug in drugs}
    everything = sum(per_drug.values())
    (mine,) = [row for row in told if row["AE"] == event]
    per_event = sum(int(mine[drug]) for drug in drugs)
    found = {}
    for drug in drugs:
        a = int(mine[drug])
        b, c = per_drug[drug] - a, per_event - a
        found[drug] = (a, b, c, everything - a - b - c)
    return found


@pytest.mark.parametrize("event", ["Rhabdomyolysis", "Myalgia", "Myopathy"])
def test_every_statin_signals_muscle_trouble(event):
    found = tables("pvlrt_statin1491.csv", event)
    assert len(found) == 7
    for drug, table in found.items():
        signal = information_component(table[0], expected_count(*table)).low > 0
        assert signal is (drug != "Other"), drug


@pytest.mark.parametrize("event", ["Nausea", "Headache"])
def test_no_statin_signals_what_everything_does(event):
    for drug, table in tables("pvlrt_statin1491.csv", event).items():
        assert not information_component(table[0], expected_count(*table)).low > 0, drug


def test_gadodiamide_is_the_strongest_signal_of_systemic_fibrosis_and_one_report_is_none():
    found = tables("pvlrt_gbca.csv", "Nephrogenic Systemic Fibrosis")
    lows = {drug: information_component(t[0], expected_count(*t)).low for drug, t in found.items()}
    assert max(lows, key=lows.get) == "Gadodiamide"
    assert found["Gadoxetate"][0] == 1
    assert two_by_two(*found["Gadoxetate"]).odds_ratio > 10
    assert lows["Gadoxetate"] < 0  # shrunk: one report, thirteen times as often as expected
    assert lows["Gadofosveset"] < 0


def test_the_lens_finds_gadodiamide_among_agents_where_nobody_is_fine():
    told = rows("pv_disproportionality", "pvlrt_gbca.csv")
    agents = [column for column in told[0] if column not in ("AE", "Other")]
    topic, others = [], []
    for row in told:
        into = topic if row["AE"] == "Nephrogenic Systemic Fibrosis" else others
        for agent in agents:
            into.extend(Case((row["AE"], agent, i), True, {"agent": {agent}}) for i in range(int(row[agent])))
    found = lens(topic, others)
    assert found.compared_with_other_failures
    assert (found.observations, found.fine) == (475, 0)
    assert [(f.value, f.level) for f in found.findings][0] == ("Gadodiamide", "L2")
    assert found.of("agent", "Gadobutrol").level == "L1"
    assert found.of("agent", "Gadoxetate").level == "L0"
    assert max(f.level for f in found.findings) == "L2"
