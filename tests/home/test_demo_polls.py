"""The texts of the demo's polls hold together before anything is loaded."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest

from insights.rules.words import claim_of_cause
from kocforum.forum.enums import OfficialStatus
from kocforum.home.demo import content
from kocforum.members.enums import KocLevel
from tasks.enums import Reason, ResultsPromise

TODAY = dt.date(2026, 3, 1)
POLLS = {poll["key"]: poll for poll in content.read("polls")["polls"]}
PEOPLE = {member["username"]: member for member in content.read("people")["members"]}
THREADS = {**content.read_all("reports"), **content.read_all("talks")}
TOPICS = {topic["key"] for topic in content.read("topics")["topics"]}
NOW = content.moment("0 00:00", TODAY)


def at(text: str) -> dt.datetime:
    return content.moment(text, TODAY)


def end_of(poll: dict) -> dt.datetime:
    """When nobody answers any more in the story."""
    if "cancelled" in poll:
        return at(poll["cancelled"]["at"])
    return at(poll["closed"]) if "closed" in poll else NOW


def is_asked(name: str, audience: dict) -> bool:
    member = PEOPLE[name]
    return (
        "role" not in member
        and ("models" not in audience or any(car["model"] in audience["models"] for car in member["cars"]))
        and ("koc_levels" not in audience or member.get("koc") in audience["koc_levels"])
        and member["city"] in audience.get("cities", [member["city"]])
    )


@pytest.mark.parametrize("key", POLLS)
def test_a_poll_can_be_asked(key):
    poll = POLLS[key]
    audience = poll.get("audience", {})
    assert 2 <= len(poll["title"]) <= 120
    assert len(poll["why"]) <= 600
    assert len(poll["basis"]) <= 300
    assert bool(poll.get("decision")) is (key != "back-seat"), "only the draft has none yet"
    assert poll.get("results", "after_answer") in ResultsPromise.values
    labels = [option["label"] for option in poll["options"]]
    assert 2 <= len(labels) == len(set(labels)) <= 12
    assert all(len(label) <= 60 for label in labels)
    assert len([option for option in poll["options"] if "scene" in option]) in {0, len(labels)}
    assert sum(option.get("guess", 0) for option in poll["options"]) in {0, 100}
    assert poll.get("thread", "rainy-car-park") in THREADS
    assert set(audience.get("koc_levels", [])) <= set(KocLevel.values)
    assert set(audience.get("cities", [])) <= {member["city"] for member in PEOPLE.values()}
    assert poll.get("advice", {}).get("reason", "number") in Reason.values


@pytest.mark.parametrize("key", POLLS)
def test_a_poll_runs_forward(key):
    poll = POLLS[key]
    steps = [poll.get("advice", {}).get("at"), *(poll.get(name) for name in ("drafted", "scheduled", "opened"))]
    steps += [poll.get("cancelled", {}).get("at"), *(poll.get(name) for name in ("closed", "analysed"))]
    steps += [poll.get("reported", {}).get("at"), *(said["at"] for said in poll.get("outcomes", []))]
    times = [at(step) for step in steps if step]
    assert times == sorted(times) and times[-1] < NOW
    if "thread" in poll:
        thread = THREADS[poll["thread"]]
        assert at(thread.get("told") or thread["at"]) < times[0], "it grew from what was said"
    if "opens" in poll:
        assert NOW + dt.timedelta(days=1) < at(poll["opens"]) < at(poll["closes"])
    elif "closes" in poll:
        assert NOW + dt.timedelta(days=1) < at(poll["closes"])


@pytest.mark.parametrize("key", POLLS)
def test_everybody_answers_once_when_asked_and_while_it_is_open(key):
    poll = POLLS[key]
    answers = poll.get("answers", [])
    names = [who for who, *_rest in answers]
    assert len(names) == len(set(names))
    for who, when, place, seconds in answers:
        assert is_asked(who, poll.get("audience", {})), who
        assert at(poll["opened"]) < at(when) < end_of(poll), who
        assert 1 <= place <= len(poll["options"])
        assert 2 <= seconds <= 60


@pytest.mark.parametrize("name", ["owner", "koc", "host"])
def test_the_sign_ins_leave_the_poll_on_the_front_page_for_whoever_signs_in(name):
    (front,) = (poll for poll in POLLS.values() if poll.get("on_front") and "closed" not in poll)
    assert is_asked(name, front.get("audience", {}))
    assert name not in [who for who, *_rest in front["answers"]]


@pytest.mark.parametrize("key", [key for key, poll in POLLS.items() if "reported" in poll])
def test_a_report_names_only_numbers_that_were_counted(key):
    poll = POLLS[key]
    counts = Counter(place for _who, _when, place, _seconds in poll["answers"])
    told = {
        int(number) for text in ("changed", "unchanged") for number in re.findall(r"(\d+) 位", poll["reported"][text])
    }
    total = sum(counts.values())
    sums = {counts[1] + counts[2]} if key == "rain" else set()  # used it in the rain, whatever came of it
    assert total in told and max(counts.values()) in told
    assert told <= {total, *counts.values(), *sums}


def test_a_cancelled_poll_counts_those_to_whom_it_says_sorry():
    poll = POLLS["tyres"]
    assert f"{len(poll['answers'])} 位" in poll["cancelled"]["reason"]


def test_what_is_public_claims_no_cause_and_leads_somewhere():
    for poll in POLLS.values():
        said = [poll["title"], poll["why"], poll.get("decision", ""), poll.get("cancelled", {}).get("reason", "")]
        said += [poll.get("reported", {}).get(name, "") for name in ("changed", "unchanged")]
        for outcome in poll.get("outcomes", []):
            said += [outcome["label"], outcome.get("note", "")]
            assert len(outcome["label"]) <= 160
            assert outcome["topic"] in TOPICS if "topic" in outcome else outcome["state"] in OfficialStatus.values
        for text in said:
            assert not claim_of_cause(text), text


def test_every_picture_of_an_option_is_there_with_its_source():
    scenes = [option["scene"] for poll in POLLS.values() for option in poll["options"] if "scene" in option]
    assert len(scenes) == 3
    for scene in scenes:
        picture = content.picture(scene)
        assert picture.stat().st_size < 200_000
        assert picture.with_suffix(".svg").exists()
