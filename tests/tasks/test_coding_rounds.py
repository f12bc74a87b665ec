"""Rounds of coding: nothing of another's work reaches who still reads; earlier rounds stay; who began can step down."""

from __future__ import annotations

import re

import pytest

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.codes import add_code, codebook_of_call
from tasks.actions.coding import begin_coding, finish_coding, mark_read, take_quote
from tasks.actions.coding_rounds import begin_coding_round, release_coder, step_down
from tasks.models import Coder, Quote, Span
from tasks.queries.coding import agreement_of, reading_of
from tests.at_once import at_once
from tests.people import make_staff
from tests.tasks.calls import given, open_call
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_coding import FIRST, all_read, book_with, marked, read_call, two_coders
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db

WORDS, OURS = "三次都停在半路", "雨夜里三次都没停完"


def finished_round():
    """One round of two who agree on one passage and differ in another."""
    call, one, two = read_call()
    book, (rain, fear) = book_with(call, "雨天失败", "害怕")
    a, b = two_coders(call, book)
    moved(call.task, "closed")
    for coder in (a, b):
        marked(coder, one, rain, WORDS)
    marked(a, two, fear, "不敢用")
    for coder in (a, b):
        all_read(coder, one, two)
    return call, book, (one, two), (a, b)


def desk_of(call, tail: str = "") -> str:
    return f"/desk/tasks/{call.task_id}/coding/{tail}"


def test_while_one_still_reads_nobody_quotes_from_the_round():
    call, one, two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    a, b = two_coders(call, book)
    moved(call.task, "closed")
    span = marked(a, one, rain, WORDS)
    reader = client_of(a.member)
    sent = {"do": "quote", "span": span.pk, "paraphrase": OURS}
    refused = reader.post(desk_of(call, f"{one.pk}/mark/"), sent)
    assert not Quote.objects.exists() and refused.status_code == 422
    all_read(a, one, two)
    with pytest.raises(Conflict):
        take_quote(by=a.member, span=span, paraphrase=OURS)
    page = reader.get(desk_of(call, f"{one.pk}/")).content.decode()
    assert 'value="quote"' not in page
    all_read(b, one, two)
    assert 'value="quote"' in reader.get(desk_of(call, f"{one.pk}/")).content.decode()
    assert take_quote(by=a.member, span=span, paraphrase=OURS).round == 1


def test_a_quote_of_the_round_reaches_nobody_who_still_reads_in_it():
    """Even one that was taken before this was refused: entry page, wall, promotion and exports leave it out."""
    call, one, _two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    a, b = two_coders(call, book)
    span = marked(a, one, rain, WORDS)
    quote = Quote.objects.create(
        entry=one, version=1, start=span.start, end=span.end, exact=span.exact, paraphrase=OURS, code=rain, by=a.member
    )
    blind, own = client_of(b.member), client_of(a.member)
    places = [one.get_absolute_url(), desk_of(call, "quotes/"), desk_of(call, f"{one.pk}/")]
    places += [f"/desk/promote/?quote={quote.pk}", *(desk_of(call, f"export/?as={kind}") for kind in ("md", "csv"))]
    for place in places:
        assert OURS not in blind.get(place).content.decode(), place
    assert OURS in own.get(one.get_absolute_url()).content.decode()


def test_who_reads_alone_may_quote_and_then_nobody_else_begins_in_that_round():
    call, one, _two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    first = begin_coding(by=make_researcher(), book=book)
    take_quote(by=first.member, span=marked(first, one, rain, WORDS), paraphrase=OURS)
    with pytest.raises(Conflict):
        begin_coding(by=make_staff("second", role="researcher"), book=book)


