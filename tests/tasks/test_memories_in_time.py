"""What is kept of a day while it is changed, hidden, called off or sent twice at the same time: nothing is lost, nobody is misled."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Invalid
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.models import Board
from kocforum.members.actions import ban
from tasks.actions.events import cancel_event, postpone_event
from tasks.actions.initiative_reports import report
from tasks.actions.memories import edit_memory, remove_memory, tell_memory
from tasks.actions.taking_down import ask_to_take_down, hide_memory
from tasks.models import Event, Memory, TakingDown
from tests.people import make_board
from tests.tasks.initiatives import comes, koc, member, opened_event
from tests.tasks.test_event_pictures import picture
from tests.tasks.test_initiative_reports import STORY, held_event
from tests.tasks.test_memories import begun_event, kept
from tests.tasks.test_pages import client_of
from tests.tasks.test_reviews import endorsed, staff
from tests.tasks.test_survey_api import api
from tests.uploads.made import given, photo

pytestmark = pytest.mark.django_db
NUMBER = "0b5c1e6e-0000-4000-8000-000000000226"


def shown_revision(page: str) -> list[str]:
    return re.findall(r'name="revision" value="(\d+)"', page)


def hidden_thread(event: Event, who: str = "lin"):
    """A memory with a thread of its author that stands where they may not go any more."""
    own = open_thread(by=member(who), board=make_board("inside"), title="车队内部的事", body="走了一百公里。")
    told = kept(event, who, thread=own)
    Board.objects.filter(pk=own.board_id).update(visibility="staff")
    return told, own


def month_later(told: Memory) -> None:
    ago = timezone.now() - timedelta(days=40)
    Event.objects.filter(pk=told.event_id).update(starts_at=ago, ends_at=ago + timedelta(hours=1), state="held")
    told.refresh_from_db()


# --- whose form it is


def test_nobody_but_its_author_gets_the_form_and_reads_the_name_of_a_thread_in_it():
    told, _own = hidden_thread(begun_event("lin"))
    for who in (member("he"), koc()):
        answer = client_of(who).post(told.get_absolute_url(), {"do": "edit", "words": "x"})
        page = answer.content.decode()
        assert answer.status_code == 422 and "车队内部的事" not in page and 'value="edit"' not in page
    assert Memory.objects.get().revision == 1


def test_a_thread_that_its_author_may_not_open_any_more_is_not_named_and_stays_attached():
    told, own = hidden_thread(begun_event("lin"))
    author, path = client_of(told.author), told.get_absolute_url()
    assert "车队内部的事" not in author.get(path).content.decode()
    assert author.post(path, {"do": "edit", "words": "改了", "revision": 1}).status_code == 302
    assert (Memory.objects.get().thread, Memory.objects.get().words) == (own, "改了")


# --- what was typed


def test_signed_out_in_the_middle_of_an_edit_the_version_it_was_written_from_and_the_thread_stay():
    event, lin = begun_event("lin"), member("lin")
    own = open_thread(by=lin, board=make_board(), title="皖南一日", body="走了一百公里。")
    told = kept(event)
    window, path = client_of(), told.get_absolute_url()
    window.post(path, {"do": "edit", "words": "窗口甲的话", "revision": 1, "thread": own.pk})
    window.post(f"/events/{event.pk}/memories/", {"words": "写到一半", "thread": own.pk})
    edit_memory(by=lin, memory=told, words="窗口乙保存了", uploads=())
    window.force_login(lin)
    page = window.get(path).content.decode()
    assert "窗口甲的话" in page and shown_revision(page) == ["1"] and f'value="{own.pk}" selected' in page
    assert f'value="{own.pk}" selected' in window.get(f"/events/{event.pk}/memories/").content.decode()
    assert window.post(path, {"do": "edit", "words": "窗口甲的话", "revision": 1}).status_code == 422
    assert Memory.objects.get().words == "窗口乙保存了"


def test_shown_what_stands_there_now_one_may_save_over_it():
    told = kept(begun_event("lin"))
    author, path = client_of(told.author), told.get_absolute_url()
    edit_memory(by=told.author, memory=told, words="窗口乙保存了", uploads=())
    answer = author.post(path, {"do": "edit", "words": " ", "revision": 1})
    assert answer.status_code == 422 and shown_revision(answer.content.decode()) == ["1"]
    answer = author.post(path, {"do": "edit", "words": "窗口甲的话", "revision": 1})
    page = answer.content.decode()
    assert answer.status_code == 422 and "窗口乙保存了" in page and "窗口甲的话" in page
    assert shown_revision(page) == ["2"]
    assert author.post(path, {"do": "edit", "words": "窗口甲的话", "revision": 2}).status_code == 302
    assert Memory.objects.get().words == "窗口甲的话"


def test_who_writes_about_what_is_gone_meanwhile_is_told_and_keeps_the_words():
    event, he = begun_event("lin"), client_of(member("he"))
    told = kept(event)
    path, day = told.get_absolute_url(), f"/events/{event.pk}/memories/"
    hide_memory(by=koc(), memory=told, reason="认得出路人")
    answer = he.post(path, {"do": "ask", "wish": "第一张里有我"}, follow=True)
    assert answer.redirect_chain == [(day, 302)] and "别人已经看不到它了" in answer.content.decode()
    assert he.post(f"{day}999/", {"do": "ask", "wish": "第一张里有我"}).status_code == 302
    assert he.get(path).status_code == 404
    remove_memory(by=told.author, memory=told)
    answer = client_of(told.author).post(path, {"do": "edit", "words": "写了很久", "revision": 1}, follow=True)
    page = answer.content.decode()
    assert "别人已经看不到它了" in page and "写了很久" in page


def test_a_form_that_is_sent_twice_says_what_became_of_it():
    event, lin = begun_event("lin"), client_of(member("lin"))
    path = f"/events/{event.pk}/memories/"
    lin.post(path, {"words": "一", "op_id": NUMBER})
    assert "只留下一份" in lin.post(path, {"words": "一", "op_id": NUMBER}, follow=True).content.decode()
    for _before in ("while it stands", "after it is gone"):
        answer = lin.post(path, {"words": "另一段话", "op_id": NUMBER})
        page = answer.content.decode()
        assert answer.status_code == 422 and "另一段话" in page and "这次什么也没有添上" in page and NUMBER not in page
        Memory.objects.filter(state="shown").update(state="removed", words="", html="")
    [fresh] = re.findall(r'name="op_id" value="([^"]+)"', page)
    assert lin.post(path, {"words": "另一段话", "op_id": fresh}).status_code == 302
    assert Memory.objects.shown().get().words == "另一段话"


def test_a_second_wish_says_that_the_first_waits_or_was_answered():
    told = kept(begun_event("lin"))
    he, path = client_of(member("he")), told.get_absolute_url()
    he.post(path, {"do": "ask", "wish": "第一张里有我", "op_id": NUMBER})
    again = he.post(path, {"do": "ask", "wish": "第二张里也有"}, follow=True).content.decode()
    assert "还在等答复" in again
    TakingDown.objects.update(granted=False, answer="看不清脸", answered_at=timezone.now())
    again = he.post(path, {"do": "ask", "wish": "第一张里有我", "op_id": NUMBER}, follow=True).content.decode()
    assert "已经答复过" in again


# --- the day itself


def test_what_was_kept_before_it_was_called_off_can_be_found_and_nothing_is_added():
    event = begun_event("lin")
    kept(event, uploads=[shown := picture(member("lin"))])
    cancel_event(by=koc(), event=event, reason="暴雨")
    day = f"/events/{event.pk}/memories/"
    for who in (None, member("lin"), koc()):
        page = client_of(who).get(event.get_absolute_url()).content.decode()
        assert day in page and shown.thumbnail_url in page and "添上我的" not in page
    page = client_of(member("lin")).get(day).content.decode()
    assert "雨停在午饭之前" in page and "活动取消了" in page
    with pytest.raises(Conflict):
        kept(event)


def test_an_event_that_never_began_and_was_called_off_leads_to_no_day():
    event, later = opened_event(capacity=5), opened_event(capacity=5)
    cancel_event(by=koc(), event=event, reason="暴雨")
    postpone_event(by=koc(), event=later, reason="暴雨")
    for one, words in ((event, "活动取消了"), (later, "活动延期了")):
        assert "/memories/" not in client_of().get(one.get_absolute_url()).content.decode()
        page = client_of(member("lin")).get(f"/events/{one.pk}/memories/").content.decode()
        assert words in page


def test_the_report_leads_to_the_day_of_an_event_that_was_called_off_while_it_ran():
    made = endorsed().initiative
    held_event("lin", initiative=made)
    event = begun_event("lin", initiative=made)
    kept(event)
    cancel_event(by=koc(), event=event, reason="暴雨")
    report(by=made.proposer, initiative=made, story=STORY)
    assert f"/events/{event.pk}/memories/" in client_of().get(f"/initiatives/{made.pk}/report/").content.decode()


def test_what_is_kept_in_the_minute_before_the_clock_begins_it_begins_it():
    event = opened_event(capacity=5)
    comes(event, "lin")
    now = timezone.now()
    Event.objects.filter(pk=event.pk).update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=5))
    event.refresh_from_db()
    assert 'name="new_uploads"' in client_of(member("lin")).get(f"/events/{event.pk}/memories/").content.decode()
    kept(event)
    assert Event.objects.get(pk=event.pk).state == "running"
    with pytest.raises(Conflict):
        postpone_event(by=koc(), event=event, reason="雨")


def test_a_month_later_words_change_and_pictures_go_but_none_are_added():
    lin = member("lin")
    told = kept(begun_event("lin"), uploads=[first := picture(lin), second := picture(lin)])
    month_later(told)
    author, path = client_of(lin), told.get_absolute_url()
    page = author.get(path).content.decode()
    assert "过去一个多月了" in page and 'name="new_uploads"' not in page
    sent = {"do": "edit", "words": "改了", "uploads": [first.pk, second.pk], "revision": 1}
    answer = author.post(path, {**sent, "new_uploads": given(photo())})
    assert answer.status_code == 422 and "过去一个多月了" in answer.content.decode()
    with pytest.raises(Invalid):
        edit_memory(by=lin, memory=told, words="改了", uploads=[first, picture(lin)])
    assert api(lin).patch(f"/api/v1{path}", {"uploads": [picture(lin).pk]}, format="json").status_code == 400
    assert author.post(path, {**sent, "drop": second.pk}).status_code == 302
    second.refresh_from_db()
    assert (Memory.objects.get().words, second.number) == ("改了", None)


# --- who decides about what they read


def test_nobody_decides_about_what_its_author_changed_after_they_read_it():
    told = kept(begun_event("lin"))
    path, leads, operator = told.get_absolute_url(), client_of(koc()), staff("operator")
    ask_to_take_down(by=member("he"), memory=told, words="里面有我")
    page = leads.get(path).content.decode()
    assert shown_revision(page) == ["1", "1"]
    edit_memory(by=told.author, memory=told, words="完全是另一回事", uploads=())
    for sent in (
        {"do": "hide", "reason": "跑题"},
        {"do": "keep", "answer": "看不清脸"},
        {"do": "hide", "reason": "跑题"},
    ):
        answer = leads.post(path, {**sent, "revision": 1})
        page = answer.content.decode()
        assert answer.status_code == 422 and "完全是另一回事" in page and shown_revision(page) == ["2", "2"]
        assert "跑题" in page or "看不清脸" in page
    calls = api(koc())
    for verb in ("hide", "keep"):
        answer = calls.post(f"/api/v1{path}{verb}/", {"words": "跑题", "revision": 1}, format="json")
        assert answer.status_code == 409
        assert calls.post(f"/api/v1{path}{verb}/", {"words": "跑题"}, format="json").status_code == 400
    Memory.objects.update(state="held")
    assert client_of(operator).post(path, {"do": "show", "revision": 1}).status_code == 422
    assert api(operator).post(f"/api/v1{path}show/", {"revision": 1}, format="json").status_code == 409
    assert client_of(operator).post(path, {"do": "show", "revision": 2}).status_code == 302
    assert Memory.objects.get().state == "shown" and TakingDown.objects.waiting().exists()


def test_the_form_to_hide_says_who_reads_the_reason():
    page = client_of(koc()).get(kept(begun_event("lin")).get_absolute_url()).content.decode()
    assert "作者、负责照看的人和请求撤下的人会看到" in page


def test_an_author_who_leads_it_reads_nothing_of_a_wish_against_their_own():
    event = begun_event("lin")
    own = tell_memory(by=koc(), event=event, words="我拍的")
    ask_to_take_down(by=member("lin"), memory=own, words="里面有我的孩子")
    kept(event)
    for path in (own.get_absolute_url(), f"/events/{event.pk}/memories/"):
        page = client_of(koc()).get(path).content.decode()
        assert "你已请求撤下" not in page and "里面有我的孩子" not in page and "有人请求撤下" not in page
    assert not TakingDown.objects.visible_to(koc()).exists()
    page = client_of(staff("operator")).get(f"/events/{event.pk}/memories/").content.decode()
    assert "有人请求撤下" in page


def test_only_the_own_wish_is_shown_as_the_own():
    told = kept(begun_event("lin"))
    ask_to_take_down(by=member("he"), memory=told, words="里面有我")
    ban(by=staff("operator"), member=koc(), reason="广告")
    page = client_of(koc()).get(told.get_absolute_url()).content.decode()
    assert "你已请求撤下" not in page and "里面有我" not in page
    assert "你已请求撤下" in client_of(member("he")).get(told.get_absolute_url()).content.decode()
