"""What owners were asked lately, what they gave, what we owe them, and how the advisor's promises were kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.advice import take_advice
from tasks.actions.audiences import reach_out
from tasks.actions.leaving import forget_member
from tasks.actions.participations import decline, set_budget
from tasks.models import AskingPolicy, Audience, ContactBudget, Invitation, Participation, Task
from tasks.queries import load
from tasks.queries.advisor import USUAL_RATE, margin_of
from tests.people import make_member
from tests.tasks.stories import drafted, make_researcher, moved, opened, voted
from tests.tasks.test_advisor import situation

pytestmark = pytest.mark.django_db


def members(count: int, prefix: str = "m") -> list[Member]:
    return [make_member(f"{prefix}{number}") for number in range(count)]


def surveyed(size: int, answers: int, *, closed_days_ago: int = 1, form: str = "survey") -> Task:
    """A task that is over, with so many asked and so many who answered."""
    task = moved(opened(), "closed")
    Audience.objects.filter(task=task).update(size=size)
    Task.objects.filter(pk=task.pk).update(form=form, closed_at=timezone.now() - timedelta(days=closed_days_ago))
    known = [*Member.objects.filter(is_staff=False).order_by("pk")]
    known += members(answers - len(known), f"t{task.pk}-") if answers > len(known) else []
    Participation.objects.bulk_create(
        Participation(task=task, member=member, on=timezone.localdate()) for member in known[:answers]
    )
    return task


# The share that usually answers


def test_with_nothing_asked_the_usual_share_is_the_one_of_the_table():
    assert load.usual_rate() == USUAL_RATE == 0.35


def test_two_surveys_are_too_few_to_go_by_and_three_are_not():
    surveyed(10, 2)
    surveyed(10, 4)
    assert load.usual_rate() == USUAL_RATE
    surveyed(10, 6)
    assert load.usual_rate() == 0.4


def test_what_is_open_cancelled_empty_or_another_form_says_nothing_of_the_share():
    for answers in (2, 4, 6):
        surveyed(10, answers)
    opened(title="还开着")
    moved(opened(title="取消了"), "cancelled", reason="问错了")
    surveyed(0, 3)
    for _each in range(3):
        surveyed(8, 8, form="workshop")
    assert load.usual_rate() == 0.4


def test_more_answers_than_people_asked_are_no_more_than_everybody():
    for _each in range(3):
        surveyed(3, 5)
    assert load.usual_rate() == 1.0


def test_the_last_twenty_surveys_count_by_when_they_closed():
    for _each in range(11):
        surveyed(10, 1, closed_days_ago=400)
    for _each in range(20):
        surveyed(10, 5)
    late = Task.objects.order_by("pk")[:11]
    assert load.usual_rate() == 0.5
    Task.objects.filter(pk__in=[task.pk for task in late]).update(closed_at=timezone.now())
    assert load.usual_rate() == 0.1


# Whether the same few carry it


def gave(*counts: int, on: date | None = None) -> None:
    """Members who took part in so many tasks each."""
    tasks = [drafted(title=f"第{number}问") for number in range(max(counts))]
    for member, count in zip(members(len(counts)), counts, strict=True):
        Participation.objects.bulk_create(
            Participation(task=task, member=member, on=on or timezone.localdate()) for task in tasks[:count]
        )


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ((1,) * 9, 0.0),
        ((1,) * 10, 0.1),
        ((11,) + (1,) * 9, 0.55),
        ((11,) + (1,) * 18, 11 / 29),
        ((8, 8) + (1,) * 18, 16 / 34),
    ],
)
def test_the_busiest_tenth_in_whole_people_carries_this_share(counts, share):
    gave(*counts)
    assert load.share_of_the_busiest() == pytest.approx(share)


def test_nobody_carries_nothing():
    assert load.share_of_the_busiest() == 0.0


def test_ninety_days_ago_still_counts_and_the_day_before_does_not():
    today = timezone.localdate()
    gave(*(1,) * 10, on=today - timedelta(days=90))
    assert load.share_of_the_busiest() == 0.1
    Participation.objects.update(on=today - timedelta(days=91))
    assert load.share_of_the_busiest() == 0.0


def test_the_advisor_hears_that_the_same_few_are_asked_only_above_sixty_percent():
    gave(13, *(1,) * 9)
    assert not load.people_for({}).same_few
    gave_more = drafted(title="再一问")
    for task in (gave_more, drafted(title="又一问")):
        Participation.objects.create(task=task, member=Member.objects.get(username="m0"), on=timezone.localdate())
    assert load.people_for({}).same_few


# Who has no minutes left


def spent(member: Member, seconds: int, *, minutes: int | None = None, month: date | None = None) -> None:
    month = month or timezone.localdate().replace(day=1)
    ContactBudget.objects.create(member=member, spent=seconds, minutes=minutes, month=month)


def test_of_nobody_nobody_is_tired():
    people = load.people_for({"cities": ["没有人"]})
    assert (people.frame, people.tired, people.rate, people.same_few) == (0, 0, USUAL_RATE, False)


def test_tired_is_who_has_no_minutes_left_this_month_or_gives_none():
    usual, own, silent, rested, _none = members(5)
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    spent(usual, 30 * 60)
    spent(own, 60, minutes=1)
    spent(silent, 0, minutes=0, month=last_month.replace(day=1))
    spent(rested, 30 * 60, month=last_month.replace(day=1))
    assert load.people_for({}).tired == 3
    AskingPolicy.objects.create(budget_minutes=31)
    assert load.people_for({}).tired == 2


def test_the_largest_budget_is_counted_in_seconds_without_running_over():
    (lin,) = members(1)
    set_budget(by=lin, minutes=600)
    ContactBudget.objects.update(spent=600 * 60 - 1)
    assert load.people_for({}).tired == 0
    ContactBudget.objects.update(spent=600 * 60)
    assert load.people_for({}).tired == 1


def test_of_a_sample_as_many_are_tired_as_of_those_it_is_drawn_from():
    for member in members(20)[:5]:
        spent(member, 30 * 60)
    people = load.people_for({"sample": 8})
    assert (people.frame, people.tired) == (8, 2)


# What we owe


def test_without_closed_tasks_nothing_is_owed():
    opened()
    assert load.debt() == []


def test_debt_is_what_is_closed_and_not_reported_with_the_minutes_that_people_gave():
    first, second, third = (opened(title=f"第{number}问", minutes="0.5") for number in range(3))
    for member in members(3):
        voted(first, member)
        voted(third, member)
    moved(first, "closed")
    moved(second, "closed", "analysed")
    moved(third, "closed", "analysed", "reported")
    Task.objects.filter(pk=second.pk).update(report_due_at=timezone.now() - timedelta(days=2))
    assert [(owed.task, owed.people, owed.minutes) for owed in load.debt()] == [
        (second, 0, Decimal("0.0")),
        (first, 3, Decimal("1.5")),
    ]
    assert [owed.task.is_late for owed in load.debt()] == [True, False]


def test_debt_costs_the_same_for_one_and_for_many():
    moved(opened(), "closed")
    with CaptureQueriesContext(connection) as one:
        load.debt()
    for number in range(4):
        moved(opened(title=f"第{number}问"), "closed")
    with CaptureQueriesContext(connection) as many:
        load.debt()
    assert len(one) == len(many) == 1


# Weeks, as the site's calendar has them


def invited(task: Task, *moments: datetime) -> None:
    """Members who were invited at these moments."""
    begun = Invitation.objects.filter(task=task).count()
    for number, moment in enumerate(moments, start=begun):
        Invitation.objects.create(
            task=task, member=make_member(f"i{task.pk}-{number}"), lot=number, state="invited", invited_at=moment
        )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the site's clock."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def this_monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def counts(weeks: int = 8) -> list[tuple[int, int]]:
    return [(week.minutes, week.invitations) for week in load.load_by_week(weeks)]


def test_weeks_without_invitations_stand_there_empty_from_monday_to_monday():
    weeks = load.load_by_week(4)
    assert [week.begins for week in weeks] == [this_monday() - timedelta(weeks=back) for back in (3, 2, 1, 0)]
    assert counts(4) == [(0, 0)] * 4


def test_a_week_begins_on_monday_at_midnight_of_the_site_whatever_utc_says():
    monday = this_monday()
    task = drafted(minutes="2")
    invited(task, at(monday - timedelta(days=1), 23, 59), at(monday, 0), at(monday, 7, 59))
    assert at(monday, 0).astimezone(UTC).date() == monday - timedelta(days=1)
    assert counts(2) == [(2, 1), (4, 2)]


def test_what_lies_before_the_first_week_is_left_out_to_the_minute():
    first = this_monday() - timedelta(weeks=1)
    invited(drafted(minutes="1"), at(first - timedelta(days=1), 23, 59), at(first, 0))
    assert counts(2) == [(1, 1), (0, 0)]


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2027, 1, 1), date(2026, 12, 31), date(2028, 2, 29)])
def test_weeks_go_over_the_ends_of_months_and_years(today, monkeypatch):
    monkeypatch.setattr(load.timezone, "localdate", lambda *_: today)
    monday = today - timedelta(days=today.weekday())
    invited(drafted(minutes="1"), at(monday - timedelta(days=1), 12), at(monday, 12), at(today, 23))
    weeks = load.load_by_week(3)
    assert [week.begins for week in weeks] == [monday - timedelta(weeks=back) for back in (2, 1, 0)]
    assert [week.invitations for week in weeks] == [0, 1, 2]


def test_late_on_sunday_in_utc_the_next_week_has_begun_here(monkeypatch):
    sunday_in_utc = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: sunday_in_utc)
    assert load.load_by_week(1)[0].begins == date(2026, 11, 23)


def test_half_minutes_add_up_before_they_are_rounded():
    monday = this_monday()
    task = drafted(minutes="0.5")
    invited(task, at(monday, 9))
    assert counts(1) == [(1, 1)]
    invited(task, at(monday, 9), at(monday, 10))
    assert counts(1) == [(2, 3)]


def test_who_turned_it_down_or_left_was_asked_all_the_same_and_who_was_not_disturbed_was_not():
    turned_down, left, _stays, silent = members(4)
    set_budget(by=silent, minutes=0)
    task = opened(minutes="1")
    reach_out(task=task)
    decline(by=turned_down, task=task)
    forget_member(member_id=left.pk)
    assert counts(1) == [(3, 3)]


# Promise and result


def test_with_no_advice_there_is_no_record():
    assert load.record_of([]) == []
    assert not load.finished_advice().exists()


def followed(**values) -> Task:
    """A poll that follows a piece of advice."""
    advice = take_advice(by=make_researcher(), situation=situation(), criteria=values.get("criteria"))
    return opened(advice=advice, **values)


def test_promise_and_result_stand_side_by_side():
    people = members(10)
    task = followed()
    for member, seconds in zip(people[:6], (3, 4, 5, 60, None, None), strict=True):
        voted(task, member, seconds=seconds)
    moved(task, "closed")
    (row,) = load.record_of(load.finished_advice())
    assert (row.advice.answers, row.answers, row.kept, row.used) == (4, 6, True, True)
    assert (row.rate, row.seconds, row.staff_hours) == (0.6, 4, None)
    assert row.margin == margin_of(6, 10)


def test_fewer_answers_than_promised_is_a_promise_not_kept():
    people = members(10)
    task = followed()
    voted(task, people[0])
    moved(task, "closed")
    (row,) = load.record_of(load.finished_advice())
    assert not row.kept and row.seconds is None


def test_nobody_answered_and_nobody_was_asked():
    task = moved(followed(criteria={"cities": ["没有人"]}), "closed")
    (row,) = load.record_of(load.finished_advice())
    assert (row.answers, row.margin, row.rate, row.kept) == (0, None, None, True)
    assert row.advice.task == task


def test_those_who_came_after_the_opening_make_no_census_of_it():
    """Two stood in the frame and four answered: the share is whole, and the precision is that of four answers."""
    early = members(2)
    task = followed()
    for member in (*early, *members(2, "late")):
        voted(task, member)
    moved(task, "closed")
    (row,) = load.record_of(load.finished_advice())
    assert (row.rate, row.margin) == (1.0, margin_of(4, 0)) and row.margin > 0


def test_hours_come_with_the_report_and_what_is_open_or_cancelled_is_no_result():
    from tasks.actions.reports import report_task

    task = moved(followed(), "closed", "analysed")
    report_task(by=make_researcher(), task=task, expected="analysed", unchanged="不变。", staff_hours=Decimal("2.5"))
    followed(title="还开着")
    moved(followed(title="取消了"), "cancelled", reason="问错了")
    (row,) = load.record_of(load.finished_advice())
    assert (row.advice.task, row.staff_hours) == (task, Decimal("2.5"))


def test_another_form_than_the_advised_one_is_said_and_has_no_margin():
    task = moved(followed(), "closed")
    Task.objects.filter(pk=task.pk).update(form="call")
    (row,) = load.record_of(load.finished_advice())
    assert row.used is False and row.margin is None


def test_the_record_costs_the_same_for_one_and_for_many():
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            load.record_of(load.finished_advice())
        return len(queries)

    moved(followed(), "closed")
    one = cost()
    for number in range(4):
        moved(followed(title=f"第{number}问"), "closed", *(["analysed", "reported"] if number % 2 else []))
    assert cost() == one == 4


def test_a_page_shows_no_certainty_while_the_frame_is_smaller_than_its_answers():
    from tasks.queries.surveys import page_of

    task = opened()
    for member in members(5):
        voted(task, member)
    task = Task.objects.select_related("audience", "survey").get(pk=task.pk)
    assert task.audience.size < 5
    assert page_of(task, make_researcher())["margin"] == margin_of(5, 0)