def test_who_finishes_alone_says_so_and_then_nobody_else_begins_in_that_round():
    """What is open to everybody is read blind by nobody."""
    call, one, two = read_call()
    book, _codes = book_with(call, "雨天失败")
    first = begin_coding(by=make_researcher(), book=book)
    moved(call.task, "closed")
    for entry in (one, two):
        first = mark_read(by=first.member, coder=first, entry=entry)
    reader = client_of(first.member)
    with pytest.raises(Conflict):
        finish_coding(by=first.member, coder=first)
    asked = reader.get(desk_of(call, "finish/"))
    assert asked.status_code == 200 and 'name="alone"' in asked.content.decode()
    reader.post(desk_of(call, "read/"), {"do": "finish", "alone": "1"})
    assert Coder.objects.get().finished_at
    with pytest.raises(Conflict):
        begin_coding(by=make_staff("second", role="researcher"), book=book)


def test_an_earlier_round_stays_readable_and_exportable():
    call, book, (one, _two), (a, _b) = finished_round()
    alpha = agreement_of(reading_of(book, a.member))[0].alpha
    begin_coding_round(by=a.member, book=book, expected=1)
    begin_coding(by=a.member, book=book)
    reader = client_of(a.member)
    now, before = (reader.get(desk_of(call, tail)).content.decode() for tail in ("", "?round=1"))
    assert "?round=1" in now and "Krippendorff" not in now
    assert "Krippendorff" in before and "不敢用" in before
    old = reading_of(book, a.member, 1)
    assert agreement_of(old)[0].alpha == alpha and len(old.marks) == 3
    assert WORDS in reader.get(desk_of(call, "export/?as=csv&round=1")).content.decode("utf-8-sig")
    assert WORDS not in reader.get(desk_of(call, "export/?as=csv")).content.decode("utf-8-sig")
    entry = reader.get(desk_of(call, f"{one.pk}/?round=1")).content.decode()
    assert "marked" in entry and "data-coding" not in entry
    for round in ("0", "3", "x", "99999"):
        assert reader.get(desk_of(call, f"?round={round}")).status_code == 404


def test_what_an_earlier_round_saw_differently_can_still_be_settled():
    call, book, _entries, (a, _b) = finished_round()
    begin_coding_round(by=a.member, book=book, expected=1)
    third = make_staff("third", role="researcher")
    (row,) = reading_of(book, third, 1).disputes
    sent = {"version": row.version.pk, "code": row.code.pk, "start": row.start, "do": "applies", "round": 1}
    client_of(third).post(desk_of(call, "settle/"), sent)
    after = reading_of(book, third, 1)
    assert after.settled == 1 and not after.disputes


def test_another_round_asks_first_and_waits_for_who_reads():
    call, one, two = read_call()
    book, _codes = book_with(call, "雨天失败")
    a, b = two_coders(call, book)
    moved(call.task, "closed")
    third = client_of(make_staff("third", role="researcher"))
    third.post(desk_of(call, "round/"), {"expected": 1})
    book.refresh_from_db()
    assert book.round == 1
    all_read(a, one, two)
    with pytest.raises(Conflict):
        begin_coding_round(by=a.member, book=book, expected=1)
    all_read(b, one, two)
    assert desk_of(call, "round/") in third.get(desk_of(call)).content.decode()
    asked = third.get(desk_of(call, "round/"))
    assert asked.status_code == 200 and "<form" in asked.content.decode()
    assert third.post(desk_of(call, "round/"), {"expected": 1}).status_code == 302
    book.refresh_from_db()
    assert book.round == 2 and book.frozen_at is None


def test_who_began_can_step_down_and_finds_the_marks_again():
    call, one, two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    a, b = two_coders(call, book)
    marked(b, one, rain, WORDS)
    client_of(b.member).post(desk_of(call, "read/"), {"do": "step_down"})
    assert [coder.member for coder in Coder.objects.all()] == [a.member]
    assert Fact.objects.filter(name__endswith="CoderSteppedDown").exists()
    assert {mark.span.coder_id for mark in reading_of(book, b.member).marks} == {b.member_id}
    assert not reading_of(book, make_staff("fourth", role="researcher")).marks
    third = begin_coding(by=make_staff("third", role="researcher"), book=book)
    moved(call.task, "closed")
    for coder in (a, third):
        all_read(coder, one, two)
    assert reading_of(book, a.member).is_finished
    assert not reading_of(book, a.member).marks
    with pytest.raises(Conflict):
        step_down(by=a.member, coder=Coder.objects.get(pk=a.pk))


