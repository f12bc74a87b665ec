"""The talk under an entry: typed answers, cars that count once, who leads, what staff may (L10, L11, L12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.models import ContentRule
from kocforum.garage.queries import in_garage
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.call_rounds import next_round, reveal
from tasks.actions.entries import withdraw_entry
from tasks.actions.leading import ask_question, close_question, pin_reply, say_what_changed, sum_up
from tasks.actions.replies import edit_reply, moderate_reply, remove_reply
from tasks.models import Entry, Reply
from tasks.queries.talk import replies_of, talk_of
from tests.at_once import at_once
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff
from tests.tasks.calls import again, call_of, given, open_call, replied
from tests.tasks.stories import make_researcher, moved

pytestmark = pytest.mark.django_db


def test_an_answer_says_how_it_stands_and_its_writers_are_told(run_deliveries):
    entry = given(open_call(), "lin")
    for kind in ("adds", "differs", "asks"):
        replied(entry, make_member(f"by-{kind}"), kind)
    with pytest.raises(Invalid):
        replied(entry, make_member("he"), "likes")
    with pytest.raises(Invalid):
        replied(entry, make_member("wu"), "adds", body="  ")
    assert again(entry).reply_count == 3
    run_deliveries()
    assert Notification.objects.get(kind=kinds.ENTRY_ANSWERED, member__username="lin").count == 3


def test_l12_each_car_confirms_once_with_its_model_and_version():
    make_catalogue()
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    car, second = make_car(zhou), make_car(zhou, version="4.3.0")
    with pytest.raises(Invalid):
        replied(entry, zhou, "confirms")
    with pytest.raises(Invalid):
        replied(entry, make_member("he"), "confirms", vehicle=car)
    first = replied(entry, zhou, "confirms", body="", vehicle=car)
    assert (first.model, first.software, first.entry_version) == ("远山 S7", "4.2.1", 1)
    with pytest.raises(Conflict):
        replied(entry, zhou, "confirms", body="再说一次", vehicle=car)
    replied(entry, zhou, "confirms", vehicle=second)
    assert again(entry).car_count == 2
    remove_reply(by=zhou, reply=first)
    assert again(entry).car_count == 1
    replied(entry, zhou, "confirms", vehicle=car)
    assert again(entry).car_count == 2


def test_cars_are_counted_by_model_and_version_on_both_sides():
    make_catalogue()
    entry = given(open_call(), "lin")
    for name, kind in (("he", "confirms"), ("wu", "confirms"), ("zhou", "differs"), ("ma", "adds")):
        member = make_member(name)
        replied(entry, member, kind, vehicle=make_car(member).pk)
    again_differs = Member.objects.get(username="zhou")
    replied(entry, again_differs, "differs", vehicle=in_garage(again_differs).get().pk)
    (row,) = talk_of(entry, again_differs).cars
    assert (row["software"], row["confirms"], row["differs"]) == ("4.2.1", 2, 1)
    moderate_reply(
        by=make_staff("operator"), reply=Reply.objects.filter(kind="confirms").first(), hide=True, reason="广告"
    )
    assert talk_of(entry, again_differs).cars[0]["confirms"] == 1


def test_nobody_confirms_or_contradicts_the_own_text():
    entry = given(open_call(), "lin")
    lin = Member.objects.get(username="lin")
    with pytest.raises(Conflict):
        replied(entry, lin, "differs")
    assert replied(entry, lin, "adds").pk


def test_nobody_answers_before_the_reveal_but_staff_may_ask_in_private():
    call = open_call(invitees=("lin", "zhou"), staff_reads=True)
    entry, researcher = given(call, "lin"), make_researcher()
    with pytest.raises(Conflict):
        replied(entry, researcher, "asks")
    with pytest.raises(Forbidden):
        replied(entry, Member.objects.get(username="zhou"), "asks")
    probe = replied(entry, researcher, "asks", private=True)
    reveal(by=researcher, call=call_of(call.task))
    he = make_member("he")
    assert probe not in Reply.objects.visible_to(he) and again(entry).reply_count == 0
    assert probe in Reply.objects.visible_to(Member.objects.get(username="lin"))
    with pytest.raises(Forbidden):
        replied(entry, he, "asks", private=True)


def test_l10_the_host_sees_how_unevenly_words_are_shared():
    entry = given(open_call(), "lin")
    replied(entry, make_member("zhou"), body="字" * 90)
    replied(entry, make_member("he"), body="字" * 10)
    shares = talk_of(entry, entry.author).shares
    assert shares.members == 2 and shares.gini == pytest.approx(0.4) and shares.staff == 0


def test_l11_the_share_of_staff_is_shown_and_private_words_do_not_count():
    entry, researcher = given(open_call(), "lin"), make_researcher()
    replied(entry, researcher, body="字" * 30)
    replied(entry, researcher, body="字" * 500, private=True)
    replied(entry, make_member("zhou"), body="字" * 70)
    shares = talk_of(entry, researcher).shares
    assert shares.staff == pytest.approx(0.3) and shares.members == 1


def test_ten_minutes_leave_no_trace_and_later_edits_do():
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    reply = replied(entry, zhou)
    edit_reply(by=zhou, reply=reply, body="改了错字", revision=1)
    assert reply.edited_at is None and not reply.revisions.exists()
    Reply.objects.update(at=timezone.now() - timedelta(minutes=11))
    reply.refresh_from_db()
    edit_reply(by=zhou, reply=reply, body="换了说法", revision=2)
    assert reply.edited_at and [row.body for row in reply.revisions.all()] == ["改了错字"]
    with pytest.raises(Conflict):
        edit_reply(by=zhou, reply=reply, body="旧窗口", revision=2)
    with pytest.raises(Forbidden):
        edit_reply(by=make_member("he"), reply=reply, body="别人的")


def test_moderators_hide_with_a_reason_and_the_writer_is_told(run_deliveries):
    ContentRule.objects.create(phrase="加微信", verdict="review")
    entry, zhou, operator = given(open_call(), "lin"), make_member("zhou"), make_staff("operator")
    waits = replied(entry, zhou, body="加微信聊")
    assert waits.state == "pending" and again(entry).reply_count == 0
    moderate_reply(by=operator, reply=waits, hide=False)
    assert again(entry).reply_count == 1
    with pytest.raises(Invalid):
        moderate_reply(by=operator, reply=waits, hide=True)
    moderate_reply(by=operator, reply=waits, hide=True, reason="广告")
    with pytest.raises(Forbidden):
        moderate_reply(by=zhou, reply=waits, hide=False)
    run_deliveries()
    assert again(entry).reply_count == 0
    assert Notification.objects.filter(kind=kinds.REPLY_HIDDEN, member=zhou).exists()


def test_the_writer_leads_pins_asks_closes_and_sums_up(run_deliveries):
    koc, zhou = make_koc("koc"), make_member("zhou")
    entry = given(open_call(), koc)
    first, second = replied(entry, zhou), replied(entry, make_member("he"))
    pin_reply(by=koc, entry=entry, reply=first)
    pin_reply(by=koc, entry=entry, reply=second)
    assert list(Reply.objects.filter(pinned=True)) == [second]
    question = ask_question(by=koc, entry=entry, text="雨天也这样吗？")
    about = replied(entry, zhou, sub_question=question)
    assert about.sub_question == question
    close_question(by=koc, question=question, answer="雨天更慢，晴天没有。")
    with pytest.raises(Invalid):
        replied(entry, zhou, sub_question=question)
    with pytest.raises(Conflict):
        close_question(by=koc, question=question, answer="再关一次")
    assert sum_up(by=koc, entry=entry, text="三台车都慢。").summary == "三台车都慢。"
    with pytest.raises(Forbidden):
        sum_up(by=zhou, entry=entry, text="我来总结")
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.ENTRY_ASKS, member=zhou).exists()


def test_in_the_last_round_writers_say_what_changed():
    call, lin = open_call(), make_member("lin")
    entry = given(call, lin)
    with pytest.raises(Conflict):
        say_what_changed(by=lin, entry=entry, text="还没到")
    for expected in ("writing", "discussing"):
        next_round(by=make_researcher(), call=call_of(call.task), expected=expected)
    assert say_what_changed(by=lin, entry=again(entry), text="我原来以为是雷达。").change_of_mind


def test_what_is_over_takes_no_answers():
    call = open_call()
    entry = given(call, "lin")
    moved(call.task, "closed")
    with pytest.raises(Conflict):
        replied(entry, make_member("he"))


def test_a_withdrawn_entry_takes_its_answers_along():
    entry, he = given(open_call(), "lin"), make_member("he")
    replied(entry, he)
    withdraw_entry(by=Member.objects.get(username="lin"), entry=entry)
    assert not replies_of(entry, he) and not Entry.objects.visible_to(he)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_l12_one_car_confirms_once_from_two_windows():
    make_catalogue()
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    car = make_car(zhou)
    results = at_once(*[lambda: replied(entry, zhou, "confirms", vehicle=car) for _n in range(5)])
    assert sum(isinstance(one, Reply) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 4
    assert again(entry).car_count == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_answers_at_once_are_all_counted():
    entry = given(open_call(), "lin")
    people = [make_member(f"m{n}") for n in range(8)]
    at_once(*[lambda one=one: replied(entry, one) for one in people])
    assert again(entry).reply_count == 8 == Reply.objects.count()
