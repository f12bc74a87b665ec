"""The room of a workshop: one log, one order; private until the reveal; votes that hold; nothing lost on the way (W1–W20)."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as cases
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid, Refused
from tasks.actions.rooms import act, open_room
from tasks.enums import Phase
from tasks.models import RoomEvent, Workshop
from tasks.queries import boards
from tasks.queries.boards import board_of, fold
from tasks.queries.rooms import events_after, state_of, told
from tasks.rules.boards import Board, between, in_order
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.stories import moved
from tests.tasks.workshops import does, goes_to, invited_workshop, person, room, seen, workshop_of

pytestmark = pytest.mark.django_db


def test_a_room_from_private_notes_to_decisions():
    here = room()
    one = does(here, "zhou", "note.add", text="松手前一秒先响一声")
    two = does(here, "he", "note.add", text="提示音和导航要分开")
    assert seen(here, "zhou")["hidden_notes"] == 1
    goes_to(here, "reveal")
    assert {note["text"] for note in seen(here, "zhou")["notes"]} == {"松手前一秒先响一声", "提示音和导航要分开"}
    goes_to(here, "cluster")
    group = does(here, "he", "group.add", name="声音", notes=[one.seq, two.seq])
    goes_to(here, "vote")
    does(here, "zhou", "vote.cast", on=group.seq)
    does(here, "researcher", "vote.cast", on=group.seq)
    assert seen(here, "he")["votes"] == {"mine": {}, "totals": None}
    goes_to(here, "discuss")
    assert seen(here, "he")["votes"]["totals"] == {str(group.seq): {"owners": 1, "staff": 1}}
    does(here, "researcher", "decision.make", group=group.seq, verdict="chosen", why="两条都指向声音")
    does(here, "he", "decision.dissent", group=group.seq, text="先做震动")
    owner = person("researcher").pk
    does(here, "researcher", "action.add", text="出三版提示音", owner=owner, due="2026-12-20", group=group.seq)
    state = seen(here, "zhou")
    assert state["decisions"][0]["verdict"] == "chosen" and state["decisions"][0]["dissent"][0]["text"] == "先做震动"
    assert state["actions"][0]["due"] == "2026-12-20"
    goes_to(here, "ended")
    here = workshop_of(here.task)
    assert here.ended_at and here.task.state == "closed" and here.task.participations.count() == 3
    with pytest.raises(Conflict):
        does(here, "zhou", "chat.say", text="还有一句")


def test_w1_what_was_sent_twice_is_written_once_and_answered_alike():
    here, op_id = room(), uuid.uuid4()
    first = does(here, "zhou", "note.add", op_id, text="先响一声")
    again = does(here, "zhou", "note.add", op_id, text="先响一声")
    assert again.seq == first.seq and again.replayed
    assert len(seen(here, "zhou")["notes"]) == 1
    other = does(here, "he", "note.add", op_id, text="另一个人的同一个号")
    assert other.seq == first.seq + 1


def test_w2_a_client_sends_commands_and_never_a_state():
    here = room()
    with pytest.raises(Invalid):
        does(here, "zhou", "state.put", notes=[])
    with pytest.raises(Invalid):
        act(by=person("zhou"), workshop=here, op_id=uuid.uuid4(), kind="note.add", said=["text"])


def test_w3_of_two_moves_of_one_note_the_later_counts_and_there_is_no_copy():
    here = room()
    note = does(here, "zhou", "note.add", text="一张")
    goes_to(here, "cluster")
    left, right = (does(here, "zhou", "group.add", name=name) for name in ("左", "右"))
    does(here, "zhou", "note.move", note=note.seq, group=left.seq)
    does(here, "he", "note.move", note=note.seq, group=right.seq)
    assert [one["group"] for one in seen(here, "zhou")["notes"]] == [right.seq]


@cases(st.lists(st.integers(0, 30), max_size=60))
def test_w4_whatever_goes_into_whatever_gap_the_order_is_one(gaps):
    row: list[str] = []
    for gap in gaps:
        place = min(gap, len(row))
        index = between(row[place - 1] if place else None, row[place] if place < len(row) else None)
        row.insert(place, index)
        assert row == sorted(row) and len(set(row)) == len(row)


def test_w4_two_notes_into_the_same_gap_stand_in_one_order():
    here = room(phase="cluster")
    first = does(here, "zhou", "note.add", text="甲")
    last = does(here, "zhou", "note.add", text="丁")
    does(here, "zhou", "note.add", text="乙", after=first.seq)
    does(here, "he", "note.add", text="丙", after=first.seq)
    orders = [[one["text"] for one in seen(here, who)["notes"]] for who in ("zhou", "he")]
    assert orders[0] == orders[1] and orders[0][0] == "甲" and orders[0][-1] == "丁" and last.seq


def test_w5_a_note_is_held_while_somebody_writes_in_it_and_the_hold_runs_out(monkeypatch):
    here = room(phase="cluster")
    note = does(here, "zhou", "note.add", text="原来的")
    does(here, "researcher", "note.hold", note=note.seq)
    with pytest.raises(Conflict):
        does(here, "zhou", "note.edit", note=note.seq, text="抢着改", version=1)
    with board_of(here) as board:
        board.holds[note.seq] = (board.holds[note.seq][0], "2000-01-01T00:00:00+00:00")
    does(here, "zhou", "note.edit", note=note.seq, text="改好了", version=1)
    with pytest.raises(Conflict):
        does(here, "researcher", "note.edit", note=note.seq, text="从旧的改", version=1)
    assert seen(here, "he")["notes"][0]["text"] == "改好了"


def test_w6_what_is_gone_answers_gone():
    here = room(phase="cluster")
    note = does(here, "zhou", "note.add", text="一张")
    group = does(here, "zhou", "group.add", name="组")
    does(here, "zhou", "note.delete", note=note.seq)
    does(here, "zhou", "group.delete", group=group.seq)
    for kind, said in (("note.edit", {"text": "改"}), ("note.move", {"group": None})):
        with pytest.raises(Conflict):
            does(here, "zhou", kind, note=note.seq, **said)
    other = does(here, "he", "note.add", text="另一张")
    with pytest.raises(Conflict):
        does(here, "he", "note.move", note=other.seq, group=group.seq)


def test_w7_nobody_has_a_vote_too_many():
    here = room(phase="cluster", votes_each=3, votes_on_one=2)
    one, two = (does(here, "zhou", "group.add", name=name) for name in ("一", "二"))
    goes_to(here, "vote")
    does(here, "zhou", "vote.cast", on=one.seq)
    does(here, "zhou", "vote.cast", on=one.seq)
    with pytest.raises(Conflict):
        does(here, "zhou", "vote.cast", on=one.seq)
    does(here, "zhou", "vote.cast", on=two.seq)
    with pytest.raises(Conflict):
        does(here, "zhou", "vote.cast", on=two.seq)
    does(here, "zhou", "vote.take_back", on=one.seq)
    does(here, "zhou", "vote.cast", on=two.seq)
    assert seen(here, "zhou")["votes"]["mine"] == {str(one.seq): 1, str(two.seq): 2}
    assert seen(here, "zhou")["me"]["votes_left"] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_w7_double_clicks_from_two_windows_never_give_more_votes_than_there_are():
    here = room(phase="cluster", votes_each=3, votes_on_one=3)
    group = does(here, "zhou", "group.add", name="一")
    goes_to(here, "vote")
    results = at_once(*[lambda: does(here, "zhou", "vote.cast", on=group.seq) for _ in range(10)])
    assert sum(isinstance(one, RoomEvent) for one in results) == 3
    assert all(isinstance(one, (RoomEvent, Conflict)) for one in results), results
    assert seen(here, "zhou")["votes"]["mine"] == {str(group.seq): 3}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_w8_a_vote_in_the_instant_the_phase_closes_is_counted_or_refused():
    here = room(phase="cluster", votes_each=9, votes_on_one=9)
    group = does(here, "zhou", "group.add", name="一")
    goes_to(here, "vote")
    works = [lambda: does(here, "zhou", "vote.cast", on=group.seq) for _ in range(4)]
    results = at_once(*works, lambda: goes_to(here, "discuss"), *works)
    cast = sum(isinstance(one, RoomEvent) for one in results)
    assert seen(here, "he")["votes"]["totals"].get(str(group.seq), {"owners": 0})["owners"] == cast
    assert all(one is None or isinstance(one, (RoomEvent, Conflict)) for one in results), results


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_log_has_one_order_without_gaps_however_many_write():
    here = room(tuple(f"m{number}" for number in range(6)))
    works = [lambda n=n: does(here, f"m{n % 6}", "note.add", text=f"第{n}张") for n in range(24)]
    results = at_once(*works)
    assert all(isinstance(one, RoomEvent) for one in results), results
    numbers = list(RoomEvent.objects.filter(workshop=here).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, 26)) and Workshop.objects.get().seq == 25


def test_w9_a_deadline_is_a_moment_of_the_server():
    here = room()
    does(here, "researcher", "timer.set", minutes=5)
    state = seen(here, "zhou")
    assert state["deadline"] > state["server_time"]
    with pytest.raises(Forbidden):
        does(here, "zhou", "timer.set", minutes=5)
    with pytest.raises(Invalid):
        does(here, "researcher", "timer.set", minutes=0)


def test_w12_who_comes_late_has_the_votes_while_the_vote_is_open():
    here = room(("zhou", "he"), phase="cluster")
    group = does(here, "zhou", "group.add", name="一")
    goes_to(here, "vote")
    assert does(here, "he", "vote.cast", on=group.seq).seq
    with pytest.raises(Conflict):
        does(here, "he", "note.add", text="晚到的一张")


def test_w13_nothing_of_a_private_note_is_told_before_the_reveal():
    here = room()
    secret = "还没有人知道的一句"
    does(here, "zhou", "note.add", text=secret)
    goes = [told(row, Board(phase=Phase.DIVERGE, round=1), person("he").pk, anonymous=False) for row in events(here)]
    assert secret not in str(goes) and goes[-1]["actor"] is None and goes[-1]["payload"] == {}
    for who in ("he", "researcher"):
        assert secret not in str(seen(here, who)) and seen(here, who)["hidden_notes"] == 1
    goes_to(here, "reveal")
    assert secret in str(seen(here, "he"))
    goes_to(here, "diverge")  # a second round of writing
    does(here, "he", "note.add", text="第二轮的一句")
    state = seen(here, "zhou")
    assert secret in str(state) and "第二轮的一句" not in str(state) and state["hidden_notes"] == 1


def events(here: Workshop) -> list[RoomEvent]:
    return events_after(workshop_of(here.task), 0)


def test_w14_in_an_anonymous_room_nobody_learns_who_wrote_and_a_host_may_still_remove():
    here = room(anonymous=True)
    note = does(here, "zhou", "note.add", text="说真话")
    goes_to(here, "reveal")
    assert [one["author"] for one in seen(here, "researcher")["notes"]] == [None]
    assert [one["mine"] for one in seen(here, "zhou")["notes"]] == [True]
    with board_of(here) as board:
        shown = [told(row, board, person("he").pk, anonymous=True) for row in events(here)]
    assert str(person("zhou").pk) not in str([one["actor"] for one in shown])
    with pytest.raises(Invalid):
        does(here, "researcher", "note.delete", note=note.seq)
    does(here, "researcher", "note.delete", note=note.seq, reason="点名说了同事")
    assert seen(here, "zhou")["notes"] == []


def test_a_single_vote_is_told_to_nobody_else_ever():
    here = room(phase="cluster")
    group = does(here, "zhou", "group.add", name="一")
    goes_to(here, "vote")
    does(here, "zhou", "vote.cast", on=group.seq)
    goes_to(here, "discuss")
    with board_of(here) as board:
        shown = [told(row, board, person("he").pk, anonymous=False) for row in events(here)]
    (vote,) = [one for one in shown if one["kind"] == "vote.cast"]
    assert vote["actor"] is None and vote["payload"] == {}


def test_going_back_gives_back_what_no_longer_fits():
    here = room(phase="cluster", votes_each=4, votes_on_one=3)
    one, two, three = (does(here, "zhou", "group.add", name=name) for name in ("一", "二", "三"))
    goes_to(here, "vote")
    for on in (one, one, two, two):
        does(here, "zhou", "vote.cast", on=on.seq)
    does(here, "he", "vote.cast", on=three.seq)
    goes_to(here, "cluster")
    merged = does(here, "researcher", "group.merge", group=one.seq, into=two.seq)
    assert merged.payload["returned"] == 1
    assert does(here, "zhou", "group.delete", group=three.seq).payload["returned"] == 1
    goes_to(here, "vote")
    assert seen(here, "zhou")["votes"]["mine"] == {str(two.seq): 3} and seen(here, "zhou")["me"]["votes_left"] == 1
    assert seen(here, "he")["me"]["votes_left"] == 4


def test_what_is_voted_on_may_be_named_as_what_it_is_and_what_is_made_tells_its_number():
    here = room(phase="cluster")
    group, note = does(here, "zhou", "group.add", name="一"), does(here, "zhou", "note.add", text="单独一张")
    with board_of(here) as board:
        shown = [told(row, board, person("he").pk, anonymous=False) for row in events(here)]
    assert [one["payload"].get("id") for one in shown] == [None, group.seq, note.seq]
    does(here, "researcher", "phase.move", phase="vote")
    does(here, "zhou", "vote.cast", group=group.seq)
    does(here, "zhou", "vote.cast", note=note.seq)
    does(here, "zhou", "vote.take_back", note=note.seq)
    assert seen(here, "zhou")["votes"]["mine"] == {str(group.seq): 1}


def test_only_who_sits_in_the_room_is_given_something_to_do_until_a_day_that_comes():
    here, passer = room(phase="decide"), make_member("passer")
    for owner in (passer.pk, 10**30):
        with pytest.raises(Invalid):
            does(here, "researcher", "action.add", text="写三版", owner=owner, due="2026-12-20")
    for due in ("0001-01-01", "9999-12-31", "明天"):
        with pytest.raises(Invalid):
            does(here, "researcher", "action.add", text="写三版", owner=person("zhou").pk, due=due)
    assert does(here, "researcher", "action.add", text="写三版", owner=person("zhou").pk, due="2026-12-20").seq


def test_who_does_not_vote_says_so():
    here = room(phase="cluster")
    group = does(here, "zhou", "group.add", name="一")
    goes_to(here, "vote")
    does(here, "researcher", "vote.abstain")
    with pytest.raises(Conflict):
        does(here, "researcher", "vote.cast", on=group.seq)
    assert seen(here, "researcher")["me"]["abstains"]


def test_w20_one_takes_back_what_one_did_and_nothing_of_others():
    here = room(phase="cluster")
    note = does(here, "zhou", "note.add", text="第一句")
    edited = does(here, "zhou", "note.edit", note=note.seq, text="第二句", version=1)
    with pytest.raises(Forbidden):
        does(here, "he", "undo", seq=edited.seq)
    does(here, "zhou", "undo", seq=edited.seq)
    assert seen(here, "he")["notes"][0]["text"] == "第一句"
    with pytest.raises(Conflict):
        does(here, "zhou", "undo", seq=edited.seq)
    gone = does(here, "zhou", "note.delete", note=note.seq)
    does(here, "zhou", "undo", seq=gone.seq)
    assert len(seen(here, "he")["notes"]) == 1
    group = does(here, "he", "group.add", name="组")
    to = does(here, "zhou", "note.move", note=note.seq, group=group.seq)
    does(here, "he", "note.move", note=note.seq, group=None)
    with pytest.raises(Conflict):  # somebody has moved it since
        does(here, "zhou", "undo", seq=to.seq)
    with pytest.raises(Conflict):
        does(here, "researcher", "undo", seq=1)
    with pytest.raises(Invalid):
        does(here, "zhou", "undo", seq=9999)


def test_roles_do_what_roles_do():
    here = room()
    for kind, said in (("phase.move", {"to": "reveal"}), ("group.merge", {})):
        with pytest.raises(Forbidden):
            does(here, "zhou", kind, **said)
    for stranger in (make_member("passer"), make_staff("engineer", role="engineer")):
        with pytest.raises(Forbidden):
            does(here, stranger, "chat.say", text="在吗")


def test_a_room_opens_once_by_its_host():
    here = invited_workshop()
    with pytest.raises(Forbidden):
        open_room(by=person("zhou"), workshop=here)
    open_room(by=person("researcher"), workshop=here)
    with pytest.raises(Conflict):
        open_room(by=person("researcher"), workshop=workshop_of(here.task))
    assert seen(here, "researcher")["phase"] == "diverge"


def test_a_room_ends_with_its_task():
    here = room()
    does(here, "zhou", "note.add", text="一张")
    moved(here.task, "closed")
    here = workshop_of(here.task)
    assert here.ended_at and seen(here, "zhou")["phase"] == "ended"
    assert [row.kind for row in events(here)][-1] == "phase.move"


def test_the_database_has_one_event_per_number():
    here = room()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomEvent.objects.create(workshop=here, seq=1, op_id=uuid.uuid4(), kind="chat.say", payload={"text": "x"})


# Kinds of commands with what they may name; most of them make no sense where they come, which is the point.
MOVES = st.tuples(
    st.sampled_from(["zhou", "he", "researcher"]),
    st.sampled_from(
        ["note.add", "note.edit", "note.move", "note.delete", "group.add", "group.merge", "group.delete", "vote.cast",
         "vote.take_back", "vote.abstain", "phase.move", "undo", "hand.raise", "question.ask", "question.up", "chat.say"]
    ),
    st.integers(1, 24),
    st.integers(1, 24),
    st.sampled_from(["diverge", "reveal", "cluster", "vote", "discuss"]),
)  # fmt: skip


def said_by(kind: str, a: int, b: int, phase: str) -> dict[str, Any]:
    return {
        "note.add": {"text": f"想法{a}", "group": b if b % 2 else None},
        "note.edit": {"note": a, "text": f"改{b}"},
        "note.move": {"note": a, "group": b if b % 3 else None},
        "note.delete": {"note": a, "reason": "重复"},
        "group.add": {"name": f"组{a}", "notes": [b] if b % 2 else []},
        "group.merge": {"group": a, "into": b},
        "group.delete": {"group": a},
        "vote.cast": {"on": a},
        "vote.take_back": {"on": a},
        "phase.move": {"to": phase},
        "undo": {"seq": a},
        "question.ask": {"text": f"问{a}"},
        "question.up": {"question": a},
        "chat.say": {"text": f"说{a}"},
    }.get(kind, {})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@cases(st.lists(MOVES, min_size=10, max_size=50), st.randoms(use_true_random=False))
def test_w1_after_any_drops_doubles_and_reloads_everybody_sees_the_same(moves, dice):
    """Each command is sent until it is acknowledged, some twice, some answers are lost; the board that a process kept, a board folded anew
    and what every reload shows are one; nobody has more votes than there are; the log has no gap."""
    with transaction.atomic():
        everybody_sees_the_same(moves, dice)
        transaction.set_rollback(True)


def everybody_sees_the_same(moves: list[Any], dice: random.Random) -> None:
    here = room(("zhou", "he"), votes_each=3, votes_on_one=2)
    for who, kind, a, b, phase in moves:
        op_id, answers = uuid.uuid4(), []
        for _time in range(dice.choice([1, 1, 2])):  # the answer was lost: it is sent again
            try:
                answers.append(does(here, who, kind, op_id, **said_by(kind, a, b, phase)).seq)
            except Refused:
                answers.append(None)
        assert len(set(answers)) == 1 or answers[0] is None
        if dice.random() < 0.2:
            boards._kept.clear()  # another process, or this one after it was killed
    here = workshop_of(here.task)
    rows = events(here)
    assert [row.seq for row in rows] == list(range(1, here.seq + 1))
    with board_of(here) as kept:
        assert kept == fold(Board(), here)
        assert all(kept.cast_by(member) <= 3 for member in kept.votes)
        assert all(count <= 2 for cast in kept.votes.values() for count in cast.values())
        assert all(not kept.groups[note.group].gone for note in kept.standing_notes() if note.group is not None)
        assert in_order(kept.standing_notes()) == in_order(reversed(kept.standing_notes()))
    for who in ("zhou", "he"):
        state = seen(here, who)
        boards._kept.clear()
        assert seen(here, who) | {"server_time": ""} == state | {"server_time": ""}
    assert state_of(here, here.list.get(member=person("he")))["seq"] == here.seq
