"""The texts about what owners lead hold together before anything is loaded."""

from __future__ import annotations

import datetime as dt
import re
from itertools import chain

import pytest

from kocforum.home.demo import content

TODAY = dt.date(2026, 3, 1)
HELD, COMING = content.read("held"), content.read("initiatives")
PEOPLE = {member["username"]: member for member in content.read("people")["members"]}
INITIATIVES = {one["key"]: one for one in chain(HELD["initiatives"], COMING["initiatives"])}
(PROJECT,), (DAY,) = HELD["initiatives"], HELD["events"]


def at(text: str) -> dt.datetime:
    return content.moment(text, TODAY)


def scenes_in(told: object) -> list[str]:
    """Every picture that a table names, however deep."""
    if isinstance(told, list):
        return [scene for one in told for scene in scenes_in(one)]
    if not isinstance(told, dict):
        return []
    own = [told[name] for name in ("scene", "way") if isinstance(told.get(name), str)]
    own += [scene for name in ("scenes", "pictures") for scene in told.get(name, [])]
    return own + [scene for one in told.values() for scene in scenes_in(one)]


def test_every_picture_is_there_with_its_source_and_small_enough():
    scenes = {*scenes_in(HELD), *scenes_in(COMING)}
    assert {"group-photo", "newsletter-parents", "receipt-nurse", "way-tianmu"} <= scenes
    for scene in scenes:
        assert content.picture(scene).stat().st_size < 200_000, scene
        assert content.picture(scene).with_suffix(".svg").exists(), scene


def test_the_steps_of_what_was_held_follow_each_other():
    steps = [PROJECT[name] for name in ("drafted", "agreed", "submitted")] + [PROJECT["decided"]["at"]]
    steps += [DAY["planned"], DAY["opened"], DAY["starts"], DAY["ends"], PROJECT["accounted"]["at"]]
    steps += [PROJECT["reported"]["at"], PROJECT["settled"]]
    assert steps == sorted(steps, key=at)
    for expense in PROJECT["expenses"]:
        times = [at(expense["at"]), *(at(step["at"]) for step in expense["steps"])]
        assert times == sorted(times) and at(DAY["ends"]) < times[0] and times[-1] < at(PROJECT["settled"])
    for told in (*DAY["memories"], *DAY["ratings"]):
        assert at(DAY["ends"]) < at(told["at"]) < at(PROJECT["reported"]["at"])


def test_a_phone_is_heard_of_after_what_it_did():
    for batch in DAY["gate"]:
        assert all(at(when) <= at(batch["at"]) for _who, when, *_kind in batch["scans"])


def test_whoever_gives_up_a_place_does_it_when_no_offer_is_made_any_more():
    stop = at(DAY["starts"]) - dt.timedelta(hours=DAY["offers_stop"])
    assert DAY["left"] and all(at(when) > stop for _who, when in DAY["left"])


@pytest.mark.parametrize("key", INITIATIVES)
def test_people_of_the_community_lead_and_support_it(key):
    table = INITIATIVES[key]
    assert table["by"] != table["deputy"] and {table["by"], table["deputy"]} <= {*PEOPLE}
    assert all("role" not in PEOPLE[who] for who, _kind, _at in table["supports"])


def test_what_is_granted_names_lines_that_were_asked_for_and_not_more():
    asked = {ask["what"]: ask.get("amount", 0) for ask in PROJECT["asks"]}
    assert all(0 < amount < asked[what] for what, amount in PROJECT["decided"]["granted"].items())
    assert all(expense["line"] in asked for expense in PROJECT["expenses"])


def test_no_text_speaks_to_the_reader_as_a_clerk_would():
    texts = str([HELD["initiatives"], HELD["events"]])
    assert not re.search("您", texts)
