"""The room as a browser folds it, static/js/room/log.js, against the server's: after any drops, reorders and doubles they are one."""

from __future__ import annotations

import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from kocforum.errors import Refused
from kocforum.uploads.actions import receive
from tasks.models import Workshop
from tasks.queries.boards import board_of
from tasks.queries.rooms import events_after, told
from tasks.rules.boards import CAN_BE_UNDONE
from tasks.rules.room_commands import UNDOABLE
from tests.browsing import chromium
from tests.tasks.workshops import does, goes_to, person, room, seen, workshop_of
from tests.uploads.made import drawn, given, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
PEOPLE = ("zhou", "he", "researcher")
PAGE = """<!doctype html><script type="module">
import { RoomLog } from "/js/room/log.js";
const logs = {};
const seen = (name, more) => ({ seq: logs[name].seq, stale: logs[name].stale, missing: logs[name].missing, ...more });
window.enters = (name, state) => { logs[name] = new RoomLog(state); };
window.hears = (name, events) => { for (const event of events) logs[name].receive(event); return seen(name); };
window.renews = (name, state) => { const continued = logs[name].renew(state); return seen(name, { continued }); };
window.shows = (name) => JSON.stringify(logs[name].state);
window.ready = true;
</script>"""

# What people do in each phase; much of it names what is not there, or is not theirs, and is refused.
ANYWHERE = [
    "hand.raise", "hand.lower", "question.ask", "question.up", "question.answered", "chat.say", "link.share", "timer.set", "undo",
    "recording.ask", "recording.agree", "recording.refuse", "recording.start", "recording.stop", "lead.pass",
]  # fmt: skip
WRITING = [
    *["note.add"] * 6,
    "note.edit",
    "note.edit",
    "note.delete",
    "note.hold",
    "note.hold",
    "note.release",
    "undo",
    "undo",
]
SORTING = [
    *WRITING, *["note.move"] * 6, *["group.add"] * 4, "group.edit", "group.merge", "group.merge", "group.delete",
    "picture.add", "picture.add", "picture.delete", "pin.add", "pin.add", "pin.add", "pin.delete",
]  # fmt: skip
VOTING = [*["vote.cast"] * 8, "vote.take_back", "vote.take_back", "vote.abstain"]
DECIDING = [
    *["decision.make"] * 3,
    "decision.dissent",
    "decision.dissent",
    "action.add",
    "action.add",
    "action.drop",
    "pin.add",
]
SCENES = [
    ("diverge", WRITING, 14), ("reveal", SORTING, 12), ("cluster", SORTING, 40), ("vote", VOTING, 24), ("cluster", SORTING, 16),
    ("vote", VOTING, 10), ("discuss", [*DECIDING, *WRITING], 20), ("diverge", WRITING, 10), ("cluster", SORTING, 16), ("decide", DECIDING, 10),
    ("wrap", DECIDING, 6),
]  # fmt: skip
LOOKS = 0.15  # after how many of the commands somebody looks
ENOUGH = 80  # commands of one run that were taken


@pytest.fixture(scope="module")
def page(playwright) -> Iterator[Any]:
    with chromium(playwright) as browser:
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto("http://room.test/")
        page.wait_for_function("window.ready")
        yield page


def serve(route: Any) -> None:
    path = route.request.url.removeprefix("http://room.test")
    if path.startswith("/js/"):
        route.fulfill(path=SCRIPTS / path.removeprefix("/js/"), content_type="text/javascript")
    else:
        route.fulfill(body=PAGE, content_type="text/html")


