"""Calls in JSON: made, opened, written to, revealed, answered, read."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kocforum.members.models import Member
from tasks.models import Entry, Task
from tests.people import make_car, make_catalogue, make_member, make_staff
from tests.tasks.calls import BODY, TITLE, open_call
from tests.tasks.stories import make_researcher
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def wanted(**values: Any) -> dict[str, Any]:
    return {
        "title": "你是哪一刻，把方向盘交给它的",
        "why": "信任不是一下子来的。",
        "decision": "接管提示提早还是加重",
        "closes_at": (timezone.now() + timedelta(days=9)).isoformat(),
        **values,
    }


def test_a_call_from_the_draft_to_the_end_in_json():
    make_catalogue()
    staff, zhou, he = api(make_researcher()), make_member("zhou"), make_member("he")
    made = staff.post("/api/v1/calls/", wanted(invitees=["zhou", "he"]), format="json")
    assert made.status_code == 201, made.json()
    said = made.json()
    assert (said["state"], said["kind"], said["sealed"], said["prompt"]) == ("draft", "invited", True, said["title"])
    here = f"/api/v1/calls/{said['id']}/"
    assert staff.post(f"{here}open/").json()["state"] == "open"
    writer, other = api(zhou), api(he)
    begun = writer.post(f"{here}entries/", {"title": TITLE, "body": "先写一半", "draft": True}, format="json")
    assert begun.status_code == 201 and begun.json()["manuscript"]["revision"] == 1
    given = writer.post(
        f"{here}entries/", {"title": TITLE, "body": BODY, "rights": {"quote_public": True}}, format="json"
    )
    assert given.status_code == 201 and given.json()["state"] == "given" and given.json()["manuscript"]["body"] == BODY
    assert [row["id"] for row in writer.get(f"{here}entries/").json()["results"]] == [given.json()["id"]]
    assert other.get(f"{here}entries/").json()["results"] == []
    assert other.get(f"{here}entries/{given.json()['id']}/").status_code == 404
    assert other.get(here).json()["entries"] == 1
    assert staff.post(f"{here}reveal/").json()["round"] == "discussing"
    assert staff.post(f"{here}reveal/").status_code == 409
    talk = f"{here}entries/{given.json()['id']}/replies/"
    assert other.post(talk, {"kind": "confirms"}, format="json").status_code == 400
    confirmed = other.post(talk, {"kind": "confirms", "vehicle": make_car(he).pk}, format="json")
    assert confirmed.status_code == 201 and confirmed.json()["software"] == "4.2.1"
    assert api().get(talk).json()["results"][0]["author"] == "he"
    assert other.get(f"{here}entries/{given.json()['id']}/").json()["rights"] is None
    assert staff.post(f"{here}close/").json()["state"] == "closed"
    assert other.post(talk, {"kind": "adds", "body": "晚了"}, format="json").status_code in {403, 409}


def test_an_operation_is_done_once():
    staff, op_id = api(make_researcher()), str(uuid.uuid4())
    first = staff.post("/api/v1/calls/", wanted(op_id=op_id), format="json")
    second = staff.post("/api/v1/calls/", wanted(op_id=op_id), format="json")
    assert (first.status_code, second.status_code) == (201, 200) and Task.objects.count() == 1
    call, lin, again = open_call(), api(make_member("lin")), str(uuid.uuid4())
    path = f"/api/v1/calls/{call.task_id}/entries/"
    sent = {"title": TITLE, "body": BODY, "op_id": again}
    codes = [lin.post(path, sent, format="json").status_code for _n in range(2)]
    assert codes == [201, 200] and Entry.objects.get(call=call).version == 1


def test_a_draft_is_patched_and_what_is_open_is_not():
    staff = api(make_researcher())
    pk = staff.post("/api/v1/calls/", wanted(), format="json").json()["id"]
    changed = staff.patch(
        f"/api/v1/calls/{pk}/", {"prompt": "换个问法", "scaffold": [{"heading": "天气"}]}, format="json"
    )
    assert changed.status_code == 200 and changed.json()["scaffold"][0]["required"] is True
    assert changed.json()["kind"] == "open" and not changed.json()["problems"]
    staff.post(f"/api/v1/calls/{pk}/open/")
    assert staff.patch(f"/api/v1/calls/{pk}/", {"prompt": "再换"}, format="json").status_code == 409


def test_a_newer_text_is_not_overwritten():
    call, lin = open_call(), api(make_member("lin"))
    path = f"/api/v1/calls/{call.task_id}/entries/"
    lin.post(path, {"body": "一稿", "draft": True}, format="json")
    stale = {"body": "旧稿", "draft": True, "version": 0, "revision": 0}
    assert lin.post(path, stale, format="json").status_code == 409
    assert (
        lin.post(path, {"title": TITLE, "body": "旧稿", "version": 0, "revision": 0}, format="json").status_code == 409
    )
    entry = lin.post(path, {"title": TITLE, "body": BODY}, format="json").json()
    assert lin.delete(f"{path}{entry['id']}/").status_code == 204
    assert lin.get(f"{path}{entry['id']}/").status_code == 404


@pytest.mark.parametrize("who", ["visitor", "owner", "engineer"])
def test_only_researchers_make_calls(who):
    member = {"owner": lambda: make_member("lin"), "engineer": lambda: make_staff("e", role="engineer")}
    client = api(member[who]() if who in member else None)
    code = client.post("/api/v1/calls/", {"title": ""}, format="json").status_code
    assert code == (401 if who == "visitor" else 403)


def test_what_is_wrong_is_named():
    staff = api(make_researcher())
    unknown = staff.post("/api/v1/calls/", wanted(invitees=["nobody-here"]), format="json")
    assert unknown.status_code == 400 and "invitees" in unknown.json()
    wrong = staff.post("/api/v1/calls/", wanted(kind="monologue"), format="json")
    assert wrong.status_code == 400 and "kind" in wrong.json()
    call = open_call(invitees=("zhou",))
    path = f"/api/v1/calls/{call.task_id}/entries/"
    assert api(make_member("he")).post(path, {"title": TITLE, "body": BODY}, format="json").status_code == 403
    empty = api(Member.objects.get(username="zhou")).post(path, {"title": "", "body": ""}, format="json")
    assert empty.status_code == 400
    assert api().post(path, {}, format="json").status_code == 401