def test_a_researcher_releases_who_is_absent_with_a_reason(run_deliveries):
    call, one, two = read_call()
    book, _codes = book_with(call, "雨天失败")
    a, b = two_coders(call, book)
    moved(call.task, "closed")
    all_read(a, one, two)
    with pytest.raises(Forbidden):
        release_coder(by=make_staff("engineer", role="engineer"), coder=b, reason="不在")
    reader = client_of(a.member)
    sent = {"do": "release", "coder": b.pk, "reason": ""}
    empty = reader.post(desk_of(call, "read/"), sent)
    assert empty.status_code == 422 and Coder.objects.filter(pk=b.pk).exists()
    with pytest.raises(Invalid):
        release_coder(by=a.member, coder=b, reason=" ")
    reader.post(desk_of(call, "read/"), {**sent, "reason": "休假三周，结果等不了"})
    assert not Coder.objects.filter(pk=b.pk).exists()
    row = Fact.objects.get(name__endswith="CoderReleased")
    assert row.by == a.member and row.payload["member_id"] == b.member_id
    run_deliveries()
    told = Notification.objects.get(kind=kinds.CODER_RELEASED, member=b.member)
    assert told.object_id == call.task_id
    assert "休假三周" in client_of(b.member).get("/me/notifications/").content.decode()
    with pytest.raises(Conflict):
        release_coder(by=b.member, coder=Coder.objects.get(pk=a.pk), reason="已经读完了")


def test_an_entry_that_was_rewritten_is_read_again():
    call, one, two = read_call()
    book, _codes = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    for entry in (one, two):
        coder = mark_read(by=coder.member, coder=coder, entry=entry)
    given(call, Member.objects.get(username="lin"), body=FIRST + "\n\n第二天又停在半路。")
    moved(call.task, "closed")
    with pytest.raises(Conflict):
        finish_coding(by=coder.member, coder=coder, alone=True)
    reader = client_of(coder.member)
    page = reader.get(desk_of(call)).content.decode()
    assert len(re.findall("读过之后改过", page)) == 1
    inside = reader.get(desk_of(call, f"{one.pk}/")).content.decode()
    assert 'value="read"' in inside and "读过之后改过" in inside
    coder = mark_read(by=coder.member, coder=coder, entry=one)
    assert coder.done == {str(two.pk): 1, str(one.pk): 2}
    assert finish_coding(by=coder.member, coder=coder, alone=True).finished_at


def test_reading_to_the_end_counts_for_the_version_that_was_on_the_page():
    call, one, _two = read_call()
    book, _codes = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    given(call, Member.objects.get(username="lin"), body=FIRST + "\n\n第二天又停在半路。")
    client_of(coder.member).post(desk_of(call, f"{one.pk}/mark/"), {"do": "read", "version": 1, "after": ""})
    coder.refresh_from_db()
    assert str(one.pk) not in coder.done or coder.done[str(one.pk)] == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_second_who_begins_and_a_quote_that_is_taken_at_once_do_not_both_happen():
    call, one, _two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    first = begin_coding(by=make_researcher(), book=book)
    span = marked(first, one, rain, WORDS)
    second = make_staff("second", role="researcher")
    results = at_once(
        lambda: take_quote(by=first.member, span=Span.objects.get(pk=span.pk), paraphrase=OURS),
        lambda: begin_coding(by=second, book=codebook_of_call(call)),
    )
    assert sum(isinstance(one, Conflict) for one in results) == 1, results


def test_only_a_round_that_somebody_read_is_followed_by_another():
    call = open_call()
    given(call, "lin")
    book = codebook_of_call(call)
    add_code(by=make_researcher(), book=book, name="雨天失败")
    with pytest.raises(Conflict):
        begin_coding_round(by=make_researcher(), book=book, expected=1)
