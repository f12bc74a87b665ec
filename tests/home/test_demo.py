"""The demo community as it stands after `manage.py demo`. Loaded once for all of these tests; it takes half a minute."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from insights.enums import OfferState, ReleaseState, TicketState
from insights.models import AuditEntry, EvidenceSnapshot, Offer, Release, Ticket
from kocforum.forum.enums import FlagState, OfficialStatus, PostState, RiverStage
from kocforum.forum.models import Flag, Post, Question, Report, SortedReply, Stage, Thread, Topic, Verification
from kocforum.forum.queries.lens import lens_of_topic
from kocforum.garage.models import Vehicle
from kocforum.home.demo.loader import left_undone
from kocforum.home.demo.people import SIGN_INS
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from kocforum.uploads.models import Upload
from tasks import kinds as news_of_tasks
from tasks.enums import InvitationState, TaskForm, TaskState
from tasks.models import (
    Advice,
    Call,
    Club,
    Envelope,
    Event,
    Expense,
    Initiative,
    Invitation,
    Loan,
    Participation,
    PromotionSlot,
    Reply,
    Response,
    Rsvp,
    Task,
    Workshop,
)
from tasks.queries.answers import Answers
from tasks.queries.boards import board_of
from tasks.queries.inbox import asked_on_front, budget_of, waiting
from tasks.queries.load import debt, finished_advice, record_of
from tasks.queries.opinion_maps import map_of
from tasks.queries.opinions import statements_of
from tasks.queries.promotion import slots_on_front
from tasks.queries.results import all_results
from tasks.queries.surveys import problems_of

STAFF = ("operator", "researcher", "engineer", "approver", "finance", "admin")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("said")]


def thread_of(title: str) -> Thread:
    return Thread.objects.get(title__startswith=title)


def test_it_says_who_can_sign_in(said):
    assert (
        "47 people, 26 reports and 14 conversations, 3 topics, 4 tickets, 2 releases, 18 polls, surveys, long conversations and workshops"
        in said
    )
    for name in SIGN_INS:
        assert f"demo-{name}" in said
    assert not left_undone()


def test_the_community_is_as_large_as_it_must_be():
    assert Vehicle.objects.filter(owner__role="").values("owner").distinct().count() >= 30
    assert Thread.objects.filter(state=PostState.VISIBLE).count() == 41
    assert Report.objects.counted().count() == 26
    assert Topic.objects.count() == 3
    assert Upload.objects.filter(number__isnull=False).count() == Upload.objects.count() >= 17
    assert Upload.objects.filter(kind="video").count() == 1


def test_everybody_may_write_and_only_the_sign_ins_have_a_password():
    assert all(member.is_verified for member in Member.objects.all())
    usable = {member.username for member in Member.objects.all() if member.has_usable_password()}
    assert usable == set(SIGN_INS)
    assert Member.objects.exclude(koc_level="").exclude(koc_reason="").count() == 7


def test_nothing_lies_in_the_future_and_the_story_in_the_past(today):
    now = timezone.now()
    for model in (Fact, Thread, Post, Verification, Notification, Upload, AuditEntry, EvidenceSnapshot):
        field = next(name for name in ("created_at", "taken_at", "at", "last_at") if hasattr(model, name))
        assert not model.objects.filter(**{f"{field}__gt": now}).exists(), model
    midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    assert list(Fact.objects.filter(at__gte=midnight).values_list("name", flat=True)) == ["demo.DemoLoaded"]
    opened = thread_of("雨夜垂直泊车").created_at
    assert (today - timezone.localdate(opened)).days == 52
    assert timezone.localtime(opened).strftime("%H:%M") == "19:31"


def test_a_second_load_changes_nothing():
    def rows() -> dict[str, int]:
        return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}

    before = rows()
    out = StringIO()
    call_command("demo", stdout=out)
    assert rows() == before
    assert "here already" in out.getvalue()
    assert "demo-owner" in out.getvalue()


def test_each_topic_carries_a_condition_of_the_second_level_through_the_real_lens():
    for topic in Topic.objects.all():
        seen = lens_of_topic(topic)
        assert seen["conditions"][0]["level"] == "L2", topic
        assert seen["owners"] >= 20
        assert topic.summary_html
        assert "{thread:" not in topic.summary


def test_one_loop_is_closed_by_owners_and_one_is_open():
    closed = Ticket.objects.get(title__startswith="垂直泊入")
    assert closed.state == TicketState.VERIFIED
    assert Topic.objects.get(title__startswith="垂直泊入").official_status == OfficialStatus.VERIFIED
    first = thread_of("雨夜垂直泊车").report
    assert set(Stage.objects.filter(report=first).values_list("stage", flat=True)) == set(RiverStage)
    assert Ticket.objects.get(title__startswith="低温").state == TicketState.ACKNOWLEDGED
    assert Ticket.objects.get(kind="strength").state == TicketState.KEPT
    assert set(Release.objects.values_list("state", flat=True)) == {ReleaseState.PUBLIC, ReleaseState.BETA}


def test_owners_verified_for_and_against():
    outcomes = list(Verification.objects.values_list("observation__outcome", flat=True))
    assert len(outcomes) == 10
    assert {"worked", "mixed"} <= set(outcomes)
    invited = Verification.objects.filter(invited=True)
    assert set(invited.values_list("author__username", flat=True)) == {"koc", "shanyu", "tianhe"}


def test_the_audit_chain_holds():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "5 evidence snapshots" in out.getvalue()


def test_the_owner_has_news_a_question_and_a_beta_to_answer():
    news = Notification.objects.filter(member__username="owner")
    assert news.unread().exists()
    assert news.filter(read_at__isnull=False).exists()
    assert Question.objects.get(asked_of__username="owner").answered_at is None
    offer = Offer.objects.get(member__username="owner", release__state=ReleaseState.BETA)
    assert offer.state == OfferState.OFFERED
    assert offer.expires_at > timezone.now()


def test_the_koc_hosts_and_has_verified():
    assert Topic.objects.filter(host__username="koc").exists()
    assert Verification.objects.filter(author__username="koc", by_first_teller=True).exists()
    assert Offer.objects.get(member__username="koc").sealed.released_at


def test_the_host_has_replies_left_to_sort():
    topic = Topic.objects.get(host__username="host")
    told = Thread.objects.filter(report__topic_links__topic=topic)
    replies = Post.objects.filter(thread__in=told, kind="reply").exclude(author__username="host")
    assert 0 < SortedReply.objects.filter(topic=topic).count() < replies.count()


def test_the_operator_has_a_flag_and_a_post_to_review():
    assert Flag.objects.filter(state=FlagState.OPEN).count() == 2
    assert Post.objects.filter(state=PostState.PENDING).count() == 1


def task_of(title: str) -> Task:
    return Task.objects.select_related("survey", "audience").get(title__startswith=title)


def test_there_is_a_task_in_every_state_and_each_moved_there_by_the_table():
    assert set(Task.objects.values_list("state", flat=True)) == set(TaskState)
    for task in Task.objects.all():
        moves = list(task.transitions.values_list("from_state", "to_state", "at"))
        assert [after for _before, after, _at in moves][:-1] == [before for before, _after, _at in moves][1:]
        assert moves[-1][1] == task.state
        assert [at for _before, _after, at in moves] == sorted(at for _before, _after, at in moves)
    for task in Task.objects.filter(closed_at__isnull=False):
        assert task.opens_at <= task.opened_at < task.closes_at == task.closed_at < timezone.now()


@pytest.mark.parametrize("name", ["owner", "koc", "host"])
def test_whoever_signs_in_has_a_poll_to_tap_on_the_front_page(name):
    member = Member.objects.get(username=name)
    asked = asked_on_front(member)[0]
    assert asked.on_front and asked.poll["options"] and not asked.poll["chosen"]
    assert asked in waiting(member)
    page = Client()
    page.force_login(member)
    answer = page.post(reverse("task_answer", args=[asked.pk]), {"option": asked.poll["options"][0]["option"].pk})
    assert answer.status_code in {200, 302}
    assert Participation.objects.filter(task=asked, member=member).exists()
    assert asked not in waiting(member)


def test_the_owner_hears_of_what_waits_and_of_what_came_of_it():
    news = Notification.objects.filter(member__username="owner")
    asked = task_of("下个版本")
    assert news.get(kind=news_of_tasks.INVITED, object_id=asked.pk).read_at is None
    told = set(news.filter(kind=news_of_tasks.REPORTED).values_list("object_id", flat=True))
    assert told == {task_of("明年的 S7").pk, task_of("过去一个月").pk, task_of("如果后备箱").pk}


def test_the_opinion_map_of_the_trunk_has_two_groups_and_something_all_agree_on():
    call = Call.objects.get(task=task_of("如果后备箱"))
    found = map_of(call, AnonymousUser(), statements_of(call, AnonymousUser()))
    assert len(found.islands) == 2 and found.people >= 40
    assert found.agreed and found.rejected and all(island.telling for island in found.islands)


def test_audiences_were_frozen_and_invited_when_it_was_opened():
    owners = Member.objects.filter(role="").count()
    s7 = Vehicle.objects.filter(model__slug="S7").values("owner").distinct().count()
    koc = Member.objects.exclude(koc_level="").count()
    sizes = {"明年的 S7": owners, "过去一个月": s7, "下一轮泊车": koc}
    for title, size in sizes.items():
        task = task_of(title)
        assert task.audience.size == Invitation.objects.filter(task=task).count() == size
    long_ones = Q(task__call__kind="invited") | Q(task__form=TaskForm.WORKSHOP)
    speakers = set(Invitation.objects.filter(long_ones).values_list("member", flat=True))
    for task in Task.objects.filter(form=TaskForm.SURVEY, opened_at__isnull=False).select_related("audience"):
        asked = task.invitations.all()
        held = set(asked.exclude(state=InvitationState.INVITED).values_list("member", flat=True))
        assert held <= speakers, "only who writes at length or meets this month is left in peace"
        for at in [task.audience.frozen_at, *asked.exclude(member__in=held).values_list("invited_at", flat=True)]:
            assert dt.timedelta(0) <= at - task.opened_at < dt.timedelta(minutes=5)
    others = Member.objects.filter(role="").exclude(pk__in=speakers)
    assert all(budget_of(member)["spent"] < budget_of(member)["minutes"] for member in others)


def test_the_money_of_the_endorsed_initiative_has_receipts_in_every_hand():
    envelope = Envelope.objects.get(initiative__title="皖南秋色慢行")
    states = list(envelope.expenses.order_by("pk").values_list("state", flat=True))
    assert states == ["paid", "approved", "returned", "submitted"]
    assert (envelope.approved_minor, envelope.spent_minor, envelope.reserved_minor) == (150_000, 60_000, 9_600)
    assert not Expense.objects.filter(looks_like__isnull=False).exists()


def test_what_the_brand_brings_has_arrived_and_stands_on_the_front_page():
    loan = Loan.objects.get(initiative__title="皖南秋色慢行")
    slot = PromotionSlot.objects.get(initiative=loan.initiative)
    assert (loan.state, loan.quantity, loan.item.on_hand, loan.item.out) == ("received", 30, 170, 30)
    assert slots_on_front(None) == [slot] and slot.event.initiative == loan.initiative and slot.ran_at is not None


def test_an_endorsed_event_is_full_with_somebody_in_line_and_a_proposal_waits_for_an_answer():
    event = Event.objects.get(title="皖南秋色慢行 · 皖浙天路")
    assert event.taken == event.capacity and event.initiative.endorsement.is_in_force
    assert Rsvp.objects.filter(event=event).waiting().count() == 1
    assert list(Event.objects.coming()) == [event]
    assert [one.title for one in Initiative.objects.with_the_brand()] == ["放学路上的十分钟"]
    assert {club.size for club in Club.objects.with_size()} == {4, 6}


def test_of_three_workshops_one_has_its_room_told_one_has_seats_left_and_one_has_a_door():
    told = Workshop.objects.get(task=task_of("冬天的第一公里"))
    with board_of(told) as board:
        assert board.phase == "ended" and len(board.decisions) == 2 and len(board.actions) == 2
        assert sum(sum(cast.values()) for cast in board.votes.values()) == 16
    assert told.task.state == TaskState.REPORTED
    ahead = Workshop.objects.get(task=task_of("和泊车工程师"))
    assert ahead.taken == 2 < ahead.seats and ahead.starts_at > timezone.now()
    door = Workshop.objects.get(task=task_of("到厂里来"))
    assert door.has_a_door and door.travel and door.list.filter(state="standby").count() == 1


def test_of_three_calls_one_is_told_one_is_open_and_one_is_sealed():
    told, open_one, sealed = (
        Call.objects.select_related("task").get(task__title__startswith=title)
        for title in ("如果后备箱", "你最难忘的", "你是哪一刻")
    )
    assert told.task.report.figures["entries"] == 3 and told.revealed_at and told.task.state == TaskState.REPORTED
    assert told.task.report.figures["cars"] == Reply.objects.filter(entry__call=told, kind="confirms").count() == 3
    assert open_one.task.is_open and not open_one.sealed and open_one.entries.given().count() == 3
    assert sealed.is_sealed and sealed.entries.given().count() == 2
    assert Invitation.objects.filter(task=sealed.task, state=InvitationState.INVITED).count() == 4


def test_every_figure_of_a_task_is_one_number():
    for task in Task.objects.filter(form=TaskForm.SURVEY).select_related("survey"):
        took = task.participations.count()
        assert took == Response.objects.filter(survey=task.survey).count()
    for task in Task.objects.filter(form=TaskForm.SURVEY, state=TaskState.REPORTED):
        figures = task.report.figures
        if len(figures["questions"]) > 1:
            continue
        (question,) = figures["questions"]
        counts = [option["count"] for option in question["options"]]
        assert figures["invited"] == task.audience.size
        assert figures["respondents"] == question["base"] == sum(counts) == task.participations.count()
        assert f"{question['base']} 位" in task.report.changed
        assert f"{max(counts)} 位" in task.report.changed


def test_a_survey_of_two_waves_says_what_its_numbers_say():
    first, second = task_of("雨天停车，是哪一步"), task_of("雨天停车，升级之后")
    assert second.parent == first and second.is_open and not first.is_open
    by_key = {found.item.key: found for found in all_results(Answers(first.survey))}
    now = {found.item.key: found for found in all_results(Answers(second.survey))}
    assert by_key["calm"].mean[0] < 3 < now["calm"].mean[0]
    assert by_key["order"].order[0].key == "lines"
    assert not any(found.suppressed for found in (*by_key.values(), *now.values()))
    draft = task_of("匿名问问")
    assert draft.survey.is_anonymous and problems_of(draft) == []


def test_the_wheels_are_pictures_with_a_guess_that_was_wrong():
    task = task_of("明年的 S7")
    assert task.participations.count() == 28
    assert task.participations.values("on").distinct().count() >= 4
    question = task.survey.questions.get()
    assert question.has_pictures
    assert Upload.objects.filter(attached_to="survey.option", number__in=question.options.values("pk")).count() == 3
    first, second, *_rest = sorted(task.report.figures["questions"][0]["options"], key=lambda option: -option["count"])
    guessed = max(task.survey.guess, key=task.survey.guess.get)
    assert first["key"] != guessed != second["key"]
    assert task.report.changed and task.report.unchanged


def test_the_pulse_stands_beside_its_thread_and_leads_to_the_fix():
    task = task_of("过去一个月")
    assert task.thread == thread_of("雨夜垂直泊车")
    outcome = task.outcomes.get()
    topic = Topic.objects.get(title__startswith="垂直泊入")
    assert (outcome.url, outcome.state) == (topic.get_absolute_url(), topic.official_status)


def test_one_report_is_owed_too_long_and_one_poll_was_taken_back_with_a_reason():
    late = [owed.task for owed in debt() if owed.task.is_late]
    assert late == [task_of("车里哪一种")]
    taken_back = task_of("静音胎")
    assert f"{taken_back.participations.count()} 位" in taken_back.transitions.last().reason
    told = Notification.objects.filter(kind=news_of_tasks.CANCELLED, object_id=taken_back.pk)
    assert told.count() == taken_back.participations.count() > 0


def test_the_advisor_has_a_record_with_promises_kept_and_not():
    record = record_of(finished_advice())
    assert {row.kept for row in record} == {True, False}
    assert all(row.used and row.seconds for row in record)
    assert record_of(Advice.objects.filter(task=task_of("明年的 S7")))[0].kept
    unready = Advice.objects.get(task__state=TaskState.DRAFT)
    assert "no_decision" in unready.warnings and not unready.task.decision


def test_the_engineer_has_tickets_of_the_own_department():
    engineer = Member.objects.get(username="engineer")
    own = Ticket.objects.visible_to(engineer)
    assert 0 < own.count() < Ticket.objects.count()


@pytest.mark.parametrize("name", SIGN_INS)
def test_every_sign_in_reads_the_key_pages(name):
    client = Client()
    assert client.login(username=name, password=f"demo-{name}")
    member = Member.objects.get(username=name)
    topic, release = Topic.objects.get(title__startswith="垂直泊入"), Release.objects.get(state=ReleaseState.PUBLIC)
    report = thread_of("雨夜垂直泊车")
    pages = [
        *(
            reverse(page)
            for page in ("tasks", "front", "boards", "topics", "river", "me", "notifications", "garage", "settings")
        ),
        *(reverse("front") + f"?tab={tab}" for tab in ("latest", "waiting", "answered", "followed")),
        reverse("board", args=["parking"]),
        reverse("profile", args=["koc"]),
        reverse("search") + "?q=自动泊车",
        reverse("questions"),
        *(reverse("task", args=[task.pk]) for task in Task.objects.visible_to(member)),
        *(row.get_absolute_url() for row in (report, topic, release, thread_of("皖南慢行"))),
    ]
    if name in STAFF:
        pages += [reverse("desk"), reverse("desk_tickets"), reverse("task_desk"), reverse("admin:index")]
        pages += [reverse("ticket", args=[ticket.pk]) for ticket in Ticket.objects.visible_to(member)]
    if name == "researcher":
        pages += [reverse("people"), reverse("desk_releases"), reverse("advisor_record")]
        pages += [reverse("desk_task", args=[task.pk]) for task in Task.objects.all()]
    if name == "host":
        pages += [reverse("topic_tray", args=[topic.pk])]
    pages += [reverse("offer", args=[offer.pk]) for offer in Offer.objects.filter(Q(member=member))]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, (page, answer.status_code)


def test_visitors_read_it_without_signing_in():
    client = Client()
    for thread in Thread.objects.filter(state=PostState.VISIBLE):
        assert client.get(thread.get_absolute_url()).status_code == 200
    for topic in Topic.objects.all():
        assert client.get(topic.get_absolute_url()).status_code == 200
