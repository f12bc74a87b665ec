"""Owners answer a report with their own cars."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from rest_framework.test import APIClient

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.actions.corroborations import corroborate, withdraw_corroboration
from kocforum.forum.actions.moderation import hide_post
from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.models import (
    ContentRule,
    Corroboration,
    CorroborationRevision,
    HostInvitation,
    Post,
    Stage,
    Thread,
)
from kocforum.forum.queries.lens import lens_of_report, lens_of_topic
from kocforum.forum.queries.moderation import forget_rules
from kocforum.garage.models import Vehicle
from kocforum.ledger.models import Fact
from tests.forum.stories import answered, told
from tests.people import make_car, make_koc, make_member, make_staff


@pytest.mark.django_db
def test_the_same_takes_the_reports_outcome_where_nobody_counted():
    report = told(make_member())
    assert answered(make_member("he"), report, "same").observation.outcome == "failed"
    assert answered(make_member("su"), report, "different").observation.outcome == "worked"
    assert answered(make_member("wu"), report, "untested").observation.outcome == ""


@pytest.mark.django_db
def test_three_same_here_on_a_success_add_no_failure():
    report = told(make_member(), attempts=4, failures=0)
    for name in ("he", "su", "wu"):
        answered(make_member(name), report, "same")
    lens = lens_of_report(report)
    assert (lens["failing"], lens["fine"]) == (0, 4)


@pytest.mark.django_db
def test_counts_win_over_the_stance():
    report = told(make_member())
    assert answered(make_member("he"), report, "same", attempts=4, failures=1).observation.outcome == "mixed"


@pytest.mark.django_db
def test_the_same_car_again_replaces_its_answer_and_keeps_the_history():
    report = told(make_member())
    he = make_member("he")
    car = make_car(he)
    first = answered(he, report, "same", vehicle=car, note="我也是")
    again = answered(he, report, "different", vehicle=car, attempts=6, failures=0, note="升级后好了")
    assert again.pk == first.pk and again.stance == "different"
    assert Corroboration.objects.count() == 1
    assert CorroborationRevision.objects.get().said["note"] == "我也是"
    assert again.post.number == 2 and Thread.objects.get().reply_count == 1


@pytest.mark.django_db
def test_two_cars_of_one_owner_are_two_answers():
    report = told(make_member())
    he = make_member("he")
    answered(he, report)
    answered(he, report, "different", vehicle=make_car(he, version="4.1.8"))
    assert Corroboration.objects.standing().count() == 2


@pytest.mark.django_db
def test_the_reports_own_car_cannot_corroborate_it():
    lin = make_member()
    report = told(lin)
    with pytest.raises(Conflict):
        answered(lin, report, vehicle=report.observation.vehicle)


@pytest.mark.django_db
def test_staff_do_not_corroborate():
    report = told(make_member())
    operator = make_staff()
    with pytest.raises(Forbidden):
        answered(operator, report)


@pytest.mark.django_db
def test_what_helps_needs_its_words():
    report = told(make_member())
    he = make_member("he")
    with pytest.raises(Invalid) as refused:
        answered(he, report, "workaround")
    assert list(refused.value.fields) == ["action"]
    said = answered(
        he,
        report,
        "workaround",
        vehicle=Vehicle.objects.filter(owner=he).first(),
        action="擦干净雷达",
        before={"attempts": 4, "failures": 3},
        after={"attempts": 4, "failures": 1},
    )
    assert said.before_failures == 3 and said.observation.outcome == ""


@pytest.mark.django_db
def test_three_owners_invite_the_first_teller_to_host_once():
    lin = make_member()
    report = told(lin)
    answered(make_member("he"), report)
    assert not HostInvitation.objects.exists()
    answered(make_member("su"), report, "different")
    answered(make_member("wu"), report)
    assert HostInvitation.objects.get().member == lin


@pytest.mark.django_db
def test_a_withdrawn_answer_counts_no_more_and_can_come_back():
    report = told(make_member())
    he = make_member("he")
    said = answered(he, report)
    assert Stage.objects.filter(report=report, stage=2).exists()
    withdraw_corroboration(by=he, corroboration=said)
    assert not Stage.objects.filter(report=report, stage=2).exists()
    assert Thread.objects.get().reply_count == 0
    answered(he, report, vehicle=Vehicle.objects.filter(owner=he).first())
    assert Corroboration.objects.standing().count() == 1 and Thread.objects.get().reply_count == 1


@pytest.mark.django_db
def test_a_visitor_sees_a_new_answer_at_once_on_the_kept_page(client):
    report = told(make_member())
    address = f"/t/{report.thread_id}/"
    client.get(address)
    answered(make_member("he"), report, note="地库里也会这样")
    assert "地库里也会这样" in client.get(address).content.decode()


@pytest.mark.django_db
def test_two_taps_by_form(client):
    report = told(make_member())
    he = make_member("he")
    make_car(he)
    client.force_login(he)
    page = client.get(f"/reports/{report.pk}/corroborate/?stance=same")
    assert page.status_code == 200
    sent = client.post(
        f"/reports/{report.pk}/corroborate/", {"stance": "same", "vehicle": Vehicle.objects.filter(owner=he).get().pk}
    )
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    assert Corroboration.objects.get().observation.software_version == "4.2.1"


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["before", "after"])
def test_counts_of_what_helps_that_do_not_fit_are_named(when):
    report, he = told(make_member()), make_member("he")
    client = APIClient()
    client.force_authenticate(he)
    body = {
        "stance": "workaround",
        "vehicle": make_car(he).pk,
        "action": "擦一擦雷达",
        when: {"attempts": 1, "failures": 3},
    }
    answer = client.post(f"/api/v1/reports/{report.pk}/corroborations/", body, format="json")
    assert answer.status_code == 400 and list(answer.json()) == [when]


@pytest.mark.django_db
def test_the_api_lists_standing_answers_only_and_their_history():
    report = told(make_member())
    he = make_member("he")
    car = make_car(he)
    client = APIClient()
    client.force_authenticate(he)
    address = f"/api/v1/reports/{report.pk}/corroborations/"
    made = client.post(address, {"stance": "same", "vehicle": car.pk, "attempts": 4, "failures": 3}, format="json")
    assert made.status_code == 201, made.json()
    client.post(address, {"stance": "different", "vehicle": car.pk}, format="json")
    rows = client.get(address).json()["results"]
    assert [row["stance"] for row in rows] == ["different"]
    assert client.get(f"{address}history/").json()["results"][0]["said"]["stance"] == "same"
    assert client.get(f"{address}{rows[0]['id']}/history/").json()["results"][0]["said"]["attempts"] == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_car_from_two_windows_at_once_gives_one_answer():
    report = told(make_member())
    he = make_member("he")
    car = make_car(he)
    start = threading.Barrier(4)
    trouble: list[Exception] = []

    def press(stance: str) -> None:
        try:
            start.wait(10)
            corroborate(by=he, report=report, stance=stance, vehicle=car)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(stance,)) for stance in ("same", "different", "same", "different")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert trouble == []
    assert Corroboration.objects.count() == 1
    assert Thread.objects.get(pk=report.thread_id).reply_count == 1


@pytest.mark.django_db
def test_an_answer_that_becomes_an_experience_can_make_a_report_ripe():
    report, he, su = told(make_member()), make_member("he"), make_member("su")
    car = make_car(he)
    answered(he, report, "untested", vehicle=car)
    answered(su, report)
    assert not HostInvitation.objects.exists()
    answered(he, report, "same", vehicle=car)
    assert HostInvitation.objects.get().member == report.thread.author


@pytest.mark.django_db
def test_an_answer_withdrawn_while_it_waited_is_told_when_it_comes_back():
    report, he = told(make_member()), make_member("he")
    car = make_car(he)
    ContentRule.objects.create(phrase="返现", verdict="review")
    forget_rules()
    waiting = answered(he, report, vehicle=car, note="返现找我")
    withdraw_corroboration(by=he, corroboration=waiting)
    assert not Fact.objects.filter(name="forum.ReportCorroborated").exists()
    answered(he, report, vehicle=car, note="我的车也是")
    assert Fact.objects.filter(name="forum.ReportCorroborated").count() == 1


@pytest.mark.django_db
def test_a_hidden_answer_is_neither_withdrawn_nor_said_anew():
    report, he = told(make_member()), make_member("he")
    car = make_car(he)
    answer = answered(he, report, vehicle=car, note="加微信看车")
    hide_post(by=make_staff(), post=answer.post, reason="广告")
    with pytest.raises(Conflict):
        withdraw_corroboration(by=he, corroboration=Corroboration.objects.get())
    with pytest.raises(Conflict):
        answered(he, report, vehicle=car, note="换个说法")
    assert Post.objects.get(pk=answer.post_id).state == "hidden"


@pytest.mark.django_db
def test_the_lens_takes_the_word_that_an_owner_said_last():
    lin, he = make_member(), make_member("he")
    first, car = told(lin), make_car(he)
    topic = open_topic(by=make_koc(), title="雨夜泊车", function="auto-parking", claim="雨夜里容易中途放弃")
    answered(he, first, "different", vehicle=car)
    second = told(he, vehicle=car)
    for report in (first, second):
        link_report(by=topic.host, topic=topic, report=report)
    assert (lens_of_topic(topic)["failing"], lens_of_topic(topic)["fine"]) == (2, 0)
    answered(he, first, "different", vehicle=car, attempts=4, failures=0)
    topic.refresh_from_db()
    assert (lens_of_topic(topic)["failing"], lens_of_topic(topic)["fine"]) == (1, 1)