class Listener:
    """One person's page: what it was told and when is left to the dice."""

    def __init__(self, page: Any, here: Workshop, who: str, dice: random.Random) -> None:
        self.page, self.here, self.who, self.dice = page, here, who, dice
        self.late: list[dict[str, Any]] = []
        self.now = {"seq": 0, "stale": False}
        page.evaluate("([name, state]) => window.enters(name, state)", [who, seen(here, who)])

    def tell(self, after: int) -> list[dict[str, Any]]:
        """As the server tells it at this moment."""
        here = workshop_of(self.here.task)
        rows = events_after(here, after)
        with board_of(here) as board:
            return [told(row, board, person(self.who).pk, anonymous=here.anonymous) for row in rows]

    def hears(self, events: list[dict[str, Any]]) -> None:
        self.now |= self.page.evaluate("([name, events]) => window.hears(name, events)", [self.who, events])

    def somehow_hears(self, event: dict[str, Any]) -> None:
        fate = self.dice.random()
        if fate < 0.1:
            return  # lost
        if fate < 0.25:
            self.late.append(event)
            return
        self.hears([event, event] if fate < 0.4 else [event])
        if self.late and self.dice.random() < 0.3:
            self.dice.shuffle(self.late)
            self.hears([self.late.pop()])
        if self.dice.random() < 0.1:
            self.comes_back()
        if self.now["stale"] and self.dice.random() < 0.5:
            self.renews()

    def comes_back(self) -> None:
        events = self.tell(self.now["seq"])
        self.dice.shuffle(events)
        self.hears(events)

    def renews(self) -> None:
        state = seen(self.here, self.who)
        self.now |= self.page.evaluate("([name, state]) => window.renews(name, state)", [self.who, state])
        if not self.now["continued"]:
            self.comes_back()

    def shows_what_a_reload_would(self) -> None:
        """Once everything has arrived, and what was told without words was asked for."""
        self.hears(self.late)
        self.late = []
        self.comes_back()
        while self.now["stale"]:
            self.renews()
        shown = json.loads(self.page.evaluate("(name) => window.shows(name)", self.who))
        wanted = seen(self.here, self.who)
        for state in (shown, wanted):
            del state["server_time"], state["people"]
        assert shown == wanted, self.who


def said_by(kind: str, a: int, b: int, here: Workshop) -> dict[str, Any]:
    last = max(here.seq, 1)
    a, b = a % last + 1, b % last + 1
    return {
        "note.add": {"text": f"想法{a}", "group": b if b % 3 == 0 else None, "after": a},
        "note.edit": {"note": a, "text": f"改{b}"},
        "note.move": {"note": a, "group": b if b % 3 else None, "after": b % 4 or b},
        "note.delete": {"note": a, "reason": "重复"},
        "note.hold": {"note": a},
        "note.release": {"note": a},
        "group.add": {"name": f"组{a}", "notes": [b] if b % 2 else []},
        "group.edit": {"group": a, "name": f"叫{b}"},
        "group.merge": {"group": a, "into": b},
        "group.delete": {"group": a},
        "vote.cast": {"on": a},
        "vote.take_back": {"on": a},
        "undo": {"seq": a},
        "hand.lower": {},
        "question.ask": {"text": f"问{a}"},
        "question.up": {"question": a},
        "question.answered": {"question": a},
        "chat.say": {"text": f"说{a}"},
        "link.share": {"url": f"https://example.org/{a}"},
        "decision.make": {"group": a, "verdict": "chosen", "why": f"因为{b}"},
        "decision.dissent": {"group": a, "text": f"不{b}"},
        "action.add": {"text": f"做{a}", "owner": person("he").pk, "due": "2026-12-20"},
        "action.drop": {"action": a},
        "timer.set": {"minutes": 5},
        "lead.pass": {"to": person("researcher").pk},
        "picture.add": {"text": f"图{a}"},
        "picture.delete": {"picture": a},
        "pin.add": {"picture": a, "x": a % 101, "y": b % 101, "text": f"钉{b}"},
        "pin.delete": {"pin": a},
    }.get(kind, {})


