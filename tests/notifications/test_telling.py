"""Members are told once, together, and by the ways that they want."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kocforum.forum.models import Board
from kocforum.members.actions import close_account
from kocforum.members.models import Member
from kocforum.notifications.actions import mark_read, notify, notify_all, set_preference, withdraw, withdraw_facts
from kocforum.notifications.handlers import send
from kocforum.notifications.models import Notification, Preference, Sending, Telling
from kocforum.notifications.queries import news_of, unread_count
from tests.people import make_member

pytestmark = pytest.mark.django_db


def tell(member, board, fact_id=1, **params):
    return notify(member=member, kind="test", object_id=board.pk, params=params, fact_id=fact_id)


def test_the_same_fact_twice_is_one_notification(board, of_boards):
    of_boards()
    lin = make_member()
    assert tell(lin, board) and tell(lin, board) is None
    assert Notification.objects.get().count == 1 and unread_count(lin) == 1


def test_more_of_the_same_is_counted_while_it_is_unread(board, of_boards):
    of_boards()
    lin = make_member()
    for fact_id in (1, 2, 3):
        tell(lin, board, fact_id)
    assert [item.sentence for item in news_of(Notification.objects.all(), lin)] == ["? × 3"]
    mark_read(by=lin)
    tell(lin, board, 4)
    assert sorted(Notification.objects.values_list("count", flat=True)) == [1, 3] and unread_count(lin) == 1


def test_news_that_are_counted_together_lead_to_the_newest_or_to_the_first(board, of_boards):
    of_boards()
    of_boards(slug="first", shows_first=True)
    lin = make_member()
    for fact_id in (1, 2):
        for kind in ("test", "first"):
            notify(member=lin, kind=kind, object_id=board.pk, params={"post": fact_id}, fact_id=fact_id)
    assert {row.kind: row.params["post"] for row in Notification.objects.all()} == {"test": 2, "first": 1}


def test_who_may_not_see_the_thing_hears_nothing_of_it(board, of_boards):
    of_boards()
    Board.objects.update(visibility="staff")
    assert tell(make_member(), board) is None
    assert Notification.objects.count() == 0 and Telling.objects.count() == 0


def test_news_disappear_with_the_right_to_see_the_thing(board, of_boards, client):
    of_boards()
    lin = make_member()
    row = tell(lin, board)
    Board.objects.update(visibility="staff")
    assert news_of([row], lin) == []
    client.force_login(lin)
    assert client.get(f"/me/notifications/{row.pk}/").headers["Location"] == "/me/notifications/"


def test_nobody_opens_the_news_of_another(board, of_boards, client):
    of_boards()
    row = tell(make_member(), board)
    client.force_login(make_member("he"))
    assert client.get(f"/me/notifications/{row.pk}/").status_code == 404
    assert Notification.objects.unread().count() == 1


def test_the_one_who_renames_is_named_rightly(board, of_boards):
    of_boards()
    lin, he = make_member(), make_member("he")
    row = tell(lin, board, by=he.pk)
    assert news_of([row], lin)[0].sentence == "He × 1"
    Member.objects.filter(pk=he.pk).update(display_name="何")
    assert news_of([row], lin)[0].sentence == "何 × 1"


def test_the_badge_counts_and_is_read_by_opening(board, of_boards, client):
    of_boards()
    lin = make_member()
    row = tell(lin, board)
    client.force_login(lin)
    assert '<i class="badge num">1</i>' in client.get("/me/notifications/badge/").content.decode()
    assert client.get(f"/me/notifications/{row.pk}/").headers["Location"] == "/boards/driving/"
    assert "badge" not in client.get("/me/notifications/badge/").content.decode()


def test_the_inbox_costs_the_same_for_one_and_for_twenty(board, of_boards, client):
    of_boards()
    lin, he = make_member(), make_member("he")
    client.force_login(lin)
    tell(lin, board, by=he.pk)
    client.get("/me/notifications/")
    with CaptureQueriesContext(connection) as few:
        client.get("/me/notifications/")
    for number in range(19):
        other = Board.objects.create(slug=f"b{number}", name="板")
        tell(lin, other, number + 10, by=he.pk)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/me/notifications/")
    assert page.content.decode().count("<article") == 20
    assert len(many) == len(few)


def test_a_thousand_members_are_told_in_a_handful_of_queries(board, of_boards):
    of_boards()
    members = Member.objects.bulk_create(Member(username=f"owner-{number}") for number in range(1000))
    numbers = [member.pk for member in members]
    with CaptureQueriesContext(connection) as asked:
        raised = notify_all(members=numbers, kind="test", object_id=board.pk, params={}, fact_id=1)
    assert len(raised) == 1000 and Notification.objects.count() == 1000
    assert len(asked) < 60
    assert notify_all(members=numbers, kind="test", object_id=board.pk, params={}, fact_id=1) == []


def test_who_switched_a_kind_off_hears_nothing(board, of_boards):
    of_boards()
    lin, he = make_member(), make_member("he")
    set_preference(by=lin, kind="test", channel="inbox", wanted=False)
    raised = notify_all(members=[lin.pk, he.pk], kind="test", object_id=board.pk, params={}, fact_id=1)
    assert [row.member_id for row in raised] == [he.pk]


def test_a_letter_goes_out_once_in_a_job(board, of_boards, run_deliveries):
    of_boards(channels=("inbox", "email"))
    lin = make_member(email="lin@example.cn", email_verified_at=timezone.now())
    row = tell(lin, board)
    assert mail.outbox == []
    run_deliveries()
    assert [letter.to for letter in mail.outbox] == [["lin@example.cn"]]
    assert "/boards/driving/" in mail.outbox[0].body
    send.func(Sending.objects.get(notification=row).pk)
    assert len(mail.outbox) == 1 and Sending.objects.get().sent_at


def test_no_letter_when_it_was_read_first(board, of_boards, run_deliveries):
    of_boards(channels=("inbox", "email"))
    lin = make_member(email="lin@example.cn", email_verified_at=timezone.now())
    mark_read(by=lin, notification=tell(lin, board))
    run_deliveries()
    assert mail.outbox == []


def test_several_at_once_are_one_letter(board, of_boards, run_deliveries):
    of_boards(channels=("inbox", "email"))
    lin = make_member(email="lin@example.cn", email_verified_at=timezone.now())
    for fact_id in (1, 2, 3):
        tell(lin, board, fact_id)
    run_deliveries()
    assert [letter.subject for letter in mail.outbox] == ["? × 3"]


def test_no_letter_to_an_address_that_is_not_proved(board, of_boards, run_deliveries):
    of_boards(channels=("inbox", "email"))
    tell(make_member(email="lin@example.cn"), board)
    run_deliveries()
    assert mail.outbox == []


def test_a_letter_that_failed_is_tried_again(board, of_boards, run_deliveries, monkeypatch):
    from django_tasks_db.models import DBTaskResult

    of_boards(channels=("inbox", "email"))
    tell(make_member(email="lin@example.cn", email_verified_at=timezone.now()), board)

    def broken(*args, **kwargs):
        raise OSError("the post office is closed")

    monkeypatch.setattr("kocforum.notifications.channels.send_mail", broken)
    run_deliveries()
    again = DBTaskResult.objects.get(finished_at=None)
    assert again.run_after > timezone.now() and again.args_kwargs["args"][1] == 2
    monkeypatch.undo()
    of_boards(channels=("inbox", "email"))
    DBTaskResult.objects.filter(pk=again.pk).update(run_after=timezone.now())
    run_deliveries()
    assert len(mail.outbox) == 1


def test_the_choice_of_channels_is_kept_and_a_grey_box_chooses_nothing(board, of_boards, client):
    of_boards(channels=("inbox", "email"))
    lin = make_member()
    client.force_login(lin)
    assert 'name="test:email"' in client.get("/me/notifications/settings/").content.decode()
    client.post("/me/notifications/settings/", {"test:inbox": "on"})
    assert not Preference.objects.filter(member=lin, channel="email").exists()
    client.post("/me/notifications/settings/", {})
    assert Preference.objects.get(member=lin, kind="test").wanted is False


def test_withdrawn_news_are_gone_while_unread_and_counted_down(board, of_boards):
    of_boards(shows_first=True)
    lin = make_member()
    for fact_id in (1, 2, 3):
        tell(lin, board, fact_id)
    assert withdraw_facts(facts=[2]) == 1 and withdraw_facts(facts=[2]) == 0
    assert Notification.objects.get().count == 2
    mark_read(by=lin)
    tell(lin, board, 4)
    assert withdraw_facts(facts=[1]) == 0 and unread_count(lin) == 1
    assert withdraw(kind="test", object_id=board.pk) == 1
    assert Notification.objects.count() == 1 and unread_count(lin) == 0


def test_a_closed_account_keeps_no_news(board, of_boards, run_deliveries):
    of_boards()
    lin = make_member()
    tell(lin, board)
    set_preference(by=lin, kind="test", channel="email", wanted=True)
    close_account(by=lin)
    run_deliveries()
    assert not Notification.objects.exists() and not Preference.objects.exists() and not Telling.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_tell_once_and_count_both_facts(of_boards):
    board = Board.objects.create(slug="driving", name="智能驾驶")
    of_boards()
    lin = make_member()
    start = threading.Barrier(6)

    def work(fact_id):
        start.wait()
        try:
            tell(lin, board, fact_id)
        except Exception:
            pass
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=work, args=(fact_id,)) for fact_id in (1, 1, 2, 2, 3, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Telling.objects.count() == 3
    assert Notification.objects.get().count == 3
