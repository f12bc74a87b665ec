"""What a page costs the database: a stated number, the same for one row and for fifty; and kept pages that are nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kocforum.forum.actions.moderation import hide_post, restore_post
from kocforum.forum.actions.posts import edit_post, write_post
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.models import Post, Thread
from kocforum.notifications.actions import notify
from tests.forum.stories import answered, told
from tests.people import make_board, make_car, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db


@dataclass
class Town:
    """A place that grows: one of everything, then fifty."""

    def __post_init__(self) -> None:
        self.lin, self.zhou = make_member("lin"), make_koc("zhou")
        self.researcher = make_staff("researcher", role="researcher")
        self.owners = [make_member(f"owner{number}") for number in range(6)]
        self.cars = {owner.pk: make_car(owner) for owner in [self.lin, *self.owners]}
        self.report = told(self.lin, vehicle=self.cars[self.lin.pk])
        self.talk = self.opened(0)
        self.opened(1)
        self.topic = open_topic(by=self.zhou, title="雨夜泊车中止", function="auto-parking", claim="雨夜里容易中止")
        link_report(by=self.zhou, topic=self.topic, report=self.report)
        self.written = 0
        self.fill(self.talk, 1)
        self.fill(self.report.thread, 1)
        answered(self.owners[0], self.report, vehicle=self.cars[self.owners[0].pk])
        self.news(1)

    def opened(self, number: int) -> Thread:
        return open_thread(by=self.lin, board=make_board(), title=f"雨天泊车 {number}", body=f"第{number}个话题")

    def fill(self, thread: Thread, posts: int) -> None:
        for _each in range(posts):
            self.written += 1
            author = self.owners[self.written % len(self.owners)]
            before = thread.posts.order_by("number").first()
            write_post(by=author, thread=Thread.objects.get(pk=thread.pk), body=f"第{self.written}句", reply_to=before)

    def news(self, number: int) -> None:
        for each in range(number):
            notify(
                member=self.lin,
                kind="reply",
                object_id=Post.objects.order_by("-pk")[each % 3].pk,
                params={"thread": self.talk.pk, "number": 1, "by": self.owners[0].pk},
                fact_id=1000 + each,
            )

    def grow(self) -> None:
        """Fifty threads, half of them reports in one topic; twenty posts in each of the two that are read."""
        for number in range(2, 26):
            self.opened(number)
            report = told(self.owners[number % 6], vehicle=self.cars[self.owners[number % 6].pk], title=f"第{number}次")
            link_report(by=self.zhou, topic=self.topic, report=report)
        for number in range(10):
            open_topic(by=self.zhou, title=f"另一件事 {number}", function="auto-parking", claim="还有一件类似的事")
        for owner in self.owners[1:]:
            answered(owner, self.report, vehicle=self.cars[owner.pk])
        for thread in (self.talk, self.report.thread):
            self.fill(thread, 20 - Thread.objects.get(pk=thread.pk).last_number)
        self.news(20)


@pytest.fixture
def town(db) -> Town:
    return Town()


def client_of(member=None) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    if member:
        client.force_login(member)
    return client


def cost(client: Client, path: str, *, warm: bool) -> int:
    cache.clear()
    if warm:
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


# Address: at most (visitor cold, visitor warm, member cold, member warm). Two of a member's are the session and the person.
STATED = {
    "/": (17, 1, 22, 18),
    "/boards/": (1, 1, 3, 3),
    "/boards/driving/": (10, 1, 12, 12),
    "/t/{talk}/": (5, 1, 8, 5),
    "/t/{report}/": (25, 1, 28, 5),
    "/topics/": (7, 7, 11, 11),
    "/topics/{topic}/": (21, 1, 23, 3),
    "/u/lin/": (13, 13, 15, 15),
    "/search/?q=雨天泊车": (6, 5, 8, 7),
    "/river/": (4, 0, 6, 2),
}
STATED_SIGNED_IN = {"/me/": 15, "/me/notifications/": 7, "/me/garage/": 4, "/reports/new/": 13}
STATED_STAFF = {"/desk/": 8, "/desk/tickets/": 4, "/desk/people/": 5, "/desk/releases/": 3}


def measured(town: Town) -> dict[str, tuple[int, ...]]:
    names = {"talk": town.talk.pk, "report": town.report.thread_id, "topic": town.topic.pk}
    he = town.owners[0]
    found: dict[str, tuple[int, ...]] = {}
    for path in STATED:
        address = path.format(**names)
        found[path] = tuple(
            cost(client_of(member), address, warm=warm) for member in (None, he) for warm in (False, True)
        )
    for path in STATED_SIGNED_IN:
        found[path] = (cost(client_of(town.lin), path, warm=True),)
    for path in STATED_STAFF:
        found[path] = (cost(client_of(town.researcher), path, warm=True),)
    return found


def stated() -> dict[str, tuple[int, ...]]:
    alone = {path: (number,) for path, number in {**STATED_SIGNED_IN, **STATED_STAFF}.items()}
    return {**STATED, **alone}


def test_every_page_costs_what_is_stated_whatever_grows(town):
    few = measured(town)
    town.grow()
    many = measured(town)
    said = "\n".join(f"    {path!r}: {many[path]},  # {few[path]}" for path in many)
    more = [path for path in many if any(now > before for now, before in zip(many[path], few[path], strict=True))]
    assert not more, f"these grow with their rows: {more}\n{said}"
    over = [path for path, limit in stated().items() if any(n > m for n, m in zip(many[path], limit, strict=True))]
    assert not over, f"these cost more than stated: {over}\n{said}"


def test_a_thread_of_twenty_posts_costs_a_member_eight_and_a_visitor_three(town):
    town.grow()
    for thread in (town.talk, town.report.thread):
        path = f"/t/{thread.pk}/"
        assert Thread.objects.get(pk=thread.pk).last_number == 20
        assert cost(client_of(town.owners[0]), path, warm=True) <= 8
        assert cost(client_of(), path, warm=True) <= 3


def read(path: str, member=None) -> str:
    return client_of(member).get(path).content.decode()


@pytest.mark.parametrize("kind", ["talk", "report"])
def test_a_kept_page_is_never_stale(town, kind):
    thread = town.talk if kind == "talk" else town.report.thread
    path = f"/t/{thread.pk}/"
    post = write_post(by=town.owners[0], thread=Thread.objects.get(pk=thread.pk), body="先这样说")
    assert "先这样说" in read(path)
    edit_post(by=town.owners[0], post=post, body="后来改了", revision=post.revision)
    assert "后来改了" in read(path) and "先这样说" not in read(path)
    operator = make_staff("operator")
    hide_post(by=operator, post=Post.objects.get(pk=post.pk), reason="试试")
    assert "后来改了" not in read(path) and "后来改了" not in read(path, town.lin)
    restore_post(by=operator, post=Post.objects.get(pk=post.pk), reason="放回")
    assert "后来改了" in read(path)
    write_post(by=town.owners[1], thread=Thread.objects.get(pk=thread.pk), body="又来一句")
    assert "又来一句" in read(path) and "又来一句" in read(path, town.lin)


def test_a_kept_list_is_never_stale(town):
    path = "/boards/driving/"
    board, he = town.talk.board, town.owners[0]
    assert "刚开的话题" not in read(path)
    thread = open_thread(by=he, board=board, title="刚开的话题", body="说两句看看")
    assert "刚开的话题" in read(path)
    write_post(by=town.owners[1], thread=thread, body="第一个回")
    assert ">1</b>" in read(path).split("刚开的话题")[1].split("</article>")[0]
    operator = make_staff("operator")
    hide_post(by=operator, post=thread.posts.get(number=1), reason="试试")
    assert "刚开的话题" not in read(path) and client_of().get(f"/t/{thread.pk}/").status_code == 404


def test_a_visitors_page_that_is_kept_answers_with_the_same_headers(town):
    path = f"/t/{town.talk.pk}/"
    first, second = client_of().get(path), client_of().get(path)
    assert first.content == second.content and "Content-Security-Policy" in second
    assert {name: sorted(value.split("; ")) for name, value in first.items()} == {
        name: sorted(value.split("; ")) for name, value in second.items()
    }


def test_a_visitor_who_has_a_forms_token_leaves_no_page_behind(town):
    path = f"/t/{town.talk.pk}/"
    someone = client_of()
    someone.cookies["csrftoken"] = "a" * 32
    someone.get(path)
    with CaptureQueriesContext(connection) as queries:
        client_of().get(path)
    assert len(queries) > 1


@pytest.mark.parametrize("path", ["/", "/t/{talk}/", "/t/{report}/", "/topics/{topic}/", "/boards/driving/", "/river/"])
def test_a_kept_page_is_never_another_persons(town, path):
    path = path.format(talk=town.talk.pk, report=town.report.thread_id, topic=town.topic.pk)
    he = town.owners[0]
    his = read(path, he)
    assert he.username in his and "/accounts/login/" not in his.split("<main")[0]
    for reader, page in {"visitor": read(path), "lin": read(path, town.lin)}.items():
        assert f"@{he.username}" not in page.split("<main")[0], reader
    anonymous = client_of().get(path)
    assert "sessionid" not in anonymous.cookies and "csrfmiddlewaretoken" not in anonymous.content.decode()
    english = Client(HTTP_ACCEPT_LANGUAGE="en").get(path).content.decode()
    assert 'lang="en"' in english and 'lang="zh-Hans"' in read(path)


def test_a_message_to_a_visitor_stays_theirs(town):
    """A form that came back with words, or a notice, is never kept for the next visitor."""
    path = f"/t/{town.talk.pk}/"
    someone = client_of()
    someone.post(f"{path}reply/", {"body": "没登录就写了一大段"})
    someone.get(path)
    assert "没登录就写了一大段" not in read(path)
