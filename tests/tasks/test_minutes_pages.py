"""The pages after a room: minutes, what is left to be done, the talk of those who met; and what who comes late is told in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tasks.actions.minutes import answer_minutes, draft_minutes
from tasks.actions.presence import note_presence
from tasks.models import Minutes, MinutesAnswer, RoomResult, RoomWord
from tests.people import make_member, make_staff
from tests.tasks.test_minutes import ended_room, with_minutes
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api
from tests.tasks.workshops import does, goes_to, person, room

pytestmark = pytest.mark.django_db


def places(here) -> tuple[str, str]:
    return f"/tasks/workshops/{here.task_id}/minutes/", f"/tasks/workshops/{here.task_id}/after/"


def test_who_was_there_reads_confirms_objects_and_a_host_replies_and_signs():
    here, minutes = with_minutes()
    page, _after = places(here)
    he, host = client_of(person("he")), client_of(person("researcher"))
    shown = he.get(page).content.decode()
    for said in ("声音", "三个人都要", "白天看不见别的", "录三种声音", "闪两下"):
        assert said in shown
    refused = he.post(page, {"do": "answer", "verdict": "object", "text": ""})
    assert refused.status_code == 422
    long = "灯是暂缓" * 300
    refused = he.post(page, {"do": "answer", "verdict": "object", "text": long})
    assert refused.status_code == 422 and long in refused.content.decode()
    assert he.post(page, {"do": "answer", "verdict": "object", "text": "灯是暂缓"}).status_code == 302
    answer = MinutesAnswer.objects.get()
    for name in ("zhou", "engineer", "researcher"):
        answer_minutes(by=person(name), minutes=minutes, verdict="confirm")
    assert host.post(page, {"do": "sign"}).status_code == 422
    assert host.post(page, {"do": "reply", "answer": answer.pk, "reply": "写进来了"}).status_code == 302
    assert host.post(page, {"do": "sign"}).status_code == 302
    shown = he.get(page).content.decode()
    assert "写进来了" in shown and 'name="verdict"' not in shown


def test_remarks_are_corrected_from_the_version_that_was_seen_and_nothing_is_lost():
    here, _minutes = with_minutes()
    page, _after = places(here)
    host = client_of(person("researcher"))
    assert host.post(page, {"do": "correct", "version": 1, "remarks": "下周给大家听样音。"}).status_code == 302
    late = host.post(page, {"do": "correct", "version": 1, "remarks": "另一个窗口写的很长一段"})
    assert late.status_code == 422 and "另一个窗口写的很长一段" in late.content.decode()
    assert "下周给大家听样音。" in client_of(person("zhou")).get(page).content.decode()
    assert client_of(person("zhou")).post(page, {"do": "correct", "version": 2, "remarks": "改"}).status_code == 422


def test_who_was_not_in_the_room_finds_nothing_there():
    here, _minutes = with_minutes()
    make_member("stranger")
    make_staff("colleague", role="researcher")
    for path in places(here):
        assert client_of(person("stranger")).get(path).status_code == 404
        assert client_of(person("colleague")).get(path).status_code == 404
        answer = client_of(person("zhou")).get(path)
        assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    open_room = room(("su",))
    assert client_of(person("su")).get(places(open_room)[0]).status_code == 404


def test_minutes_in_the_room_are_told_to_hosts_alone():
    here, _minutes = with_minutes()
    page, _after = places(here)
    for name, told in (("researcher", True), ("zhou", False)):
        there = client_of(person(name)).get(page).context["draft"].present
        assert there and all((spent is not None) == told for _name, _role, spent in there)


def test_results_move_and_words_are_said_on_the_page():
    here, _minutes = with_minutes()
    _page, after = places(here)
    engineer, zhou = client_of(person("engineer")), client_of(person("zhou"))
    action, chosen = RoomResult.objects.get(kind="action"), RoomResult.objects.get(kind="chosen")
    move = {"do": "move", "result": action.pk, "expected": "open", "to": "doing"}
    assert engineer.post(after, move).status_code == 302
    assert engineer.post(after, move).status_code == 422  # no longer where it was seen
    assert zhou.post(after, {**move, "expected": "doing"}).status_code == 422
    host = client_of(person("researcher"))
    drop = {"do": "move", "result": chosen.pk, "expected": "open", "to": "dropped"}
    assert host.post(after, drop).status_code == 422
    assert host.post(after, {**drop, "reason": "扬声器换了"}).status_code == 302
    say = {"do": "say", "text": "那段录音我听了三遍。", "op_id": "7c1f3fb2-67b5-4a25-8f0c-0d6d2c8c9f11"}
    for _twice in range(2):
        assert zhou.post(after, say).status_code == 302
    assert engineer.post(after, {"do": "say", "text": "谢谢你们。", "kind": "thanks"}).status_code == 302
    assert RoomWord.objects.count() == 2
    shown = zhou.get(after).content.decode()
    for said in ("那段录音我听了三遍。", "谢谢你们。", "扬声器换了"):
        assert said in shown
    word = RoomWord.objects.get(author=person("zhou"))
    assert engineer.post(after, {"do": "take_back", "word": word.pk}).status_code == 302
    assert RoomWord.objects.get(pk=word.pk).text
    zhou.post(after, {"do": "take_back", "word": word.pk})
    assert "那段录音我听了三遍。" not in engineer.get(after).content.decode()
    for nonsense in ({"do": "take_back", "word": "9" * 30}, {"do": "move", "result": "x"}, {}):
        assert zhou.post(after, nonsense).status_code in {404, 422}


def test_the_pages_cost_as_many_queries_however_much_there_is():
    here, minutes = with_minutes()
    page, after = places(here)
    zhou = client_of(person("zhou"))
    for path in (page, after):
        zhou.get(path)
    few = [cost(zhou, path) for path in (page, after)]
    for name in ("he", "engineer", "researcher"):
        answer_minutes(by=person(name), minutes=minutes, verdict="object", text="不是这样")
    RoomWord.objects.bulk_create(RoomWord(workshop=here, author=person("he"), text=f"第{n}句") for n in range(20))
    RoomResult.objects.bulk_create(
        RoomResult(workshop=here, kind="action", number=900 + n, title=f"第{n}件", owner=person("he")) for n in range(9)
    )
    many = [cost(zhou, path) for path in (page, after)]
    assert many[0] <= few[0] <= 24 and many[1] <= few[1] <= 16


def test_minutes_that_are_not_there_yet_say_so():
    here = ended_room()
    page, _after = places(here)
    answer = client_of(person("zhou")).get(page)
    assert answer.status_code == 200 and not Minutes.objects.exists()
    draft_minutes(workshop=here)
    assert 'name="verdict"' in client_of(person("zhou")).get(page).content.decode()


def test_w12_who_comes_late_is_told_what_happened_so_far():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        here = room(("zhou", "he"), phase="cluster")
        note_presence(workshop=here, here={person("zhou").pk})
        does(here, "zhou", "group.add", name="先醒过来")
        does(here, "zhou", "question.ask", text="要多久？")
        clock.shift(timedelta(minutes=12))
        place = f"/tasks/workshops/{here.task_id}/room/"
        assert client_of(person("he")).get(place).context["late"].minutes == 12
        assert client_of(person("zhou")).get(place).context["late"] is None
        note_presence(workshop=here, here={person("he").pk})
        late = client_of(person("he")).get(place)
        assert late.context["late"].groups == [("先醒过来", 0)] and late.context["late"].questions == 1
        goes_to(here, "decide")
        does(here, "researcher", "decision.make", group=2, verdict="parked", why="先量电")
        assert client_of(person("he")).get(place).context["late"].decided[0][2] == "先量电"
        clock.shift(timedelta(minutes=16))
        assert client_of(person("he")).get(place).context["late"] is None


def test_what_comes_after_a_room_in_json():
    here, _minutes = with_minutes()
    he, engineer, stranger = api(person("he")), api(person("engineer")), api(make_member("stranger"))
    place = f"/api/v1/workshops/{here.task_id}"
    said = he.get(f"{place}/minutes/").json()
    assert said["points"][0]["owners"] == 2 and said["missing"] == 4 and said["signed_at"] is None
    assert he.post(f"{place}/minutes/answers/", {"verdict": "object"}, format="json").status_code == 400
    answer = he.post(f"{place}/minutes/answers/", {"verdict": "object", "text": "灯是暂缓"}, format="json")
    assert answer.status_code == 200 and answer.json()["verdict"] == "object"
    results = he.get(f"{place}/results/").json()
    (action,) = [one for one in results if one["kind"] == "action"]
    way = f"/api/v1/room-results/{action['id']}/"
    move = {"to": "doing", "expected": "open"}
    assert he.patch(way, move, format="json").status_code == 403
    assert engineer.patch(way, move, format="json").json()["state"] == "doing"
    assert engineer.patch(way, move, format="json").status_code == 409
    word = {"text": "谢谢你们。", "kind": "thanks", "op_id": "9d3c6f62-3a3e-4ec4-8d34-0f3a4bb9b3f1"}
    assert he.post(f"{place}/words/", word, format="json").status_code == 403
    assert [engineer.post(f"{place}/words/", word, format="json").status_code for _twice in range(2)] == [201, 200]
    assert [one["author"] for one in he.get(f"{place}/words/").json()] == ["engineer"]
    for path in ("minutes", "results", "words"):
        assert stranger.get(f"{place}/{path}/").status_code == 404
    assert stranger.patch(way, move, format="json").status_code == 404


def test_what_was_typed_when_the_sign_in_had_run_out_is_in_the_form_after_it():
    here, _minutes = with_minutes()
    page, after = places(here)
    zhou = client_of()
    assert zhou.post(page, {"do": "answer", "verdict": "object", "text": "灯是暂缓，不是否决"}).status_code == 302
    assert zhou.post(after, {"do": "say", "text": "那段录音我听了三遍。"}).status_code == 302
    zhou.force_login(person("zhou"))
    assert "灯是暂缓，不是否决" in zhou.get(page).content.decode()
    assert "那段录音我听了三遍。" in zhou.get(after).content.decode()
