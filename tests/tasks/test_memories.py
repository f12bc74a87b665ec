"""What those who were there keep of the day of an event: who, until when, how much, with which thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.models import ContentRule
from kocforum.forum.queries.moderation import forget_rules
from kocforum.members.actions import ban, close_account
from kocforum.notifications.models import Notification
from kocforum.uploads.models import Upload
from tasks import kinds
from tasks.actions.crews import choose_crew
from tasks.actions.memories import MOST_EACH, MOST_PICTURES, edit_memory, remove_memory, tell_memory
from tasks.actions.passing import begin_due
from tasks.actions.taking_down import hide_memory, show_memory
from tasks.models import Event, Memory
from tasks.queries.download import what_i_did_with_owners
from tests.at_once import at_once
from tests.people import make_board
from tests.tasks.initiatives import agreed, comes, koc, member, opened_event, planned_event, stays_away
from tests.tasks.test_event_pictures import picture
from tests.tasks.test_gate import draft, scanned
from tests.tasks.test_initiative_reports import held_event, is_over
from tests.tasks.test_pages import client_of
from tests.tasks.test_reviews import staff

pytestmark = pytest.mark.django_db


def begun_event(*names: str, **values: Any) -> Event:
    event = opened_event(capacity=60, **values)
    for name in names:
        comes(event, name)
    now = timezone.now()
    Event.objects.filter(pk=event.pk).update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=5))
    begin_due()
    event.refresh_from_db()
    return event


def kept(event: Event, who: str = "lin", words: str = "雨停在午饭之前。", **values: Any) -> Memory:
    return tell_memory(by=member(who), event=event, words=words, **values)


def heard(kind: str) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("member__username", flat=True))


# --- who, and until when


def test_who_was_there_keeps_something_of_the_day_from_its_beginning_on():
    event = begun_event("lin")
    shown = picture(member("lin"))
    told = kept(event, uploads=[shown])
    shown.refresh_from_db()
    assert (told.state, shown.attached_to, shown.number) == ("shown", "memory", told.pk)
    assert kept(event, words="", uploads=[picture(member("lin"))]).words == ""


def test_where_nobody_kept_the_gate_whoever_still_had_a_place_was_there_and_else_whom_it_saw():
    event = opened_event(capacity=9)
    here, _away = comes(event, "lin"), comes(event, "he")
    comes(event, "gone")
    stays_away(event, "gone")
    is_over(event)
    kept(event, "lin")
    kept(event, "he")
    with pytest.raises(Forbidden):
        kept(event, "gone")
    scanned(event, draft(here))
    kept(event, "lin")
    with pytest.raises(Forbidden):
        kept(event, "he")


def test_the_crew_and_who_leads_were_there_and_no_colleague_or_stranger_was():
    event = begun_event("lin")
    scanned(event, draft(event.rsvps.get()))
    helper = member("ma")
    choose_crew(by=koc(), event=event, username="ma", role="gate")
    for who in (koc(), helper, agreed(event.initiative)):
        event.refresh_from_db()
        assert tell_memory(by=who, event=Event.objects.get(pk=event.pk), words="大家都到了。").author == who
    for who in (member("stranger"), staff("admin"), staff("operator")):
        with pytest.raises(Forbidden):
            tell_memory(by=who, event=event, words="我也在")


def test_nothing_is_kept_before_it_begins_nor_a_month_after_its_end_nor_of_what_was_called_off():
    event = opened_event(capacity=5)
    comes(event, "lin")
    with pytest.raises(Conflict):
        kept(event)
    is_over(event)
    long_ago = timezone.now() - timedelta(days=32)
    Event.objects.filter(pk=event.pk).update(starts_at=long_ago, ends_at=timezone.now() - timedelta(days=29, hours=23))
    told = kept(event)
    Event.objects.filter(pk=event.pk).update(ends_at=timezone.now() - timedelta(days=30, minutes=1))
    with pytest.raises(Conflict):
        kept(event)
    assert edit_memory(by=told.author, memory=told, words="雨停了。", uploads=()).words == "雨停了。"
    Event.objects.filter(pk=event.pk).update(state="cancelled", ends_at=timezone.now())
    with pytest.raises(Conflict):
        kept(event)


def test_who_is_banned_writes_nothing_and_may_still_take_down():
    event = begun_event("lin")
    told = kept(event)
    ban(by=staff("operator"), member=told.author, reason="广告")
    banned = type(told.author).objects.get(pk=told.author_id)
    with pytest.raises(Forbidden):
        tell_memory(by=banned, event=event, words="又来")
    with pytest.raises(Forbidden):
        edit_memory(by=banned, memory=told, words="又来", uploads=())
    assert remove_memory(by=banned, memory=told).state == "removed"


# --- how much, and what


def test_words_or_a_picture_and_no_more_than_nine_of_them():
    event, lin = begun_event("lin"), member("lin")
    for nothing in ("", "  \n ", "\u200b"):
        with pytest.raises(Invalid):
            kept(event, words=nothing)
    ten = [picture(lin) for _ in range(MOST_PICTURES + 1)]
    with pytest.raises(Invalid) as refused:
        kept(event, uploads=ten)
    assert list(refused.value.fields) == ["uploads"]
    told = kept(event, uploads=ten[:MOST_PICTURES])
    with pytest.raises(Invalid):
        edit_memory(by=lin, memory=told, words="", uploads=ten)
    with pytest.raises(Invalid):
        edit_memory(by=lin, memory=told, words="", uploads=())
    with pytest.raises(Invalid):
        kept(event, uploads=[picture(member("he"))])
    edited = edit_memory(by=lin, memory=told, words="", uploads=ten[1:3])
    assert list(Upload.objects.filter(attached_to="memory", number=edited.pk)) == ten[1:3]
    with pytest.raises(Invalid):
        kept(event, words="长" * 4001)


def test_each_has_so_many_and_what_was_taken_down_counts_no_more():
    event = begun_event("lin", "he")
    mine = [kept(event, words=f"第 {number} 段") for number in range(MOST_EACH)]
    with pytest.raises(Conflict):
        kept(event)
    kept(event, "he")
    hide_memory(by=koc(), memory=mine[1], reason="认得出路人")
    with pytest.raises(Conflict):
        kept(event)
    remove_memory(by=member("lin"), memory=mine[0])
    assert kept(event).state == "shown"


def test_the_same_op_id_keeps_it_once():
    event, number = begun_event("lin"), "0b5c1e6e-0000-4000-8000-000000000026"
    assert kept(event, op_id=number) == kept(event, op_id=number)
    assert Memory.objects.count() == 1


def test_words_that_are_not_allowed_are_refused_and_doubtful_ones_wait_for_a_look(run_deliveries):
    ContentRule.objects.create(phrase="加微信", verdict="review")
    ContentRule.objects.create(phrase="坏词", verdict="refuse")
    forget_rules()
    event, operator = begun_event("lin"), staff("operator")
    with pytest.raises(Invalid):
        kept(event, words="坏词")
    waits = kept(event, words="加微信看全部照片")
    assert waits.state == "held"
    seers = {
        who.username
        for who in (koc(), member("lin"), member("he"), operator)
        if waits in Memory.objects.visible_to(who)
    }
    assert seers == {"lin", "operator"}
    run_deliveries()
    assert heard(kinds.MEMORY_HELD) == ["operator"]
    with pytest.raises(Forbidden):
        show_memory(by=koc(), memory=waits)
    assert show_memory(by=operator, memory=waits).state == "shown"
    run_deliveries()
    assert heard(kinds.MEMORY_SHOWN) == ["lin"] and not heard(kinds.MEMORY_HELD)
    assert edit_memory(by=member("lin"), memory=waits, words="加微信", uploads=()).state == "held"


def test_of_two_windows_the_second_is_told_that_it_was_changed():
    told = kept(begun_event("lin"))
    edit_memory(by=told.author, memory=told, words="雨停了。", uploads=(), revision=1)
    with pytest.raises(Conflict):
        edit_memory(by=told.author, memory=told, words="雨没停。", uploads=(), revision=1)
    with pytest.raises(Forbidden):
        edit_memory(by=koc(), memory=told, words="组织者改的", uploads=())
    assert Memory.objects.get().words == "雨停了。"


# --- a thread of one's own


def test_a_thread_of_ones_own_is_shown_to_who_may_open_it():
    event, lin = begun_event("lin"), member("lin")
    own = open_thread(by=lin, board=make_board(), title="皖南一日", body="走了一百公里。")
    others = open_thread(by=koc(), board=make_board(), title="别人的", body="走了一百公里。")
    club = open_thread(
        by=lin, board=make_board("inside", visibility="members"), title="只给成员", body="走了一百公里。"
    )
    with pytest.raises(Invalid):
        kept(event, thread=others)
    with pytest.raises(Invalid):
        kept(event, words="", thread=own)
    told, shut = kept(event, thread=own), kept(event, thread=club)
    path = f"/events/{event.pk}/memories/"
    page = client_of().get(path).content.decode()
    assert own.get_absolute_url() in page and "皖南一日" in page and "只给成员" not in page
    assert "只给成员" in client_of(member("he")).get(path).content.decode()
    type(own).objects.filter(pk=own.pk).update(state="hidden")
    assert "皖南一日" not in client_of().get(path).content.decode()
    assert edit_memory(by=lin, memory=told, words="还在", uploads=(), thread=own).thread == own
    assert edit_memory(by=lin, memory=shut, words="还在", uploads=(), thread=None).thread is None


# --- gone


def test_the_own_ones_are_in_the_download_and_stay_under_a_former_member(run_deliveries):
    event = held_event("lin")
    kept(event)
    _name, rows = what_i_did_with_owners(member("lin"))
    assert [row["words"] for row in rows if row.get("kept_of") == event.title] == ["雨停在午饭之前。"]
    close_account(by=member("lin"))
    run_deliveries()
    page = client_of().get(f"/events/{event.pk}/memories/").content.decode()
    assert "雨停在午饭之前。" in page and ">Lin<" not in page


def test_of_an_event_that_is_not_known_nothing_is_known():
    event = planned_event()
    told = Memory.objects.create(event=event, author=koc(), words="还没有的事")
    assert not Memory.objects.visible_to(member("lin")).exists()
    assert not Memory.objects.visible_to(client_of().get("/").wsgi_request.user).exists()
    assert list(Memory.objects.visible_to(koc())) == [told]


# --- two at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_last_place_one_is_kept():
    event = begun_event("lin")
    for number in range(MOST_EACH - 1):
        kept(event, words=f"第 {number} 段")
    lin = member("lin")
    ends = at_once(*(lambda n=n: tell_memory(by=lin, event=event, words=f"最后 {n}") for n in range(3)))
    assert sorted(type(one).__name__ for one in ends) == ["Conflict", "Conflict", "Memory"]
    assert Memory.objects.standing().count() == MOST_EACH


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_windows_that_add_pictures_never_come_to_more_than_nine():
    event, lin = begun_event("lin"), member("lin")
    first = [picture(lin) for _ in range(5)]
    told = kept(event, uploads=first)
    more = [[picture(lin) for _ in range(4)] for _ in range(2)]
    ends = at_once(
        *(
            lambda some=some: edit_memory(by=lin, memory=told, words="", uploads=[*first, *some], revision=1)
            for some in more
        )
    )
    assert sorted(type(one).__name__ for one in ends) == ["Conflict", "Memory"]
    assert Upload.objects.filter(attached_to="memory", number=told.pk).count() == MOST_PICTURES