def named(who: str, kind: str, a: int, b: int, state: dict[str, Any], here: Workshop) -> dict[str, Any]:
    """Mostly things that are there, so that most commands are taken."""
    said = said_by(kind, a, b, here)
    own = [note for note in state["notes"] if note["mine"]]
    things_of = {name: state[f"{name}s"] for name in ("note", "group", "question", "picture", "action")}
    if kind in {"note.edit", "note.delete", "note.hold", "note.release"} and b % 4:
        things_of["note"] = own
    for name, things in things_of.items():
        if name in said and things and said[name] is not None and a % 5:
            said[name] = things[a % len(things)]["id"]
    pins = [pin for picture in state["pictures"] for pin in picture["pins"]]
    if kind == "pin.delete" and pins and a % 5:
        said["pin"] = pins[a % len(pins)]["id"]
    if kind == "picture.add" or (kind == "note.add" and a % 7 == 0):
        said["image"] = receive(by=person(who), file=given(photo(drawn((32, 24))))).pk
    votable = [*state["groups"], *(note for note in state["notes"] if note["group"] is None)]
    if kind == "vote.cast" and votable and a % 5:
        said["on"] = votable[a % min(len(votable), 3)]["id"]
    if kind == "vote.take_back" and state["votes"]["mine"]:
        said["on"] = int(min(state["votes"]["mine"]))
    if kind == "group.merge" and len(state["groups"]) > 1:
        said["group"], said["into"] = (state["groups"][(a + step) % len(state["groups"])]["id"] for step in (0, 1))
    if kind == "undo" and state["me"]["done"] and a % 5:
        said["seq"] = state["me"]["done"][-1 - (b % 2 if len(state["me"]["done"]) > 1 else 0)]["seq"]
    return said


@pytest.mark.parametrize("seed", range(4))
def test_w1_whatever_is_lost_on_the_way_the_page_shows_what_a_reload_would(page, seed):
    dice = random.Random(seed)
    here = room(("zhou", "he"), votes_each=4, votes_on_one=2, anonymous=seed % 2 == 1)
    listeners = [Listener(page, here, who, dice) for who in PEOPLE]
    taken: Counter[str] = Counter()
    for phase, kinds, number in SCENES:
        if seen(here, "zhou")["phase"] != phase:
            before = workshop_of(here.task).seq
            goes_to(here, phase)
            everybody_somehow_hears(listeners, before)
        for _command in range(number):
            before = workshop_of(here.task).seq
            kind = dice.choice(kinds if dice.random() < 0.8 else ANYWHERE)
            if somebody_does(here, kind, dice):
                taken[kind] += 1
                everybody_somehow_hears(listeners, before)
                if dice.random() < LOOKS:
                    dice.choice(listeners).shows_what_a_reload_would()
        for listener in listeners:
            listener.shows_what_a_reload_would()
    assert taken.total() >= ENOUGH, taken


def somebody_does(here: Workshop, kind: str, dice: random.Random) -> bool:
    who = dice.choice(PEOPLE)
    said = named(who, kind, dice.randrange(1000), dice.randrange(1000), seen(here, who), workshop_of(here.task))
    try:
        does(here, who, kind, uuid.uuid4(), **said)
    except Refused:
        return False
    return True


def everybody_somehow_hears(listeners: list[Listener], before: int) -> None:
    for listener in listeners:
        for event in listener.tell(before):
            listener.somehow_hears(event)


def test_what_can_be_undone_is_what_the_page_offers_to_undo():
    assert set(UNDOABLE) == CAN_BE_UNDONE


def test_what_happens_seldom_is_folded_too(page):
    """Votes of merged groups, a note that comes back after its group was dissolved, a note that goes once the votes are told."""
    here = room(("zhou", "he"), phase="cluster", votes_each=6, votes_on_one=2)
    zhou = Listener(page, here, "zhou", random.Random(0))
    left, right, gone = (does(here, "zhou", "group.add", name=name).seq for name in ("左", "右", "散"))
    note = does(here, "zhou", "note.add", text="回来的", group=gone).seq
    loose = does(here, "zhou", "note.add", text="有票的").seq
    goes_to(here, "vote")
    for on in (left, left, right, loose):
        does(here, "zhou", "vote.cast", on=on)
    goes_to(here, "cluster")
    zhou.shows_what_a_reload_would()
    does(here, "researcher", "group.merge", group=left, into=right)
    zhou.shows_what_a_reload_would()
    deleted = does(here, "zhou", "note.delete", note=note)
    does(here, "zhou", "group.delete", group=gone)
    does(here, "zhou", "undo", seq=deleted.seq)
    zhou.shows_what_a_reload_would()
    assert [one["group"] for one in seen(here, "zhou")["notes"]] == [None, None]
    goes_to(here, "discuss")
    zhou.shows_what_a_reload_would()
    does(here, "zhou", "note.delete", note=loose)
    zhou.shows_what_a_reload_would()
    assert seen(here, "zhou")["votes"]["totals"] == {str(right): {"owners": 2, "staff": 0}}
