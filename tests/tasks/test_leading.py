"""What stands above the talk under an entry, who answers what was asked in private, and where an answer is found again."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.models import ContentRule
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.call_rounds import reveal
from tasks.actions.calls import clarify
from tasks.actions.leading import MOST_QUESTIONS, ask_question, close_question, pin_reply, sum_up, take_down
from tasks.actions.readers import count_reader
from tasks.actions.rights import ask_for_right
from tasks.models import Clarification, Entry, Quote, Reply, SubQuestion
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.calls import again, call_of, drafted_call, given, open_call, replied
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db


def told(member: Member, kind: str) -> Notification | None:
    return Notification.objects.filter(member=member, kind=kind).first()


def test_what_was_asked_in_private_is_answered_in_private_even_under_the_seal():
    call = open_call(invitees=("lin", "zhou"), staff_reads=True)
    entry, researcher = given(call, "lin"), make_researcher()
    lin, zhou = (Member.objects.get(username=name) for name in ("lin", "zhou"))
    probe = replied(entry, researcher, "asks", body="那天轮胎换过吗？", private=True)
    page = client_of(lin).get(f"{entry.get_absolute_url()}?to={probe.pk}").content.decode()
    assert 'id="answer"' in page and f"?to={probe.pk}#answer" in page
    sent = {"kind": "adds", "body": "换过，前一天。", "to": probe.pk}
    assert client_of(lin).post(f"{entry.get_absolute_url()}reply/", sent).status_code == 302
    answer = Reply.objects.get(author=lin)
    assert answer.private and again(entry).reply_count == 0
    reveal(by=researcher, call=call_of(call.task))
    assert answer in Reply.objects.visible_to(researcher) and answer not in Reply.objects.visible_to(zhou)
    with pytest.raises(Forbidden):
        replied(entry, zhou, to=probe)
    with pytest.raises(Forbidden):
        replied(entry, lin, private=True)


def test_an_answer_to_something_that_is_gone_says_so_and_keeps_the_words():
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    sent = {"kind": "adds", "body": "我的也是。", "to": "999"}
    page = client_of(zhou).post(f"{entry.get_absolute_url()}reply/", sent)
    assert page.status_code == 422 and "我的也是。" in page.content.decode()
    assert page.context["form"].non_field_errors()


def test_a_link_to_an_answer_leads_to_the_page_on_which_it_stands():
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    rows = [replied(entry, zhou, body=f"第{number}句") for number in range(52)]
    client, here = client_of(), entry.get_absolute_url()
    assert client.get(rows[51].get_absolute_url()).url == f"{here}?page=2#r{rows[51].pk}"
    assert client.get(rows[3].get_absolute_url()).url == f"{here}#r{rows[3].pk}"
    assert client.get(f"{here}?reply=99999").status_code == 200
    replied(entry, zhou, to=rows[0])
    page = client.get(f"{here}?page=2").content.decode()
    assert f'href="?reply={rows[0].pk}#r{rows[0].pk}"' in page


def test_links_of_a_refused_answer_lead_back_to_the_talk():
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    client, here = client_of(zhou), entry.get_absolute_url()
    assert client.post(f"{here}reply/", {"kind": "adds", "body": ""}).status_code == 422
    for below in ("reply/", "lead/", "judge/"):
        assert client.get(f"{here}{below}?kind=adds").url == f"{here}?kind=adds"


def test_what_is_refused_above_the_talk_stands_in_its_form_again():
    lin = make_member("lin")
    entry = given(open_call(), lin)
    client, here = client_of(lin), entry.get_absolute_url()
    question = ask_question(by=lin, entry=entry, text="雨天也这样吗？")
    for sent, words in (
        ({"do": "ask", "question": "咦"}, "咦"),
        ({"do": "sum_up", "summary": "长" * 2001}, "长" * 2001),
        ({"do": "close", "sub_question": question.pk, "answer": "嗯"}, "嗯"),
    ):
        page = client.post(f"{here}lead/", sent)
        assert page.status_code == 422 and words in page.content.decode(), sent
    assert SubQuestion.objects.count() == 1 and not again(entry).summary


def test_a_summary_outlives_a_session_that_ended():
    lin = make_member("lin")
    entry = given(open_call(), lin)
    client, here = client_of(lin), entry.get_absolute_url()
    client.logout()
    sent = client.post(f"{here}lead/", {"do": "sum_up", "summary": "三台车都慢，雨天更明显。"})
    assert sent.status_code == 302
    client.force_login(lin)
    back = client.get(f"{here}lead/")
    assert "三台车都慢，雨天更明显。" in client.get(back.url).content.decode()


def test_a_judgement_without_its_reason_says_so_on_the_page():
    entry, operator = given(open_call(), "lin"), make_staff("operator")
    page = client_of(operator).post(f"{entry.get_absolute_url()}judge/", {"do": "hide", "reason": ""})
    assert page.status_code == 422 and again(entry).is_given


def test_twelve_questions_may_be_open_and_closing_one_makes_room():
    lin = make_member("lin")
    entry = given(open_call(), lin)
    rows = [ask_question(by=lin, entry=entry, text=f"第{number}问？") for number in range(MOST_QUESTIONS)]
    with pytest.raises(Conflict):
        ask_question(by=lin, entry=entry, text="还有一问？")
    close_question(by=lin, question=rows[0], answer="清楚了。")
    assert ask_question(by=lin, entry=entry, text="还有一问？")


def test_a_question_and_a_clarification_that_are_sent_twice_stand_once():
    lin, researcher = make_member("lin"), make_researcher()
    entry = given(open_call(), lin)
    once, op_id = uuid.uuid4(), str(uuid.uuid4())
    assert ask_question(by=lin, entry=entry, text="雨天呢？", op_id=once) == ask_question(
        by=lin, entry=entry, text="雨天呢？", op_id=once
    )
    desk = client_of(researcher)
    for _time in range(2):
        sent = {"do": "clarify", "text": "说的是车机。", "op_id": op_id}
        assert desk.post(reverse("call_steer", args=[entry.call.task_id]), sent).status_code == 302
    assert Clarification.objects.count() == 1


def test_a_clarification_that_is_refused_is_still_in_its_form():
    call, desk = open_call(), client_of(make_researcher())
    page = desk.post(reverse("call_steer", args=[call.task_id]), {"do": "clarify", "text": "嗯"})
    assert page.status_code == 422 and ">嗯</textarea>" in page.content.decode()
    with pytest.raises(Invalid):
        clarify(by=make_researcher(), call=call_of(call.task), text="嗯")


def test_words_above_the_talk_that_deserve_a_look_are_told_to_moderators_who_take_them_down(run_deliveries):
    ContentRule.objects.create(phrase="加微信", verdict="review")
    lin, operator = make_member("lin"), make_staff("operator")
    entry = given(open_call(), lin)
    sum_up(by=lin, entry=entry, text="想进群的加微信。")
    run_deliveries()
    assert told(operator, kinds.TALK_HELD)
    client, here = client_of(operator), entry.get_absolute_url()
    assert client.post(f"{here}judge/", {"do": "take_down", "what": "summary"}).status_code == 422
    client.post(f"{here}judge/", {"do": "take_down", "what": "summary", "reason": "招揽进群"})
    run_deliveries()
    assert not again(entry).summary and not told(operator, kinds.TALK_HELD)
    assert "招揽进群" in client_of(lin).get("/me/notifications/").content.decode()
    question = ask_question(by=lin, entry=again(entry), text="谁来加微信？")
    with pytest.raises(Forbidden):
        take_down(by=lin, entry=entry, what="question", question=question, reason="我自己")
    client.post(f"{here}judge/", {"do": "take_down", "what": "question", "sub_question": question.pk, "reason": "同上"})
    assert not SubQuestion.objects.exists()
    with pytest.raises(Conflict):
        take_down(by=operator, entry=entry, what="summary", reason="再来一次")


def test_staff_see_what_may_be_done_with_an_entry_and_ask_its_author_once(run_deliveries):
    lin, researcher = make_member("lin"), make_researcher()
    entry = given(open_call(), lin)
    desk, here = client_of(researcher), entry.get_absolute_url()
    assert desk.get(here).context["rights"].rows[1].may_be_asked
    assert desk.post(f"{here}judge/", {"do": "ask_right", "right": "quote_public"}).status_code == 302
    assert desk.post(f"{here}judge/", {"do": "ask_right", "right": "quote_public"}).status_code == 422
    assert desk.post(f"{here}judge/", {"do": "ask_right", "right": "quote_inside"}).status_code == 422
    run_deliveries()
    assert told(lin, kinds.ENTRY_RIGHTS)
    assert client_of(lin).get(here).context["rights"].asked
    assert client_of(make_member("zhou")).get(here).context["rights"] is None
    client_of(lin).post(f"{here}rights/", {"quote_inside": "on", "quote_public": "on"})
    run_deliveries()
    seen = desk.get(here).context["rights"]
    assert not seen.asked and seen.rows[1].given and len(seen.log) == 2
    assert not told(lin, kinds.ENTRY_RIGHTS) and client_of(lin).post(
        f"{here}judge/", {"do": "ask_right", "right": "marketing"}
    ).status_code in {403, 422}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_ask_at_once_one_asks():
    entry, two = given(open_call(), "lin"), [make_researcher(), make_staff("second", role="researcher")]
    said = at_once(*(lambda by=by: ask_for_right(by=by, entry=again(entry), right="marketing") for by in two))
    assert sorted(isinstance(one, Conflict) for one in said) == [False, True]


def test_the_end_is_told_to_everybody_who_spoke_and_says_which_words_were_quoted(run_deliveries):
    lin, zhou, he = (make_member(name) for name in ("lin", "zhou", "he"))
    call = open_call()
    entry = given(call, lin, quote_inside=True)
    replied(entry, zhou)
    Quote.objects.create(
        entry=entry, version=1, start=0, end=4, exact="那天晚上", paraphrase="夜里泊车", by=make_researcher()
    )
    moved(call.task, "closed")
    run_deliveries()
    assert told(lin, kinds.CALL_ENDED) and told(zhou, kinds.CALL_ENDED) and not told(he, kinds.CALL_ENDED)
    path = f"/tasks/{call.task_id}/"
    assert [quote.words for quote in client_of(lin).get(path).context["digest"].quoted] == ["那天晚上"]
    assert "那天晚上" in client_of(lin).get(path).content.decode()
    assert not client_of(zhou).get(path).context["digest"].quoted


def test_times_of_a_reveal_without_sealing_are_refused():
    with pytest.raises(Invalid) as refused:
        drafted_call(reveal_at=timezone.now() + timedelta(days=1))
    assert "sealed" in refused.value.fields


def test_who_gave_still_reads_how_many_are_given_under_the_seal():
    call = open_call(invitees=("lin", "zhou", "he"))
    given(call, "lin"), given(call, "zhou")
    page = client_of(Member.objects.get(username="lin")).get(f"/tasks/{call.task_id}/")
    assert page.context["given"] == 2 and "已收到 2 篇" in page.content.decode()
    assert list(page.context["entries"]) == [Entry.objects.get(author__username="lin")]


def test_its_writers_read_how_many_read_it_to_the_end_each_once():
    lin, zhou = make_member("lin"), make_member("zhou")
    entry = given(open_call(), lin)
    here = entry.get_absolute_url()
    for client in (client_of(zhou), client_of(zhou), client_of(lin), client_of(make_researcher()), client_of()):
        assert client.post(f"{here}read/").status_code == 204
    assert again(entry).reader_count == 1
    assert "读到最后的车友" in client_of(lin).get(here).content.decode()
    assert "读到最后的车友" not in client_of(zhou).get(here).content.decode()
    assert f"{here}read/" in client_of(zhou).get(here).content.decode()
    assert f"{here}read/" not in client_of(lin).get(here).content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_readers_at_the_same_moment_are_all_counted():
    entry, people = given(open_call(), "lin"), [make_member(name) for name in ("zhou", "he", "wu", "ma")]
    at_once(*(lambda by=by: count_reader(by=by, entry=again(entry)) for by in [*people, *people]))
    assert again(entry).reader_count == 4


def test_l10_whoever_takes_most_of_the_room_is_asked_to_leave_some_and_may_write():
    entry, zhou = given(open_call(), "lin"), make_member("zhou")
    replied(entry, zhou, body="字" * 300)
    assert not client_of(zhou).get(entry.get_absolute_url()).context["leave_room"]
    for name in ("he", "wu"):
        replied(entry, make_member(name))
    page = client_of(zhou).get(entry.get_absolute_url())
    assert page.context["leave_room"] and page.context["may_reply"] is True
    assert not client_of(Member.objects.get(username="he")).get(entry.get_absolute_url()).context["leave_room"]


def test_a_form_above_the_talk_that_has_no_place_any_more_gives_its_words_back():
    lin = make_member("lin")
    call = open_call()
    entry = given(call, lin)
    client, here = client_of(lin), entry.get_absolute_url()
    question = ask_question(by=lin, entry=entry, text="雨天也这样吗？")
    close_question(by=lin, question=question, answer="一样的。")
    late = client.post(f"{here}lead/", {"do": "close", "sub_question": question.pk, "answer": "雨天更慢一些。"})
    assert late.status_code == 422 and "雨天更慢一些。" in late.content.decode() and late.context["unplaced"]
    early = client.post(f"{here}lead/", {"do": "changed", "change_of_mind": "原来是轮胎。"})
    assert early.status_code == 422 and "原来是轮胎。" in early.content.decode()
    moved(call.task, "closed")
    over = client.post(f"{here}lead/", {"do": "sum_up", "summary": "写到一半就结束了。"})
    assert over.status_code == 422 and "写到一半就结束了。" in over.content.decode()


def test_a_private_answer_that_outlives_its_session_is_still_private():
    entry, researcher, lin = given(open_call(), "lin"), make_researcher(), Member.objects.get(username="lin")
    probe = replied(entry, researcher, "asks", private=True)
    client, here = client_of(lin), entry.get_absolute_url()
    client.logout()
    client.post(f"{here}reply/", {"kind": "adds", "body": "只跟你们说。", "to": probe.pk})
    client.force_login(lin)
    page = client.get(here)
    assert "只跟你们说。" in page.content.decode() and page.context["answering"] == probe
    assert f'data-draft="entry-{entry.pk}-to-{probe.pk}"' in page.content.decode()


def test_a_pinned_answer_stands_in_two_places_under_one_name():
    lin = make_member("lin")
    entry = given(open_call(), lin)
    reply = replied(entry, make_member("zhou"))
    pin_reply(by=lin, entry=entry, reply=reply)
    assert client_of(lin).get(entry.get_absolute_url()).content.decode().count(f'id="r{reply.pk}"') == 1


def test_a_right_that_was_given_and_taken_back_or_declined_is_not_asked_for_again(run_deliveries):
    lin, researcher = make_member("lin"), make_researcher()
    entry = given(open_call(), lin)
    here, client = entry.get_absolute_url(), client_of(lin)
    for right in ("marketing", "quote_public"):
        ask_for_right(by=researcher, entry=again(entry), right=right)
    client.post(f"{here}rights/", {"marketing": "on"})
    run_deliveries()
    assert told(lin, kinds.ENTRY_RIGHTS)
    client.post(f"{here}rights/", {})
    assert [row.name for row in client.get(here).context["rights"].asked] == ["quote_public"]
    client.post(f"{here}rights/", {"do": "decline"})
    run_deliveries()
    seen = client.get(here).context["rights"]
    assert not seen.asked and not told(lin, kinds.ENTRY_RIGHTS)
    assert not any(
        row.may_be_asked for row in client_of(researcher).get(here).context["rights"].rows if row.name != "quote_inside"
    )


def test_a_question_that_was_taken_down_calls_nobody_any_more(run_deliveries):
    lin, zhou = make_member("lin"), make_member("zhou")
    entry = given(open_call(), lin)
    replied(entry, zhou)
    question = ask_question(by=lin, entry=entry, text="谁来加群？")
    run_deliveries()
    assert told(zhou, kinds.ENTRY_ASKS)
    take_down(by=make_staff("operator"), entry=entry, what="question", question=question, reason="招揽")
    run_deliveries()
    assert not told(zhou, kinds.ENTRY_ASKS)


def test_a_clarification_outlives_a_session_that_ended():
    call, researcher = open_call(), make_researcher()
    desk, path = client_of(researcher), reverse("call_steer", args=[call.task_id])
    desk.logout()
    assert desk.post(path, {"do": "clarify", "text": "说的是车机。"}).status_code == 302
    desk.force_login(researcher)
    back = desk.get(path)
    assert back.url == f"/desk/tasks/{call.task_id}/" and "说的是车机。" in desk.get(back.url).content.decode()
