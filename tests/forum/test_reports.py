"""Telling a report, amending it, taking it back."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.actions.amendments import amend_report
from kocforum.forum.actions.reports import tell_report, withdraw_report
from kocforum.forum.models import Report, Stage, Thread
from kocforum.garage.actions import install_version, let_go
from kocforum.garage.models import Vehicle
from kocforum.ledger.models import Fact
from tests.forum.stories import answered, told
from tests.people import make_car, make_catalogue, make_member

pytestmark = pytest.mark.django_db


def api(member) -> APIClient:
    client = APIClient()
    client.force_authenticate(member)
    return client


def test_a_report_writes_its_own_title_from_its_fields():
    report = told(make_member())
    assert report.thread.title == "小雨 · 夜间有灯 · 反光 · 自动泊车中途放弃 3 次失败 3 次 · 4.2.1"


def test_an_edited_title_stays_when_fields_change():
    lin = make_member()
    report = told(lin, title="雨夜泊车三次失败")
    amend_report(by=lin, report=report, field="failures", value=2)
    assert Thread.objects.get(pk=report.thread_id).title == "雨夜泊车三次失败"


def test_the_version_is_the_one_that_ran_on_that_day():
    lin = make_member()
    make_catalogue()
    car = make_car(lin, version="4.1.8")
    install_version(by=lin, vehicle=car, version="V 4.2.1", installed_on=dt.date(2026, 6, 1))
    then = timezone.make_aware(dt.datetime(2026, 3, 14, 19, 2))
    assert told(lin, vehicle=car, occurred_at=then).observation.software_version == "4.1.8"
    assert told(lin, vehicle=car, title="后来").observation.software_version == "4.2.1"


def test_one_of_attempt_signal_or_words_is_needed():
    lin = make_member()
    with pytest.raises(Invalid) as refused:
        told(lin, attempts=None, failures=None, signals=[], narrative="太短")
    assert "narrative" in refused.value.fields
    assert told(
        lin,
        vehicle=Vehicle.objects.filter(owner=lin).first(),
        attempts=None,
        failures=None,
        signals=["odd_sound"],
        narrative="",
    )


def test_a_success_is_a_report_of_equal_rank():
    report = told(make_member(), attempts=5, failures=0)
    assert report.observation.outcome == "worked"
    assert Stage.objects.get(report=report).stage == 1


def test_the_outcome_follows_from_the_attempts_when_they_are_given():
    lin = make_member()
    assert told(lin, attempts=4, failures=1, outcome="worked").observation.outcome == "mixed"


def test_someone_elses_car_is_refused_by_name():
    lin, he = make_member(), make_member("he")
    make_catalogue()
    with pytest.raises(Invalid) as refused:
        told(lin, vehicle=make_car(he))
    assert list(refused.value.fields) == ["vehicle"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("function", {"function": "teleport"}),
        ("failure_mode", {"failure_mode": "melts"}),
        ("conditions", {"conditions": {"weather": ["frogs"]}}),
        ("failures", {"attempts": 2, "failures": 3}),
        ("occurred_at", {"occurred_at": timezone.now() + dt.timedelta(hours=25)}),
        ("severity", {"severity": "awful"}),
    ],
)
def test_values_that_do_not_fit_are_named(field, values):
    with pytest.raises(Invalid) as refused:
        told(make_member(), **values)
    assert field in refused.value.fields
    assert Report.objects.count() == 0 and Thread.objects.count() == 0


def test_an_unobserved_dimension_has_no_row():
    report = told(make_member(), conditions={"weather": ["light-rain"]})
    assert [row.value.slug for row in report.observation.conditions.all()] == ["light-rain"]


def test_the_same_op_id_answers_with_the_first_report():
    lin = make_member()
    op_id = uuid.uuid4()
    first = told(lin, op_id=op_id)
    again = told(lin, vehicle=Vehicle.objects.filter(owner=lin).first(), op_id=op_id)
    assert again.pk == first.pk and again.replayed and Report.objects.count() == 1


def test_each_field_is_amended_alone_with_its_history():
    lin = make_member()
    report = told(lin)
    amend_report(by=lin, report=report, field="conditions", value={"weather": ["heavy-rain"]})
    revision = report.revisions.get()
    assert revision.field == "conditions"
    assert revision.after == {"weather": ["heavy-rain"]}
    assert report.thread.title.startswith("大雨 · 自动泊车")


def test_only_the_teller_amends():
    report = told(make_member())
    with pytest.raises(Forbidden):
        amend_report(by=make_member("he"), report=report, field="severity", value="none")


def test_a_withdrawn_report_leaves_a_tombstone_and_no_number():
    lin = make_member()
    report = told(lin)
    answered(make_member("he"), report)
    withdraw_report(by=lin, report=report)
    assert Report.objects.counted().count() == 0
    page = APIClient().get(f"/t/{report.thread_id}/")
    assert page.status_code == 200 and "雷达提示音断续" not in page.content.decode()
    with pytest.raises(Conflict):
        withdraw_report(by=lin, report=Report.objects.get(pk=report.pk))


def test_a_sold_car_keeps_its_reports():
    lin = make_member()
    report = told(lin)
    let_go(by=lin, vehicle=report.observation.vehicle, leaving="sold")
    report.observation.refresh_from_db()
    assert report.observation.model_name == "远山 S7" and report.observation.software_version == "4.2.1"


def test_injury_is_held_for_staff():
    report = told(make_member(), severity="injury")
    assert report.thread.state == "pending"
    assert Fact.objects.filter(name="forum.ReportHeld").count() == 1
    assert Fact.objects.filter(name="forum.ReportTold").count() == 0
    assert APIClient().get(f"/t/{report.thread_id}/").status_code == 404


def test_the_api_tells_and_amends():
    lin = make_member()
    make_catalogue()
    car = make_car(lin)
    body = {
        "function": "auto-parking",
        "vehicle": car.pk,
        "occurred_at": timezone.now().isoformat(),
        "conditions": {"weather": "light-rain", "markings": ["worn", "reflecting"]},
        "attempts": 3,
        "failures": 3,
        "narrative": "自动泊车功能在雨夜多次失败",
        "op_id": str(uuid.uuid4()),
    }
    made = api(lin).post("/api/v1/reports/", body, format="json")
    assert made.status_code == 201, made.json()
    said = made.json()
    assert said["outcome"] == "failed" and said["thread"] and said["conditions"]["markings"] == ["worn", "reflecting"]
    assert api(lin).post("/api/v1/reports/", body, format="json").status_code == 200
    changed = api(lin).patch(f"/api/v1/reports/{said['id']}/", {"failures": 1}, format="json")
    assert changed.json()["outcome"] == "mixed"
    assert api(lin).get(f"/api/v1/reports/{said['id']}/history/").json()["results"][0]["field"] == "failures"
    wrong = api(lin).post("/api/v1/reports/", {**body, "op_id": str(uuid.uuid4()), "function": "x"}, format="json")
    assert wrong.status_code == 400 and "function" in wrong.json()
    assert APIClient().post("/api/v1/reports/", body, format="json").status_code == 401
    found = APIClient().get("/api/v1/search/", {"q": "自动泊车", "type": "thread"}).json()
    assert [row["id"] for row in found["results"]] == [said["thread"]]


def test_the_page_records_with_plain_forms(client):
    lin = make_member()
    make_catalogue()
    car = make_car(lin)
    client.force_login(lin)
    page = client.get("/reports/new/")
    assert page.status_code == 200
    sent = {
        "function": "auto-parking",
        "vehicle": car.pk,
        "occurred_at": "2026-03-14T19:02",
        "precision": "minute",
        "failures": "3",
        "cond_weather": "light-rain",
        "cond_markings": ["worn"],
        "signals": ["odd_sound"],
    }
    answer = client.post("/reports/new/", sent)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    report = Report.objects.get()
    assert report.observation.attempts == 3 and report.observation.outcome == "failed"
    shown = client.get(answer["Location"]).content.decode()
    assert "小雨" in shown and "雷达" not in shown


def test_a_refused_form_keeps_what_was_typed(client):
    lin = make_member()
    make_catalogue()
    car = make_car(lin)
    client.force_login(lin)
    sent = {
        "function": "auto-parking",
        "vehicle": car.pk,
        "occurred_at": "2026-03-14T19:02",
        "precision": "minute",
        "narrative": "太短了",
    }
    answer = client.post("/reports/new/", sent)
    assert answer.status_code == 422 and "太短了" in answer.content.decode()


def test_a_report_needs_a_verified_member():
    make_catalogue()
    new = make_member("new", phone_verified_at=None)
    with pytest.raises(Forbidden):
        tell_report(by=new, function="auto-parking", vehicle=None, occurred_at=timezone.now())
