"""What was kept of a day is hidden with a reason, asked to be taken down, taken down: by whom, and who hears of it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from tasks import kinds
from tasks.actions.memories import edit_memory, remove_memory, tell_memory
from tasks.actions.taking_down import MOST_WAITING, ask_to_take_down, hide_memory, keep_memory, show_memory
from tasks.models import Event, Memory, TakingDown
from tests.at_once import at_once
from tests.tasks.initiatives import koc, member
from tests.tasks.test_event_pictures import picture
from tests.tasks.test_memories import begun_event, heard, kept
from tests.tasks.test_pages import client_of
from tests.tasks.test_reviews import staff

pytestmark = pytest.mark.django_db


def test_an_organiser_hides_it_with_a_reason_that_its_author_reads(run_deliveries):
    event = begun_event("lin", "he")
    told = kept(event, uploads=[shown := picture(member("lin"))])
    for who in (member("he"), member("lin"), staff("approver")):
        with pytest.raises(Forbidden):
            hide_memory(by=who, memory=told, reason="不好看")
    with pytest.raises(Invalid):
        hide_memory(by=koc(), memory=told, reason=" ")
    hide_memory(by=koc(), memory=told, reason="认得出路人的车牌")
    run_deliveries()
    assert heard(kinds.MEMORY_HIDDEN) == ["lin"]
    page = client_of(member("lin")).get(told.get_absolute_url()).content.decode()
    assert "认得出路人的车牌" in page
    for who in (None, member("he")):
        assert client_of(who).get(told.get_absolute_url()).status_code == 404
        assert client_of(who).get(shown.url).status_code == 404
    with pytest.raises(Conflict):
        edit_memory(by=member("lin"), memory=told, words="改了", uploads=[shown])
    with pytest.raises(Forbidden):
        show_memory(by=staff("operator"), memory=told)
    assert show_memory(by=koc(), memory=told).reason == ""
    assert client_of().get(shown.url).status_code == 200


def test_moderation_hides_what_may_stand_nowhere_and_nobody_else_shows_it_again(run_deliveries):
    event, operator = begun_event("lin"), staff("operator")
    told = kept(event, uploads=[shown := picture(member("lin"))])
    before = Event.objects.values().get(pk=event.pk)
    hide_memory(by=operator, memory=told, reason="违法内容")
    assert Event.objects.values().get(pk=event.pk) == before
    fact = Fact.objects.get(name="tasks.MemoryHidden")
    assert (fact.by, fact.payload["state"], fact.payload["reason"]) == (operator, "moderated", "违法内容")
    run_deliveries()
    assert heard(kinds.MEMORY_HIDDEN) == ["lin"]
    assert client_of(koc()).get(shown.url).status_code == 404
    assert client_of(koc()).get(told.get_absolute_url()).status_code == 404
    with pytest.raises(Forbidden):
        show_memory(by=koc(), memory=told)
    with pytest.raises(Conflict):
        hide_memory(by=koc(), memory=told, reason="我也藏")
    with pytest.raises(Conflict):
        remove_memory(by=member("lin"), memory=told)
    assert show_memory(by=operator, memory=told).state == "shown"


def test_moderation_takes_over_what_an_organiser_hid():
    told = kept(begun_event("lin"))
    hide_memory(by=koc(), memory=told, reason="跑题")
    assert hide_memory(by=staff("operator"), memory=told, reason="违法内容").state == "moderated"
    with pytest.raises(IntegrityError), transaction.atomic():
        Memory.objects.update(reason="")


def test_what_the_organisers_hid_is_hidden_by_them_again_when_moderation_lets_it_be(run_deliveries):
    told, operator = kept(begun_event("lin")), staff("operator")
    hide_memory(by=koc(), memory=told, reason="跑题")
    hide_memory(by=operator, memory=told, reason="违法内容")
    answer = client_of(operator).post(told.get_absolute_url(), {"do": "show", "revision": 1}, follow=True)
    assert "主办方之前已经隐藏" in answer.content.decode()
    told.refresh_from_db()
    assert (told.state, told.reason, told.organisers_reason) == ("hidden", "跑题", "")
    run_deliveries()
    assert heard(kinds.MEMORY_HIDDEN) == ["lin"] and not heard(kinds.MEMORY_SHOWN)
    assert client_of().get(told.get_absolute_url()).status_code == 404
    with pytest.raises(Forbidden):
        show_memory(by=operator, memory=told)
    assert show_memory(by=koc(), memory=told).state == "shown"
    with pytest.raises(IntegrityError), transaction.atomic():
        Memory.objects.update(organisers_reason="跑题")


def test_who_had_it_taken_down_hears_that_it_is_back_and_asks_again(run_deliveries):
    told, he, operator = kept(begun_event("lin")), member("he"), staff("operator")
    wish = ask_to_take_down(by=he, memory=told, words="里面有我")
    hide_memory(by=koc(), memory=told, reason="认得出人")
    run_deliveries()
    assert "已经撤下" in client_of(he).get("/me/notifications/").content.decode()
    show_memory(by=koc(), memory=told)
    run_deliveries()
    inbox = client_of(he).get("/me/notifications/").content.decode()
    assert "已经撤下" not in inbox and "又可以看到了" in inbox
    wish.refresh_from_db()
    assert (wish.granted, wish.answer, wish.answered_by, wish.answered_at) == (None, "", None, None)
    assert heard(kinds.MEMORY_ASKED) == ["operator"]
    assert "你已请求撤下" in client_of(he).get(told.get_absolute_url()).content.decode()
    assert keep_memory(by=operator, memory=told, words="已经打码") == 1
    run_deliveries()
    assert not heard(kinds.MEMORY_BACK) and heard(kinds.TAKING_DOWN_ANSWERED) == ["he"]


def test_shown_again_before_anybody_was_told_that_it_is_down_nobody_is(run_deliveries):
    told, he = kept(begun_event("lin")), member("he")
    ask_to_take_down(by=he, memory=told, words="里面有我")
    hide_memory(by=koc(), memory=told, reason="认得出人")
    show_memory(by=koc(), memory=told)
    run_deliveries()
    assert not heard(kinds.TAKING_DOWN_ANSWERED) and heard(kinds.MEMORY_BACK) == ["he"]


def test_who_tells_again_what_was_hidden_has_the_organisers_look(run_deliveries):
    event, lin = begun_event("lin", "he"), member("lin")
    shown = picture(lin)
    told, other = kept(event, uploads=[shown]), kept(event, words="午饭很好。")
    run_deliveries()
    assert not heard(kinds.MEMORY_AGAIN)
    hide_memory(by=koc(), memory=told, reason="认得出人")
    edit_memory(by=lin, memory=other, words="午饭很好，别的不说了。", uploads=())
    run_deliveries()
    assert heard(kinds.MEMORY_AGAIN) == ["zhou"]
    remove_memory(by=lin, memory=other)
    remove_memory(by=lin, memory=told)
    run_deliveries()
    assert not heard(kinds.MEMORY_AGAIN)
    again = kept(event, uploads=[shown])
    kept(event, "he")
    run_deliveries()
    assert heard(kinds.MEMORY_AGAIN) == ["zhou"]
    hide_memory(by=koc(), memory=again, reason="还是认得出人")
    run_deliveries()
    assert not heard(kinds.MEMORY_AGAIN)


def test_what_was_shown_again_is_no_reason_to_look(run_deliveries):
    event = begun_event("lin")
    told = kept(event)
    hide_memory(by=koc(), memory=told, reason="认得出人")
    show_memory(by=koc(), memory=told)
    kept(event)
    run_deliveries()
    assert not heard(kinds.MEMORY_AGAIN)


def test_at_one_event_five_wishes_of_one_person_wait_at_most():
    event, he = begun_event("lin"), member("he")
    several = [kept(event) for _ in range(MOST_WAITING + 1)]
    for one in several[:-1]:
        ask_to_take_down(by=he, memory=one, words="请撤下")
    answer = client_of(he).post(several[-1].get_absolute_url(), {"do": "ask", "wish": "这张也请撤下"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "5 个撤下请求" in page and "这张也请撤下" in page
    ask_to_take_down(by=member("ma"), memory=several[-1], words="请撤下")
    keep_memory(by=koc(), memory=several[0], words="看不清脸")
    ask_to_take_down(by=he, memory=several[-1], words="请撤下")


def test_who_is_in_a_picture_asks_and_hears_the_answer(run_deliveries):
    event, he, operator = begun_event("lin"), member("he"), staff("operator")
    told = kept(event)
    wish = ask_to_take_down(by=he, memory=told, words="第一张里有我的孩子")
    assert ask_to_take_down(by=he, memory=told, words="再说一次") == wish
    with pytest.raises(Forbidden):
        ask_to_take_down(by=told.author, memory=told, words="我自己的")
    run_deliveries()
    assert heard(kinds.MEMORY_ASKED) == ["operator", "zhou"]
    assert not TakingDown.objects.visible_to(told.author).exists()
    for who in (told.author, he):
        with pytest.raises(Forbidden):
            keep_memory(by=who, memory=told, words="留着")
    assert keep_memory(by=koc(), memory=told, words="看不清脸") == 1
    with pytest.raises(Conflict):
        keep_memory(by=operator, memory=told, words="留着")
    run_deliveries()
    inbox = client_of(he).get("/me/notifications/").content.decode()
    assert heard(kinds.TAKING_DOWN_ANSWERED) == ["he"] and "看不清脸" in inbox
    assert not heard(kinds.MEMORY_ASKED)
    ask_to_take_down(by=he, memory=told, words="看得清")
    hide_memory(by=operator, memory=told, reason="未成年人")
    run_deliveries()
    assert "已经撤下" in client_of(he).get("/me/notifications/").content.decode()
    with pytest.raises(Conflict):
        ask_to_take_down(by=he, memory=told, words="再来")


def test_nobody_asks_without_end():
    told, he = kept(begun_event("lin")), member("he")
    for _time in range(3):
        ask_to_take_down(by=he, memory=told, words="请撤下")
        keep_memory(by=koc(), memory=told, words="看不清脸")
    with pytest.raises(Conflict):
        ask_to_take_down(by=he, memory=told, words="请撤下")


def test_a_leader_is_no_judge_of_the_own_picture():
    event, operator = begun_event("lin"), staff("operator")
    own = tell_memory(by=koc(), event=event, words="我拍的")
    ask_to_take_down(by=member("lin"), memory=own, words="里面有我")
    with pytest.raises(Forbidden):
        keep_memory(by=koc(), memory=own, words="留着")
    assert keep_memory(by=operator, memory=own, words="看不清脸") == 1


def test_what_its_author_takes_down_is_gone_and_who_asked_hears_of_it(run_deliveries):
    event = begun_event("lin")
    told = kept(event, uploads=[shown := picture(member("lin"))])
    ask_to_take_down(by=member("he"), memory=told, words="里面有我")
    run_deliveries()
    remove_memory(by=told.author, memory=told)
    shown.refresh_from_db()
    assert shown.number is None
    assert (Memory.objects.get().words, TakingDown.objects.get().granted) == ("", True)
    for who in (koc(), member("lin"), staff("operator")):
        assert client_of(who).get(told.get_absolute_url()).status_code == 404
    run_deliveries()
    assert heard(kinds.TAKING_DOWN_ANSWERED) == ["he"] and not heard(kinds.MEMORY_ASKED)
    with pytest.raises(Conflict):
        remove_memory(by=told.author, memory=told)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_wish_is_answered_once_and_what_was_taken_down_is_not_hidden_too():
    event = begun_event("lin")
    told, he, leads, operator = kept(event), member("he"), koc(), staff("operator")
    asked = at_once(*(lambda: ask_to_take_down(by=he, memory=told, words="里面有我") for _ in range(3)))
    assert len({one.pk for one in asked}) == 1
    ends = at_once(
        lambda: remove_memory(by=told.author, memory=told),
        lambda: hide_memory(by=leads, memory=told, reason="里面有别人"),
        lambda: keep_memory(by=operator, memory=told, words="看不清脸"),
    )
    assert not [one for one in ends if isinstance(one, Exception) and not isinstance(one, Conflict)]
    assert Memory.objects.get().state == "removed"
    assert Fact.objects.filter(name="tasks.MemoryAnswered").count() == 1
