"""The texts of the demo community hold together before anything is loaded."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain

import pytest

from insights.rules.states import moves_from
from insights.rules.words import claim_of_cause
from kocforum.forum.enums import Severity, Signal, SortedAs, Stance, Venue
from kocforum.home.demo import content
from kocforum.stats import Case, two_by_two
from kocforum.stats.lens import lens

TODAY = dt.date(2026, 3, 1)
CATALOGUE = content.read("catalogue")
BOARDS = {board["slug"]: board for board in content.read("boards")["boards"]}
PEOPLE = {member["username"]: member for member in content.read("people")["members"]}
REPORTS = content.read_all("reports")
TALKS = content.read_all("talks")
TOPICS = {topic["key"]: topic for topic in content.read("topics")["topics"]}
LOOPS = content.read("loops")
FUNCTIONS = {function["slug"]: function for function in CATALOGUE["functions"]}
VALUES = {dimension["slug"]: {v["slug"] for v in dimension["values"]} for dimension in CATALOGUE["dimensions"]}


def at(text: str) -> dt.datetime:
    return content.moment(text, TODAY)


def lineage(slug: str) -> Iterator[dict]:
    while slug:
        yield FUNCTIONS[slug]
        slug = FUNCTIONS[slug].get("parent", "")


def modes_of(slug: str) -> list[str]:
    return [mode["slug"] for function in lineage(slug) for mode in function["failure_modes"]]


def version_on(username: str, when: str) -> str:
    days = int(when.split()[0])
    return [name for name, since in PEOPLE[username]["cars"][0]["versions"] if since >= days][-1]


def outcome(told: dict, default: str = "failed") -> str:
    attempts, failures = told.get("attempts"), told.get("failures")
    if not attempts:
        return told.get("outcome", default)
    return "worked" if failures == 0 else "failed" if failures == attempts else "mixed"


def test_the_community_is_as_large_as_promised():
    owners = [member for member in PEOPLE.values() if "role" not in member]
    assert len(owners) >= 30
    assert all(owner["cars"] for owner in owners)
    assert len(REPORTS) >= 25
    assert len(REPORTS) + len(TALKS) == 40
    assert len(TOPICS) == 3
    assert all(3 <= len(talk["replies"]) <= 12 for talk in TALKS.values())


def test_the_nine_demo_sign_ins_are_there():
    roles = {
        name: PEOPLE[name].get("role", "")
        for name in ("operator", "researcher", "engineer", "approver", "finance", "admin")
    }
    assert all(name == role for name, role in roles.items())
    assert all("role" not in PEOPLE[name] for name in ("owner", "koc", "host"))
    assert PEOPLE["koc"]["koc"] == PEOPLE["host"]["koc"] == "leader"


def test_catalogue_and_boards_speak_both_languages():
    named = chain(
        CATALOGUE["models"],
        CATALOGUE["functions"],
        CATALOGUE["dimensions"],
        BOARDS.values(),
        *(function["failure_modes"] for function in CATALOGUE["functions"]),
        *(dimension["values"] for dimension in CATALOGUE["dimensions"]),
    )
    for row in named:
        assert row["name"], row
        assert row["name_en"], row
        assert not re.search(r"[\u4e00-\u9fff]", row["name_en"]), row


def test_a_failure_mode_means_one_thing_on_the_way_up_the_tree():
    for slug in FUNCTIONS:
        modes = modes_of(slug)
        assert len(modes) == len(set(modes)), slug


def test_boards_name_functions_and_models_that_exist():
    models = {model["slug"] for model in CATALOGUE["models"]}
    for board in BOARDS.values():
        assert board.get("function", "auto-parking") in FUNCTIONS
        assert board.get("model", "S7") in models


def test_cars_name_models_trims_years_and_versions_of_the_catalogue():
    models = {model["slug"]: model for model in CATALOGUE["models"]}
    versions = {version["name"]: version for version in CATALOGUE["versions"]}
    for member in PEOPLE.values():
        assert len(member["bio"]) <= 200
        for car in member.get("cars", []):
            model = models[car["model"]]
            assert car["trim"] in {trim["name"] for trim in model["trims"]}
            assert car["year"] in model["years"]
            days = [since for _, since in car["versions"]]
            assert days == sorted(days, reverse=True)
            for name, since in car["versions"]:
                assert since <= versions[name].get("beta", versions[name]["public"]), member["username"]
                assert car["model"] in versions[name]["models"]


@pytest.mark.parametrize("key", REPORTS)
def test_a_report_can_be_told(key):
    report = REPORTS[key]
    told = at(report["told"])
    assert at(report["occurred"]) <= told < at("0 00:00")
    assert len(report["title"]) <= 120
    assert report["function"] in FUNCTIONS
    assert report.get("failure_mode", "") in ["", *modes_of(report["function"])]
    assert "cars" in PEOPLE[report["author"]]
    assert version_on(report["author"], report["occurred"])
    assert report["place"]["venue"] in Venue.values
    assert report["severity"] in Severity.values
    assert set(report.get("signals", [])) <= set(Signal.values)
    assert {step["effect"] for step in report.get("tried", [])} <= {"better", "same", "worse"}
    assert len(report["narrative"]) > 80
    answered = [report["author"]]
    for answer in report.get("corroborations", []):
        assert at(answer["at"]) > told
        assert answer["stance"] in Stance.values
        assert answer["stance"] != "workaround" or answer["action"]
        assert answer.get("failures", 0) <= answer.get("attempts", 0)
        assert version_on(answer["by"], answer["at"])
        answered.append(answer["by"])
    assert len(answered) == len(set(answered)), "one answer per owner and vehicle"
    for table in (report, *report.get("corroborations", [])):
        for dimension, values in content.conditions(table).items():
            assert set(values) <= VALUES[dimension], (key, dimension, values)


@pytest.mark.parametrize("key", [*REPORTS, *TALKS])
def test_a_conversation_runs_forward_and_answers_who_is_there(key):
    thread = REPORTS.get(key) or TALKS[key]
    opened = at(thread.get("told") or thread["at"])
    said = {thread["author"]: opened}
    for answer in thread.get("corroborations", []):
        said[answer["by"]] = min(at(answer["at"]), said.get(answer["by"], at(answer["at"])))
    last = opened
    for reply in thread["replies"]:
        now = at(reply["at"])
        assert now > last, reply
        assert now < at("0 00:00")
        assert reply["by"] in PEOPLE
        assert reply.get("official", False) is ("role" in PEOPLE[reply["by"]]), reply
        if "reply_to" in reply:
            assert said[reply["reply_to"]] < now
        assert at(f"{PEOPLE[reply['by']]['joined']} 00:00") < now
        said.setdefault(reply["by"], now)
        last = now
    if key in TALKS:
        assert thread["board"] in BOARDS


def test_successes_stand_beside_failures():
    worked = [key for key, report in REPORTS.items() if outcome(report) == "worked"]
    assert len(worked) >= 6


def test_every_picture_and_film_that_a_text_names_is_there():
    for thread in (*REPORTS.values(), *TALKS.values(), *LOOPS["verifications"]):
        for photo in thread.get("photos", []):
            picture = content.picture(photo["scene"])
            assert picture.exists(), photo
            assert picture.with_suffix(".svg").exists(), photo
            assert picture.stat().st_size < 200_000
        if "video" in thread:
            assert 0 < content.film(thread["video"]).stat().st_size <= 400_000


def cases(topic: dict) -> list[Case]:
    found = {}
    for link in topic["links"]:
        report = REPORTS[link["report"]]
        told = Case(report["author"], outcome(report) != "worked", content.conditions(report))
        found.setdefault(report["author"], told)
        for answer in report.get("corroborations", []):
            if answer["stance"] in {"same", "different"}:
                case = Case(answer["by"], outcome(answer) != "worked", content.conditions(answer))
                assert answer["by"] not in found, f"{answer['by']} speaks twice in {topic['key']}"
                found[answer["by"]] = case
    return list(found.values())


@pytest.mark.parametrize(
    ("key", "condition"),
    [
        ("parking", ("markings", "reflective")),
        ("charging", ("temperature", "below-minus-10")),
        ("cut-in", ("weather", "heavy-rain")),
    ],
)
def test_each_topic_carries_a_signal_of_the_second_level(key, condition):
    told = cases(TOPICS[key])
    seen = lens(told)
    finding = next(finding for finding in seen.findings if finding.condition == condition)
    assert finding.level == "L2"
    assert seen.findings[0].condition == condition, "and it leads"
    assert seen.owners >= 20
    assert seen.fine >= 10


@pytest.mark.parametrize("key", TOPICS)
def test_a_topic_names_reports_of_its_function_and_replies_that_exist(key):
    topic = TOPICS[key]
    assert PEOPLE[topic["host"]].get("koc")
    assert topic["failure_mode"] in modes_of(topic["function"])
    assert len(topic["title"]) <= 120
    assert len(topic["claim"]) <= 600
    for link in topic["links"]:
        report = REPORTS[link["report"]]
        assert report["function"] == topic["function"]
        assert at(report["told"]) < at(link["at"])
        assert at(topic["at"]) <= at(link["at"]) < at(topic["summary_at"])
    for row in topic["sorted"]:
        assert row["as"] in SortedAs.values
        replies = [(reply["by"], reply["at"]) for reply in REPORTS[row["report"]]["replies"]]
        assert (row["by"], row["at"]) in replies


def test_what_is_public_never_claims_a_cause():
    texts = [
        *(text for topic in TOPICS.values() for text in (topic["title"], topic["claim"], topic["summary"])),
        *(ticket["counter_examples"] for ticket in LOOPS["tickets"]),
        *(finding["text"] for ticket in LOOPS["tickets"] for finding in ticket["findings"]),
        *(move.get("note", "") for ticket in LOOPS["tickets"] for move in ticket["moves"]),
        *(release["announcement"] for release in LOOPS["releases"]),
        *(answer["body"] for answer in LOOPS["answers"]),
    ]
    for text in texts:
        assert not claim_of_cause(text), text


def test_links_between_texts_lead_somewhere():
    for topic in TOPICS.values():
        for key in re.findall(r"\{thread:([\w-]+)\}", topic["summary"]):
            assert key in REPORTS


def test_the_loop_rests_on_what_was_told():
    for ticket in LOOPS["tickets"]:
        assert set(ticket["topics"]) <= set(TOPICS)
        assert set(ticket["threads"]) <= set(REPORTS)
        times = [at(ticket["at"]), *(at(move["at"]) for move in ticket["moves"])]
        assert times == sorted(times)
        assert times[1] < at(ticket["signed"]["at"]) < times[2], "signed between triage and promotion"
        assert all(set(finding["reports"]) <= set(REPORTS) for finding in ticket["findings"])
        assert all(len(move.get("note", "")) <= 300 for move in ticket["moves"])
        state = "candidate"
        for move in ticket["moves"]:
            assert move["to"] in moves_from(ticket["kind"], state), (state, move)
            state = move["to"]
    for passage in LOOPS["passages"]:
        assert passage["text"] in REPORTS[passage["thread"]]["narrative"].replace("**", "")


def test_owners_verify_on_the_car_and_version_that_they_have():
    release = LOOPS["releases"][0]
    betas = {offer["member"]: offer for offer in LOOPS["offers"] if offer.get("answer") == "accepted"}
    for word in LOOPS["verifications"]:
        report = REPORTS[word["report"]]
        took_part = {report["author"], *(answer["by"] for answer in report.get("corroborations", []))}
        assert word["by"] in took_part
        assert version_on(word["by"], word.get("sealed", word["at"])) == word["version"], word["by"]
        assert at(word["at"]) > at(release["public"])
        if "sealed" in word:
            assert at(betas[word["by"]]["at"]) < at(word["sealed"]) < at(release["public"])
    assert LOOPS["verifications"][0]["by"] == REPORTS["rainy-car-park"]["author"]
    assert any(word["failures"] * 2 > word["attempts"] for word in LOOPS["verifications"]), "one word against"


def test_the_lens_of_the_parking_topic_stands_on_a_plain_table():
    table = two_by_two(10, 1, 4, 12)
    told = cases(TOPICS["parking"])
    reflecting = [case for case in told if "reflective" in case.observed.get("markings", [])]
    others = [case for case in told if "markings" in case.observed and case not in reflecting]
    counted = [sum(case.failing for case in group) for group in (reflecting, others)]
    assert (counted[0], len(reflecting) - counted[0]) == (10, 1)
    assert (counted[1], len(others) - counted[1]) == (4, 12)
    assert table.p_value < 0.005
