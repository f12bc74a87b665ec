"""Owners proposed for a room by what they told: who fits, in which order, why; ticked ones are on the list and read why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.models import Report, Topic
from kocforum.members.models import Member
from tasks.actions.moves import move_task
from tasks.models import ContactBudget, Invitation, Seat, Task
from tasks.queries.invitees import Wanted, propose
from tasks.queries.subjects import reports_about, subject_of, subjects_for
from tests.forum.stories import answered, told
from tests.insights.stories import promoted
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff
from tests.tasks.stories import make_researcher
from tests.tasks.test_pages import client_of, cost
from tests.tasks.workshops import drafted_workshop, person, workshop_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_by_three() -> Report:
    """Lin told twice, the second time confirmed by Mei and Tao; Ann told of the same on another version."""
    make_catalogue()
    lin = make_member("lin", city="上海")
    car = make_car(lin, version="4.2.1")
    told(lin, vehicle=car)
    report = told(lin, vehicle=car, narrative="第二次，地库里，同样在倒入一半时停下。")
    answered(make_member("mei", city="杭州"), report)
    answered(make_member("tao", city="上海"), report)
    ann = make_member("ann", city="杭州")
    told(ann, vehicle=make_car(ann, version="4.3.0"))
    return report


def topic_of(host: Member, report: Report) -> Topic:
    topic = open_topic(
        by=host, title="泊车中途放弃", claim="倒入一半时中止。", function="auto-parking", failure_mode="gives-up"
    )
    link_report(by=host, topic=topic, report=report)
    return topic


def proposed(task: Task, **wanted):
    return propose(workshop_of(task), person("researcher"), Wanted(**wanted))


def names(task: Task, **wanted) -> list[str]:
    return [one.member.username for one in proposed(task, **wanted).candidates]


def test_who_told_most_stands_first_and_the_reasons_are_said(told_by_three):
    task = drafted_workshop(("zhou",))
    found = proposed(task)
    assert [one.member.username for one in found.candidates][:2] == ["lin", "ann"]
    assert found.of == 4
    lin = found.candidates[0]
    assert (lin.told, lin.confirmed, lin.version) == (2, 2, "4.2.1")
    assert any("4.2.1" in reason for reason in lin.reasons) and any("2" in reason for reason in lin.reasons)
    mei = next(one for one in found.candidates if one.member.username == "mei")
    assert (mei.told, mei.answered) == (0, 1) and mei.because


def test_subject_version_car_city_and_standing_narrow_it_down(told_by_three):
    task = drafted_workshop(("zhou",))
    host = make_koc("host", city="成都")
    topic = topic_of(host, told_by_three)
    assert set(names(task, subject=f"topic:{topic.pk}")) == {"lin", "mei", "tao"}
    assert names(task, subject=f"topic:{topic.pk}", city="杭州") == ["mei"]
    assert names(task, version="4.3.0") == ["ann"]
    assert names(task, version="V４.3.0") == ["ann"]
    assert names(task, model="S7", city="上海") == ["lin", "tao"]
    assert names(task, levels=("leader",)) == []
    assert names(task, subject="topic:999") == names(task, subject="nothing:1") == names(task, subject="topic:x") == []
    driving = told_by_three.function.parent
    assert len(names(task, subject=f"function:{driving.pk}")) == 4  # what stands above holds what stands below


def test_a_ticket_names_its_reports_without_the_tasks_knowing_tickets(told_by_three):
    task = drafted_workshop(("zhou",))
    ticket = promoted(told_by_three)
    researcher = person("researcher")
    assert f"ticket:{ticket.pk}" in [value for _label, rows in subjects_for(researcher) for value, _words in rows]
    assert set(names(task, subject=f"ticket:{ticket.pk}")) == {"lin", "mei", "tao"}
    assert not reports_about(make_staff("engineer", role="engineer"), f"ticket:{ticket.pk}").exists()


def test_it_begins_with_what_the_workshop_stands_beside(told_by_three):
    task = drafted_workshop(("zhou",), thread=told_by_three.thread)
    assert subject_of(task) == f"function:{told_by_three.function_id}"
    host = make_koc("host")
    topic = topic_of(host, told_by_three)
    assert subject_of(task) == f"topic:{topic.pk}"
    page = client_of(person("researcher")).get(f"/desk/tasks/{task.pk}/invitees/")
    assert page.context["proposal"].of == 3
    assert [one.leads for one in page.context["proposal"].candidates] == ["", "", ""]


def test_who_leads_the_topic_is_told_so(told_by_three):
    task = drafted_workshop(("zhou",))
    host = make_koc("host")
    topic = topic_of(host, told_by_three)
    mine = told(host)
    link_report(by=host, topic=topic, report=mine)
    leads = {one.member.username: one.leads for one in proposed(task, subject=f"topic:{topic.pk}").candidates}
    assert leads == {"lin": "", "mei": "", "tao": "", "host": "泊车中途放弃"}


def test_who_was_asked_often_has_no_minutes_or_did_not_come_stands_further_down(told_by_three):
    task = drafted_workshop(("zhou",))
    ann = person("ann")
    assert names(task)[:2] == ["lin", "ann"]
    other = drafted_workshop(("zhou",), title="另一次")
    here = workshop_of(other)
    Seat.objects.create(
        workshop=here, member=ann, state="accepted", answered_at=timezone.now(), missed_at=timezone.now()
    )
    Invitation.objects.create(task=other, member=ann, lot=1, state="invited", invited_at=timezone.now())
    month = timezone.localdate().replace(day=1)
    ContactBudget.objects.create(member=ann, minutes=30, month=month, spent=20 * 60)
    found = next(one for one in proposed(task).candidates if one.member == ann)
    assert (found.missed, found.invited, found.minutes_left, found.fits) == (1, 1, 10, False)
    assert names(task)[-1] == "ann"
    Seat.objects.filter(member=ann).update(missed_at=timezone.now() - timedelta(days=366))
    assert next(one for one in proposed(task).candidates if one.member == ann).missed == 0  # forgiven


def test_who_said_why_is_not_counted_among_those_who_said_nothing(told_by_three):
    task = drafted_workshop(("zhou",))
    here = workshop_of(drafted_workshop(("zhou",), title="另一次"))
    Seat.objects.create(
        workshop=here, member=person("ann"), state="accepted", answered_at=timezone.now(), missed_at=timezone.now(),
        missed_because="孩子发烧",
    )  # fmt: skip
    assert next(one for one in proposed(task).candidates if one.member.username == "ann").missed == 0


def test_cities_and_versions_mix():
    task = drafted_workshop(("zhou",))
    report = None
    for number in range(4):
        owner = make_member(f"sh{number}", city="上海")
        report = told(owner, vehicle=make_car(owner, version="4.2.1"))
    other = make_member("cd", city="成都")
    answered(other, report, vehicle=make_car(other, version="4.1.0"))
    row = names(task)
    assert row.index("cd") <= 2  # told less, and sees it from somewhere else
    assert [one.alike for one in proposed(task).candidates if one.member.username == row[-1]] == [True]


def test_whom_the_brand_may_not_ask_is_not_proposed(told_by_three):
    task = drafted_workshop(("zhou",))
    Member.objects.filter(username="lin").update(is_active=False)
    Member.objects.filter(username="mei").update(phone_verified_at=None)
    assert set(names(task)) == {"ann", "tao"}


def test_one_tick_puts_them_on_the_draft_with_why_they_are_asked(told_by_three, run_deliveries):
    task = drafted_workshop(("zhou",))
    desk = client_of(person("researcher"))
    path = f"/desk/tasks/{task.pk}/invitees/"
    assert "4.2.1" in desk.get(path).content.decode()
    answer = desk.post(f"{path}?city=上海", {"member": [person("lin").pk, person("zhou").pk, "x"]})
    assert answer.status_code == 302
    seat = Seat.objects.get(member=person("lin"))
    assert (seat.role, seat.state) == ("koc", "invited") and "泊车" in seat.because
    task.refresh_from_db()
    assert task.audience.criteria == {"members": ["zhou", "lin"]}
    assert "lin" not in names(task)
    # An edit of the draft keeps why, and two who change the list meet.
    stamp_page = desk.get(f"/desk/tasks/{task.pk}/workshop/").context
    form = {name: field for name, field in stamp_page["form"].initial.items() if field not in (None, False)}
    form |= {"seen": stamp_page["stamp"], "cohosts": "operator", "starts_at": f"{form['starts_at']:%Y-%m-%dT%H:%M}"}
    make_staff("operator")
    assert desk.post(f"/desk/tasks/{task.pk}/workshop/", form).status_code == 302
    assert Seat.objects.get(member=person("lin")).because == seat.because
    move_task(by=person("researcher"), task=task, to="open", expected="draft")
    run_deliveries()
    assert seat.because in client_of(person("lin")).get(f"/tasks/{task.pk}/").content.decode()


def test_while_it_is_open_more_are_asked_the_same_way(told_by_three, run_deliveries):
    task = drafted_workshop(("zhou",))
    move_task(by=person("researcher"), task=task, to="open", expected="draft")
    desk, path = client_of(person("researcher")), f"/desk/tasks/{task.pk}/invitees/"
    desk.post(path, {"member": [person("mei").pk]})
    assert Seat.objects.get(member=person("mei")).because
    assert Invitation.objects.get(task=task, member=person("mei")).state == "invited"
    assert desk.post(path, {}).status_code == 302  # nobody ticked


def test_nobody_but_researchers_looks_and_not_after_the_meeting(told_by_three):
    task = drafted_workshop(("zhou",))
    path = f"/desk/tasks/{task.pk}/invitees/"
    for stranger in (make_member("passer"), make_staff("engineer", role="engineer"), make_staff("operator")):
        assert client_of(stranger).get(path).status_code == 404
    desk = client_of(make_researcher())
    assert (
        desk.get(f"{path}?about=topic:999&version=9.9&level=king").status_code == 200
    )  # what cannot be is said, not an error
    task = move_task(by=person("researcher"), task=task, to="cancelled", expected="draft", reason="不开了")
    assert desk.get(path).status_code == 404


def test_the_page_costs_as_many_queries_however_many_told(told_by_three):
    task = drafted_workshop(("zhou",))
    desk, path = client_of(make_researcher()), f"/desk/tasks/{task.pk}/invitees/"
    few = cost(desk, path)
    for number in range(6):
        answered(make_member(f"m{number}"), told_by_three)
        told(make_member(f"t{number}"))
    assert cost(desk, path) <= few <= 26
