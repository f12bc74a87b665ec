"""The synthetic community holds together and is the same for the same seed."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Max
from django.test import Client

from kocforum.forum.enums import PostKind, Stance
from kocforum.forum.models import Corroboration, Observation, ObservedCondition, Post, Report, Stage, Thread
from kocforum.garage.models import Vehicle
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.members.rules import can_write
from kocforum.search.models import SearchDocument
from kocforum.text import render
from tasks.enums import TaskState
from tasks.models import Participation, Task
from tasks.queries.respondents import own_response
from tasks.queries.results import results_of
from tests.people import make_staff

pytestmark = pytest.mark.django_db


def seed(**options: int) -> str:
    said = io.StringIO()
    options = {"threads": 12, "posts_per_thread": 4, "reports": 10, "members": 15, "polls": 3, "seed": 3, **options}
    call_command("seed", stdout=said, **options)
    return said.getvalue()


def what_there_is() -> list:
    return [
        list(Post.objects.order_by("pk").values_list("number", "kind", "body", "author__username", "created_at")),
        list(Thread.objects.order_by("pk").values_list("title", "board__slug", "kind")),
        list(Observation.objects.order_by("pk").values_list("model_name", "software_version", "attempts", "outcome")),
        list(ObservedCondition.objects.order_by("pk").values_list("value__slug", flat=True)),
    ]


def test_the_numbers_asked_for_are_there():
    said = seed()
    assert Thread.objects.filter(kind="talk").count() == 12
    assert Report.objects.count() == Thread.objects.filter(kind="report").count() == 10
    assert Member.objects.filter(username__startswith="seed3_").count() == 15
    assert all(part in said for part in ("12 of 12 threads", "10 of 10 reports", "3 of 3 polls"))


def test_counters_say_what_the_posts_say():
    seed()
    for thread in Thread.objects.annotate(
        n=Count("posts"), highest=Max("posts__number"), last=Max("posts__created_at")
    ):
        assert (thread.last_number, thread.reply_count, thread.last_post_at) == (
            thread.highest,
            thread.n - 1,
            thread.last,
        )
        assert thread.n == thread.highest and (thread.kind == "report" or thread.n == 4)
        newest = thread.posts.order_by("number").last()
        assert thread.last_post_by_id == newest.author_id
        assert thread.posts.get(number=1).kind == PostKind.OPENING
        assert thread.created_at == thread.posts.get(number=1).created_at


def test_reports_have_observations_conditions_answers_and_stages():
    seed()
    for report in Report.objects.select_related("observation", "thread"):
        seen = report.observation
        assert seen.conditions.count() >= 2 and seen.attempts and seen.failures <= seen.attempts
        assert seen.outcome == ("failed" if seen.failures == seen.attempts else "mixed" if seen.failures else "worked")
        answers = report.corroborations.count()
        assert report.thread.reply_count == answers
        assert set(Stage.objects.filter(report=report).values_list("stage", flat=True)) == ({1, 2} if answers else {1})
    assert set(Corroboration.objects.values_list("stance", flat=True)) <= {Stance.SAME, Stance.DIFFERENT}
    assert not Corroboration.objects.filter(author=None).exists()


def test_every_member_answered_every_poll_once():
    seed(threads=0, reports=0)
    researcher = make_staff("researcher", role="researcher")
    tasks = Task.objects.order_by("pk").select_related("survey", "audience")
    assert [task.state for task in tasks] == [TaskState.OPEN, TaskState.CLOSED, TaskState.REPORTED]
    member = Member.objects.get(username="seed3_0")
    for task in tasks:
        assert task.audience.size == task.invitations.count() == task.participations.count() == 15
        (found,) = results_of(task.survey, researcher)
        assert found.base == found.answered == 15
        assert own_response(task.survey, member).answers
    assert list(Task.objects.running()) == [tasks[0]]
    assert list(Task.objects.late()) == [tasks[1]]
    told = tasks[2].report.figures
    assert told["respondents"] == told["questions"][0]["base"] == 15


def test_no_polls_where_none_are_wished():
    seed(threads=0, reports=0, polls=0)
    assert not Task.objects.exists() and not Participation.objects.exists()


def test_members_are_verified_have_consented_and_cannot_sign_in():
    seed(threads=0, reports=0)
    for member in Member.objects.filter(username__startswith="seed3_"):
        assert can_write(member) is True
        assert not member.has_usable_password()
        assert Vehicle.objects.get(owner=member).installed_versions.count() == 1


def test_html_is_what_the_text_gives():
    seed()
    assert all(post.html == render(post.body) for post in Post.objects.all())


def test_everything_is_found_and_every_page_opens():
    seed()
    kinds = dict(SearchDocument.objects.values_list("kind").annotate(n=Count("pk")).order_by())
    assert kinds == {"thread": 22, "report": 10, "post": 36}
    for path in (
        "/",
        "/boards/parking/",
        "/search/?q=泊车",
        *(f"/t/{pk}/" for pk in Thread.objects.values_list("pk", flat=True)[:6]),
    ):
        assert Client().get(path).status_code == 200, path


def test_replies_may_stay_out_of_search():
    seed(unsearched_replies=True)
    assert not SearchDocument.objects.filter(kind="post").exists()


def test_the_same_seed_gives_the_same_community_and_another_seed_another():
    seed()
    first = what_there_is()
    Report.objects.all().delete()
    Thread.objects.all().delete()
    Observation.objects.all().delete()
    Member.objects.filter(username__startswith="seed").delete()
    seed()
    assert what_there_is() == first
    seed(seed=4)
    assert what_there_is() != first


def test_a_seed_is_sown_once_and_no_fact_is_told_of_it():
    seed(threads=1, reports=1)
    told = Fact.objects.exclude(name__startswith="search.").count()
    with pytest.raises(CommandError, match="here already"):
        seed()
    assert told == 0
