"""Frozen when it opens, in batches; invited and reminded once, within the minutes that a member gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Invalid
from kocforum.ledger.models import Fact
from kocforum.members.actions.levels import set_koc_level
from kocforum.notifications.models import Notification
from tasks.actions.audiences import freeze_some, invite_some, lot_of, reach_out, remind_all, remind_some
from tasks.actions.participations import decline, set_budget
from tasks.handlers.asking import go_on_reaching, remind
from tasks.models import AskingPolicy, ContactBudget, Invitation, Task
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff
from tests.tasks.stories import drafted, make_researcher, moved, opened, voted
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db


def states(task: Task) -> dict[str, str]:
    return dict(Invitation.objects.filter(task=task).values_list("member__username", "state"))


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=kind).order_by("member__username")
    return list(rows.values_list("member__username", flat=True))


def test_the_frame_is_who_fits_at_the_opening_and_stays_so():
    make_catalogue()
    for name, version in (("a", "4.2.1"), ("b", "4.3.0"), ("c", "4.2.1")):
        make_car(make_member(name), version)
    make_koc("zhou")
    make_staff("operator")
    task = opened(criteria={"models": ["S7"], "versions": ["V4.2.1 "]})
    assert set(states(task)) == {"a", "c"}
    make_car(make_member("late"), "4.2.1")
    reach_out(task=task)
    assert set(states(task)) == {"a", "c"}
    task.audience.refresh_from_db()
    assert task.audience.size == 2 and task.audience.frozen_at
    row = Invitation.objects.filter(task=task).first()
    assert (row.model, row.version) == ("S7", "4.2.1")


def test_model_and_version_must_fit_one_car():
    make_catalogue()
    lin = make_member()
    make_car(lin, "4.3.0")
    make_car(lin, "4.2.1", model="别的车")
    task = drafted(criteria={"models": ["S7"], "versions": ["4.2.1"]})
    assert not states(moved(task, "open"))


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"koc_levels": ["leader"]}, {"zhou"}),
        ({"cities": ["杭州"]}, {"lin"}),
        ({"koc_levels": ["leader"], "cities": ["杭州"]}, set()),
        ({}, {"lin", "zhou", "he"}),
    ],
)
def test_criteria_narrow_together(criteria, expected):
    make_member("lin", city="杭州")
    make_koc("zhou")
    make_member("he")
    make_member("unverified", phone_verified_at=None)
    make_staff("operator")
    assert set(states(opened(criteria=criteria))) == expected


def test_a_board_is_those_who_wrote_in_it():
    from kocforum.forum.actions.threads import open_thread
    from tests.people import make_board

    writer = make_member("writer")
    make_member("reader")
    open_thread(by=writer, board=make_board(), title="雨天泊车", body="大家好")
    assert set(states(opened(criteria={"boards": ["driving"]}))) == {"writer"}


def test_a_sample_is_drawn_by_the_seed_whatever_the_batches():
    for number in range(20):
        make_member(f"m{number}")
    task = opened(criteria={"sample": 7})
    assert Invitation.objects.filter(task=task).count() == 7
    task.audience.refresh_from_db()
    drawn = sorted(Invitation.objects.filter(task=task).values_list("member_id", flat=True))
    from tasks.queries.audiences import people

    lots = sorted(people().values_list("pk", flat=True), key=lambda pk: lot_of(task.audience.seed, pk))
    assert drawn == sorted(lots[:7])


@pytest.mark.parametrize(
    "criteria", [{"models": ["S99"]}, {"koc_levels": ["boss"]}, {"boards": ["x"]}, {"sample": "x"}, {"versions": ["9"]}]
)
def test_words_that_nobody_knows_are_named(criteria):
    with pytest.raises(Invalid) as refused:
        drafted(criteria=criteria)
    assert "audience" in refused.value.fields


def test_freezing_goes_on_where_it_stopped_and_adds_nobody_twice():
    members = [make_member(f"m{number}") for number in range(9)]
    task = drafted()
    Task.objects.filter(pk=task.pk).update(state="open", opened_at=timezone.now())
    assert freeze_some(task=task, most=4) is True
    assert Invitation.objects.count() == 4
    Invitation.objects.create(task=task, member=members[5], lot=1)
    assert freeze_some(task=task, most=4) is True
    assert freeze_some(task=task, most=4) is False
    assert Invitation.objects.filter(task=task).count() == 9
    assert freeze_some(task=task, most=4) is False
    assert Fact.objects.filter(name="tasks.AudienceFrozen").count() == 1


def test_invitations_run_twice_send_once(run_deliveries):
    for name in ("a", "b", "c"):
        make_member(name)
    task = opened()
    run_deliveries()
    reach_out(task=task)
    go_on_reaching()
    run_deliveries()
    assert told("task.invited") == ["a", "b", "c"]
    assert Notification.objects.filter(kind="task.invited", count=1).count() == 3


def test_waves_go_out_in_the_order_of_the_draw():
    for number in range(6):
        make_member(f"m{number}")
    task = opened()
    AskingPolicy.objects.create(wave_size=2)
    assert invite_some(task=task) == 2
    first = set(Invitation.objects.filter(state="invited").values_list("lot", flat=True))
    rest = set(Invitation.objects.filter(state="listed").values_list("lot", flat=True))
    assert max(first) < min(rest)
    reach_out(task=task)
    assert not Invitation.objects.filter(state="listed").exists()


def test_who_answered_before_the_wave_is_not_disturbed():
    lin = make_member()
    task = opened()
    voted(task, lin)
    reach_out(task=task)
    assert states(task) == {"lin": "held"} and not told("task.invited")


def test_the_budget_is_over_all_tasks_and_the_rest_still_waits_in_the_list():
    from tasks.queries.inbox import waiting

    lin = make_member()
    set_budget(by=lin, minutes=1)
    tasks = [opened(title=f"第{number}问", minutes="0.5") for number in range(3)]
    for task in tasks:
        reach_out(task=task)
    assert [states(task)["lin"] for task in tasks] == ["invited", "invited", "held"]
    assert ContactBudget.objects.get().spent == 60
    assert list(waiting(lin)) == tasks


def test_a_new_month_begins_with_nothing_spent():
    lin = make_member()
    ContactBudget.objects.create(member=lin, minutes=1, month=timezone.localdate().replace(day=1), spent=60)
    reach_out(task=opened())
    assert not told("task.invited")
    last_month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    ContactBudget.objects.update(month=last_month)
    reach_out(task=opened(title="新的一月"))
    assert told("task.invited") == ["lin"] and ContactBudget.objects.get().spent == 30


def test_with_no_minutes_no_invitation_comes():
    lin = make_member()
    set_budget(by=lin, minutes=0)
    reach_out(task=opened())
    assert not told("task.invited")


@pytest.mark.parametrize("minutes", [-1, 601])
def test_a_budget_is_a_number_that_can_be(minutes):
    with pytest.raises(Invalid):
        set_budget(by=make_member(), minutes=minutes)


def test_s21_reminders_go_once_to_those_who_have_not_answered(run_deliveries):
    answered, silent, declined, poor = (make_member(name) for name in ("answered", "silent", "declined", "poor"))
    task = opened()
    run_deliveries()
    voted(task, answered)
    decline(by=declined, task=task)
    set_budget(by=poor, minutes=0)
    assert remind_all(task=task) == 1
    assert remind_all(task=task) == 0
    assert told("task.reminded") == [silent.username]


def test_the_reminder_comes_in_the_last_quarter_or_the_last_day(run_deliveries):
    make_member("lin")
    task = opened()
    run_deliveries()
    remind()
    assert not told("task.reminded")
    now = timezone.now()
    Task.objects.filter(pk=task.pk).update(closes_at=now + timedelta(hours=20))
    remind()
    assert not told("task.reminded"), "a window of twenty hours that has just begun"
    Task.objects.filter(pk=task.pk).update(opened_at=now - timedelta(days=6))
    remind()
    remind()
    assert told("task.reminded") == ["lin"]


def test_a_closed_task_asks_nobody_any_more(run_deliveries):
    make_member("lin")
    task = opened()
    run_deliveries()
    assert told("task.invited") == ["lin"]
    moved(task, "closed")
    run_deliveries()
    assert not told("task.invited")
    assert invite_some(task=task) == 0 and remind_all(task=task) == 0


def test_everybody_who_took_part_hears_of_the_report_and_nobody_else(run_deliveries):
    took, _silent = make_member("took"), make_member("silent")
    task = opened()
    voted(task, took)
    moved(task, "closed", "analysed", "reported")
    run_deliveries()
    assert told("task.reported") == ["took"]


def test_a_cancelled_task_tells_those_who_answered(run_deliveries):
    took = make_member("took")
    task = opened()
    voted(task, took)
    moved(task, "cancelled", reason="问题问错了")
    run_deliveries()
    assert told("task.cancelled") == ["took"]
    assert task in Task.objects.visible_to(took)
    assert task not in Task.objects.visible_to(make_member("somebody"))


def test_who_leaves_is_asked_nothing_any_more():
    from tasks.actions.leaving import forget_member

    lin = make_member()
    task = opened()
    forget_member(member_id=lin.pk)
    assert states(task) == {"lin": "held"}


def test_a_level_that_changes_while_it_is_open_changes_nothing():
    zhou = make_koc()
    task = opened(criteria={"koc_levels": ["leader"]})
    set_koc_level(by=make_staff(), member=zhou, level="", reason="休息一年", expected="leader")
    voted(task, zhou)
    assert Invitation.objects.get().koc_level == "leader"


def test_s22_waves_stop_once_enough_have_answered():
    for number in range(12):
        make_member(f"m{number}")
    task = opened(enough=3)
    assert invite_some(task=task) == 6, "two are invited for each answer that is missing"
    assert invite_some(task=task) == 0, "the first wave has an hour to answer"
    an_hour_later(task)
    asked = [row.member for row in Invitation.objects.filter(task=task, state="invited").select_related("member")]
    voted(task, asked[0])
    assert invite_some(task=task) == 4
    an_hour_later(task)
    for member in asked[1:3]:
        voted(task, member)
    assert invite_some(task=task) == 0 and remind_some(task=task) == 0
    assert Invitation.objects.filter(task=task, state="listed").count() == 2


def test_s22_inviting_is_stopped_and_goes_on_and_answering_is_possible_meanwhile():
    members = [make_member(f"m{number}") for number in range(4)]
    researcher = make_researcher()
    task = opened()
    page = client_of(researcher)
    assert "停止邀请" in page.get(f"/desk/tasks/{task.pk}/").content.decode()
    page.post(f"/desk/tasks/{task.pk}/inviting/", {"do": "stop"})
    page.post(f"/desk/tasks/{task.pk}/inviting/", {"do": "stop"})
    assert invite_some(task=task) == 0 and remind_some(task=task) == 0
    voted(task, members[0])
    assert Fact.objects.filter(name="tasks.InvitingStopped").count() == 1
    page.post(f"/desk/tasks/{task.pk}/inviting/", {"do": "resume"})
    assert invite_some(task=task) == 4
    assert client_of(members[0]).post(f"/desk/tasks/{task.pk}/inviting/", {"do": "stop"}).status_code == 404


def test_enough_is_one_answer_at_least():
    with pytest.raises(Invalid) as refused:
        drafted(enough=0)
    assert "enough" in refused.value.fields


def an_hour_later(task) -> None:
    Invitation.objects.filter(task=task, invited_at__isnull=False).update(
        invited_at=timezone.now() - timedelta(minutes=61)
    )
