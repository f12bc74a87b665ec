"""Stories that stay, and what a call leaves behind."""

from __future__ import annotations

import pytest

from kocforum.errors import Conflict, Forbidden
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.entries import set_rights, withdraw_entry
from tasks.actions.leading import say_what_changed, sum_up
from tasks.actions.manuscripts import Rights
from tasks.actions.stories import keep_entry, let_go_of_entry
from tasks.models import Call
from tests.people import make_member, make_staff
from tests.tasks.calls import TITLE, again, given, open_call
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_opinions import TEXTS, mapped
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db


def test_a_kept_entry_is_among_the_stories_and_its_writer_hears_of_it(client, run_deliveries):
    entry = given(open_call(), "laotang", quote_public=True)
    assert TITLE not in client.get("/stories/").content.decode()
    desk = client_of(make_researcher("second"))
    desk.post(f"{entry.get_absolute_url()}judge/", {"do": "keep"})
    run_deliveries()
    assert TITLE in client.get("/stories/").content.decode()
    assert "/stories/" in client.get(entry.get_absolute_url()).content.decode()
    assert Notification.objects.get(kind=kinds.ENTRY_KEPT).member_id == entry.author_id
    desk.post(f"{entry.get_absolute_url()}judge/", {"do": "let_go"})
    assert TITLE not in client.get("/stories/").content.decode()


def test_without_consent_nothing_is_kept():
    entry, researcher = given(open_call(), "laotang"), make_researcher("second")
    with pytest.raises(Conflict):
        keep_entry(by=researcher, entry=entry)
    with pytest.raises(Forbidden):
        keep_entry(by=make_staff("operator"), entry=entry)


def test_what_is_sealed_or_confidential_is_not_kept():
    researcher = make_researcher("second")
    sealed = given(open_call(invitees=("zhou", "he")), "zhou", quote_public=True)
    with pytest.raises(Conflict):
        keep_entry(by=researcher, entry=sealed)
    hidden = given(
        open_call(by=researcher, invitees=("lin",), sealed=False, confidential=True), "lin", quote_public=True
    )
    with pytest.raises(Conflict):
        keep_entry(by=researcher, entry=hidden)


def test_a_consent_that_is_taken_back_takes_the_story_along(client):
    entry, researcher = given(open_call(), "laotang", quote_public=True), make_researcher("second")
    keep_entry(by=researcher, entry=entry)
    set_rights(by=entry.author, entry=again(entry), rights=Rights(quote_public=False))
    assert TITLE not in client.get("/stories/").content.decode()
    set_rights(by=entry.author, entry=again(entry), rights=Rights(quote_public=True))
    assert TITLE in client.get("/stories/").content.decode()
    withdraw_entry(by=entry.author, entry=again(entry))
    assert TITLE not in client.get("/stories/").content.decode()


def test_keeping_twice_is_a_conflict():
    entry, researcher = given(open_call(), "laotang", quote_public=True), make_researcher("second")
    keep_entry(by=researcher, entry=entry)
    with pytest.raises(Conflict):
        keep_entry(by=researcher, entry=again(entry))
    let_go_of_entry(by=researcher, entry=again(entry))
    with pytest.raises(Conflict):
        let_go_of_entry(by=researcher, entry=again(entry))


def test_the_stories_cost_as_many_queries_however_many_there_are(client):
    call, researcher = open_call(), make_researcher("second")
    for number in range(2):
        keep_entry(by=researcher, entry=given(call, f"m{number}", quote_public=True))
    client.get("/stories/")
    few = cost(client, "/stories/")
    for number in range(2, 9):
        keep_entry(by=researcher, entry=given(call, f"m{number}", quote_public=True))
    assert cost(client, "/stories/") == few == 3


def digest_on_the_page(client, call: Call) -> str:
    return client.get(f"/tasks/{call.task_id}/").content.decode().partition('class="card digest"')[2]


def test_a_call_that_is_over_says_what_it_left_behind(client):
    call = mapped()
    entry = again(call.entries.get())
    sum_up(by=entry.author, entry=entry, text="大家要的不是更大，是卡得住。")
    assert not digest_on_the_page(client, call)
    moved(call.task, "closed")
    shown = digest_on_the_page(client, call)
    assert "大家要的不是更大，是卡得住。" in shown and all(text in shown for text in TEXTS[-2:])
    assert not any(text in shown for text in TEXTS[:6])


def test_a_change_of_mind_stands_in_what_was_left_behind(client):
    call = open_call()
    entry = given(call, "laotang")
    Call.objects.filter(pk=call.pk).update(round="converging")
    say_what_changed(by=entry.author, entry=again(entry), text="我以前觉得是标线，现在不确定了。")
    moved(call.task, "closed")
    assert "我以前觉得是标线，现在不确定了。" in digest_on_the_page(client, call)


def test_a_call_to_which_nobody_wrote_leaves_nothing_to_say(client):
    call = open_call()
    make_member("he")
    moved(call.task, "closed")
    assert not digest_on_the_page(client, call)
