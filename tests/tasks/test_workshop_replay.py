"""The replay of a room: any minute of the board, as this reader saw it then, for those who sat in it."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.models import RoomEvent, Seat, Workshop
from tasks.queries.boards import board_of
from tasks.queries.replays import replay_of
from tasks.queries.rooms import state_of
from tests.people import make_member, make_staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.workshops import does, goes_to, invited_workshop, person, room, workshop_of

pytestmark = pytest.mark.django_db


def spaced(here: Workshop, seconds: int = 40) -> Workshop:
    """The events of its log, so many seconds apart."""
    begun = timezone.now() - timedelta(hours=2)
    for row in RoomEvent.objects.filter(workshop=here):
        RoomEvent.objects.filter(pk=row.pk).update(at=begun + timedelta(seconds=seconds * (row.seq - 1)))
    return workshop_of(here.task)


def at(here: Workshop, who: str, seq: int) -> dict:
    return replay_of(here, Seat.objects.get(workshop=here, member=person(who)), at=seq).page


def texts(page: dict) -> list[str]:
    return [note["text"] for column in [page["loose"], *page["groups"]] for note in column.notes]


@pytest.fixture
def met() -> tuple[Workshop, dict[str, int]]:
    """Written in private, revealed, grouped, voted, decided, ended."""
    here, seqs = room(), {}
    seqs["mine"] = does(here, "zhou", "note.add", text="松手前先响一声").seq
    seqs["his"] = does(here, "he", "note.add", text="提示音和导航分开").seq
    goes_to(here, "cluster")
    seqs["open"] = RoomEvent.objects.filter(workshop=here).count()
    seqs["group"] = does(here, "he", "group.add", name="声音", notes=[seqs["mine"], seqs["his"]]).seq
    goes_to(here, "vote")
    seqs["vote"] = does(here, "he", "vote.cast", on=seqs["group"]).seq
    goes_to(here, "decide")
    does(here, "researcher", "decision.make", group=seqs["group"], verdict="chosen", why="两条都指向声音")
    goes_to(here, "ended")
    return spaced(here), seqs


def test_what_was_hidden_from_this_reader_then_is_hidden_now(met):
    here, seqs = met
    page = at(here, "zhou", seqs["his"])
    assert texts(page) == ["松手前先响一声"] and page["state"]["hidden_notes"] == 1
    assert "提示音和导航分开" in texts(at(here, "he", seqs["his"]))
    assert set(texts(at(here, "zhou", seqs["open"]))) == {"松手前先响一声", "提示音和导航分开"}
    voting = at(here, "zhou", seqs["vote"])
    assert voting["told"] is False and voting["groups"][0].owners == 0
    ended = at(here, "zhou", here.seq)
    assert ended["told"] and ended["groups"][0].owners == 1 and ended["groups"][0].decision["why"] == "两条都指向声音"


def test_the_last_moment_is_the_room_as_it_stands(met):
    here, _seqs = met
    seat = Seat.objects.get(workshop=here, member=person("zhou"))
    now = state_of(here, seat)
    replayed = replay_of(here, seat).page["state"]
    for name in ("seq", "phase", "votes", "groups", "decisions"):
        assert replayed[name] == now[name]


def test_looking_back_changes_nothing_of_the_room_that_is_kept(met):
    here, seqs = met
    at(here, "zhou", seqs["mine"])
    with board_of(here) as board:
        assert board.seq == here.seq and len(board.standing_notes()) == 2


def test_in_an_anonymous_room_the_replay_shows_no_names():
    here = room(anonymous=True, phase="cluster")
    does(here, "zhou", "note.add", text="说真话")
    goes_to(here, "ended")
    page = client_of(person("he")).get(f"/tasks/workshops/{here.task_id}/replay/?at=2")
    (note,) = page.context["replay"].page["loose"].notes
    assert note["author"] is None and not note["who"] and "说真话" in page.content.decode()


def test_what_a_host_took_off_does_not_come_back():
    here = room(phase="cluster")
    note = does(here, "zhou", "note.add", text="点名说了同事的一句")
    own = does(here, "he", "note.add", text="自己删掉的一句")
    does(here, "researcher", "note.delete", note=note.seq, reason="点名说了同事")
    does(here, "he", "note.delete", note=own.seq)
    goes_to(here, "ended")
    page = client_of(person("he")).get(f"/tasks/workshops/{here.task_id}/replay/?at={own.seq}").content.decode()
    assert "点名说了同事的一句" not in page and "自己删掉的一句" in page


def test_minutes_events_and_phases_lead_to_the_same_board(met):
    here, seqs = met
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/replay/"
    replay = zhou.get(path).context["replay"]
    assert replay.at == replay.last == here.seq and replay.steps[-1] == here.seq
    assert replay.steps == sorted(replay.steps) and replay.steps[0] == 1
    assert replay.minutes == -(-40 * (here.seq - 1) // 60)
    labels = [(mark.seq, mark.now) for mark in replay.marks]
    assert [seq for seq, _now in labels] == [1, seqs["open"], seqs["vote"] - 1, seqs["vote"] + 1, here.seq]
    assert [now for _seq, now in labels] == [False, False, False, False, True]
    second = zhou.get(f"{path}?minute=2").context["replay"]
    assert second.at == replay.steps[2] and second.minute == 2 and second.before < second.at < second.after
    for odd in ("at=0", "at=99999", "at=x", "minute=-1", "minute=9999", "minute=", "at=" + "9" * 30):
        assert zhou.get(f"{path}?{odd}").status_code == 200, odd
    assert zhou.get(f"{path}?minute=9999").context["replay"].at == here.seq
    assert zhou.get(f"{path}?minute=0").context["replay"].at == 1
    page = zhou.get(f"{path}?at={seqs['vote']}").content.decode()
    assert 'type="range"' in page and "data-steps" in page and 'rel="prev"' in page


def test_it_is_for_those_who_sat_in_the_room_once_it_is_over(met):
    here, _seqs = met
    path = f"/tasks/workshops/{here.task_id}/replay/"
    assert client_of(person("zhou")).get(path).status_code == 200
    Seat.objects.filter(workshop=here, member=person("he")).update(state="declined")
    assert client_of(person("he")).get(path).status_code == 302
    assert client_of(make_member("passer")).get(path).status_code == 404
    assert client_of(make_staff("engineer", role="engineer")).get(path).status_code == 404
    assert path in client_of(person("zhou")).get(f"/tasks/{here.task_id}/").content.decode()
    assert path not in client_of(person("he")).get(f"/tasks/{here.task_id}/").content.decode()


def test_hosts_look_back_while_it_goes_on_and_still_read_no_private_note():
    here = room()
    does(here, "zhou", "note.add", text="还没揭晓的一句")
    path = f"/tasks/workshops/{here.task_id}/replay/"
    page = client_of(person("researcher")).get(path)
    assert page.status_code == 200 and "还没揭晓的一句" not in page.content.decode()
    assert client_of(person("zhou")).get(path).status_code == 302
    before = invited_workshop(("zhou",), title="还没开")
    assert client_of(person("researcher")).get(f"/tasks/workshops/{before.task_id}/replay/").status_code == 302


def test_five_thousand_events_are_quick_and_cost_as_many_queries_as_a_few(met):
    here, _seqs = met
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/replay/"
    few = cost(zhou, path)
    long = room(("zhou", "he"), phase="cluster", title="很长的一次")
    first = long.seq + 1
    RoomEvent.objects.bulk_create(
        RoomEvent(
            workshop=long,
            seq=first + number,
            op_id=uuid.uuid4(),
            actor=person("he"),
            kind="note.add" if number < 60 else "note.move",
            payload={"text": f"第 {number} 张", "index": f"U{number:04}"}
            if number < 60
            else {"note": first + number % 60, "group": None, "index": f"V{number:04}"},
        )
        for number in range(5000)
    )
    Workshop.objects.filter(pk=long.pk).update(seq=first + 4999, ended_at=timezone.now())
    long_path = f"/tasks/workshops/{long.task_id}/replay/?at=4000"
    assert cost(zhou, long_path) <= few <= 15
    here, seat = workshop_of(long.task), Seat.objects.get(workshop=long, member=person("zhou"))
    took = []
    for _run in range(3):
        begun = time.perf_counter()
        assert replay_of(here, seat, at=4900).at == 4900
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.3, took
