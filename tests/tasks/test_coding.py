"""Coding: two who read apart, how far they agree, what is settled, spans over edits, quotes and what is left of them."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.codes import add_code, add_theme, codebook_of_call, edit_code
from tasks.actions.coding import apply_code, begin_coding, drop_span, finish_coding, mark_read, settle, take_quote
from tasks.actions.coding_rounds import begin_coding_round, step_down
from tasks.actions.entries import set_rights, withdraw_entry
from tasks.actions.manuscripts import Rights
from tasks.models import Call, Coder, Entry, Quote, Span
from tasks.queries.coding import agreement_of, reading_of
from tasks.queries.coding_exports import as_markdown, as_table
from tasks.queries.coding_project import as_qdpx
from tasks.queries.coding_results import prevalence_of, saturation_of, together_of
from tasks.queries.coding_text import pieces_of
from tasks.rules.coding import passages_of
from tests.at_once import at_once
from tests.people import make_staff
from tests.tasks.calls import again, given, open_call
from tests.tasks.stories import make_researcher, moved

pytestmark = pytest.mark.django_db

FIRST = "雨夜 🌧️ 三次都停在半路。\n\n我很怕后车按喇叭。\n\n后来自己停了。"
SECOND = "堵车时很省心。\n\n下雨天我不敢用。"


def read_call() -> tuple[Call, Entry, Entry]:
    call = open_call()
    return call, given(call, "lin", body=FIRST), given(call, "zhou", body=SECOND)


def book_with(call: Call, *names: str):
    book = codebook_of_call(call)
    return book, [add_code(by=make_researcher(), book=book, name=name) for name in names]


def marked(coder: Coder, entry: Entry, code, words: str) -> Span:
    start = again(entry).body.index(words)
    return apply_code(by=coder.member, coder=coder, entry=entry, code=code, start=start, end=start + len(words))


def all_read(coder: Coder, *entries: Entry) -> Coder:
    for entry in entries:
        coder = mark_read(by=coder.member, coder=coder, entry=entry)
    return finish_coding(by=coder.member, coder=coder, alone=True)


def two_coders(call: Call, book):
    others = make_staff("second", role="researcher")
    return begin_coding(by=make_researcher(), book=book), begin_coding(by=others, book=book)


def test_two_read_apart_agree_by_passages_and_a_third_settles_the_rest():
    call, one, two = read_call()
    book, (rain, fear) = book_with(call, "雨天失败", "害怕")
    a, b = two_coders(call, book)
    moved(call.task, "closed")
    marked(a, one, rain, "三次都停在半路")
    marked(a, one, fear, "我很怕")
    marked(a, two, rain, "下雨天我不敢用")
    marked(b, one, rain, "雨夜 🌧️ 三次")
    marked(b, two, rain, "下雨天")
    marked(b, two, fear, "不敢用")
    assert {mark.span.coder_id for mark in reading_of(book, a.member).marks} == {a.member_id}
    all_read(a, one, two)
    assert reading_of(book, b.member).marks and not reading_of(book, b.member).held
    all_read(b, one, two)
    found = reading_of(book, a.member)
    assert len(found.marks) == 6 and len(found.held) == 2 and len(found.disputes) == 2
    overall, by_code = agreement_of(found)
    assert by_code[rain.pk].alpha == 1 and by_code[fear.pk].alpha < 0
    assert overall.units == 10 and overall.alpha == pytest.approx(1 - 19 * 4 / (2 * 6 * 14))
    third = make_staff("third", role="researcher")
    with pytest.raises(Conflict):
        settle(by=a.member, book=book, version=found.disputes[0].version, code=fear, start=0, applies=True)
    for dispute in found.disputes:
        settle(by=third, book=book, version=dispute.version, code=dispute.code, start=dispute.start, applies=True)
    with pytest.raises(Conflict):
        settle(by=third, book=book, version=dispute.version, code=dispute.code, start=dispute.start, applies=False)
    after = reading_of(book, third)
    assert not after.disputes and after.settled == 2 and len(after.held) == 4
    assert [(row["code"].name, row["people"], row["passages"]) for row in prevalence_of(after)] == [
        ("雨天失败", 2, 2),
        ("害怕", 2, 2),
    ]
    assert together_of(after) == [{"one": "雨天失败", "other": "害怕", "times": 1}]
    assert saturation_of(after).new == (2, 0)


def test_the_codebook_is_fixed_when_the_second_begins_and_opens_with_another_round():
    call, *_entries = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    first = begin_coding(by=make_researcher(), book=book)
    add_code(by=make_researcher(), book=book, name="还能加")
    begin_coding(by=make_staff("second", role="researcher"), book=book)
    book.refresh_from_db()
    with pytest.raises(Conflict):
        add_code(by=make_researcher(), book=book, name="太晚了")
    with pytest.raises(Conflict):
        edit_code(by=make_researcher(), code=rain, name="换名")
    theme = add_theme(by=make_researcher(), book=book, name="天气")
    assert edit_code(by=make_researcher(), code=rain, name="雨天失败", theme=theme).theme == theme
    with pytest.raises(Conflict):
        begin_coding(by=make_staff("third", role="researcher"), book=book)
    for coder in Coder.objects.filter(codebook=book):
        step_down(by=coder.member, coder=coder)
    begin_coding_round(by=make_researcher(), book=book, expected=1)
    with pytest.raises(Conflict):
        begin_coding_round(by=make_researcher(), book=book, expected=1)
    add_code(by=make_researcher(), book=book, name="新一轮")
    assert begin_coding(by=make_researcher(), book=book).pk != first.pk


def test_l7_a_span_survives_an_edit_and_counts_code_points():
    call, one, _two = read_call()
    book, (rain, fear) = book_with(call, "雨天失败", "害怕")
    coder = begin_coding(by=make_researcher(), book=book)
    span = marked(coder, one, rain, "三次都停在半路")
    assert FIRST[span.start : span.end] == span.exact == "三次都停在半路"
    assert span.start == len("雨夜 🌧️ ") and len("雨夜 🌧️ ".encode("utf-16-le")) // 2 != span.start
    gone = marked(coder, one, fear, "我很怕后车按喇叭。")
    given(
        call,
        Member.objects.get(username="lin"),
        body=FIRST.replace("雨夜", "上个月的雨夜 🚗").replace("我很怕后车按喇叭。", "算了。"),
    )
    found = reading_of(book, coder.member)
    (mark,) = found.marks
    text = found.texts[one.pk].body
    assert mark.moved and text[mark.start : mark.end] == "三次都停在半路"
    assert [lost.pk for lost in found.lost] == [gone.pk]


def test_l13_spans_may_lie_in_each_other():
    call, one, _two = read_call()
    book, (rain, fear) = book_with(call, "雨天失败", "害怕")
    coder = begin_coding(by=make_researcher(), book=book)
    marked(coder, one, rain, "雨夜 🌧️ 三次都停在半路")
    marked(coder, one, fear, "都停")
    found = reading_of(book, coder.member)
    pieces = pieces_of(found.texts[one.pk].body, found.marks)
    assert [len(piece["marks"]) for piece in pieces[0]] == [1, 2, 1, 0]
    assert "\n\n".join("".join(piece["text"] for piece in row) for row in pieces) == FIRST


@cases(st.text(alphabet="ab。🌧\n \t", max_size=60))
def test_passages_hold_every_word_of_a_text_once(body):
    passages = passages_of(body)
    assert all(one[1] <= two[0] for one, two in zip(passages, passages[1:], strict=False))
    left = "".join(body[start:end] for start, end in passages)
    assert sorted(left.split()) == sorted(body.split()) or "".join(left.split()) == "".join(body.split())


def test_marking_twice_is_marking_once_and_a_mark_can_be_taken_away():
    call, one, _two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    span = marked(coder, one, rain, "雨夜")
    assert marked(coder, one, rain, "雨夜").pk == span.pk
    for start, end in ((3, 3), (5, 2), (0, 10_000)):
        with pytest.raises(Invalid):
            apply_code(by=coder.member, coder=coder, entry=one, code=rain, start=start, end=end)
    with pytest.raises(Conflict):
        apply_code(by=coder.member, coder=coder, entry=one, code=rain, start=0, end=1, version=7)
    with pytest.raises(Forbidden):
        apply_code(by=make_staff("x", role="researcher"), coder=coder, entry=one, code=rain, start=0, end=1)
    drop_span(by=coder.member, coder=coder, span=span)
    assert not Span.objects.exists()


def test_nobody_finishes_before_the_end_or_before_everything_is_read():
    call, one, two = read_call()
    book, _codes = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    coder = mark_read(by=coder.member, coder=coder, entry=one)
    with pytest.raises(Conflict):
        finish_coding(by=coder.member, coder=coder)
    moved(call.task, "closed")
    with pytest.raises(Conflict):
        finish_coding(by=coder.member, coder=coder)
    assert all_read(coder, two).finished_at
    assert reading_of(book, coder.member).is_finished


def test_sealed_entries_are_not_coded():
    call = open_call(invitees=("lin", "zhou"))
    given(call, "lin")
    book, _codes = book_with(call, "雨天失败")
    with pytest.raises(Conflict):
        begin_coding(by=make_researcher(), book=book)


def test_l8_a_withdrawn_entry_takes_its_words_along_and_the_paraphrase_stays(run_deliveries):
    call, one, _two = read_call()
    lin = Member.objects.get(username="lin")
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    span = marked(coder, one, rain, "三次都停在半路")
    with pytest.raises(Invalid):
        take_quote(by=coder.member, span=span, paraphrase=" ")
    quote = take_quote(by=coder.member, span=span, paraphrase="雨夜里三次都没停完")
    assert take_quote(by=coder.member, span=span, paraphrase="雨夜里三次都没停完").pk == quote.pk
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.ENTRY_QUOTED, member=lin).exists()
    assert quote.words == "三次都停在半路"
    set_rights(by=lin, entry=again(one), rights=Rights(quote_inside=False))
    assert Quote.objects.get().words == ""
    set_rights(by=lin, entry=again(one), rights=Rights(quote_inside=True))
    withdraw_entry(by=lin, entry=again(one))
    left = Quote.objects.get()
    assert left.exact == "" and left.words == "" and left.paraphrase == "雨夜里三次都没停完"
    assert not Span.objects.exists()


def test_what_its_author_does_not_let_be_quoted_is_not():
    call = open_call()
    entry = given(call, "lin", quote_inside=False)
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    with pytest.raises(Conflict):
        take_quote(by=coder.member, span=marked(coder, entry, rain, "小雨"), paraphrase="雨里")


def test_codes_leave_the_house_as_markdown_csv_and_a_project():
    call, one, two = read_call()
    book, (rain, fear) = book_with(call, "雨天失败", "=害怕")
    coder = begin_coding(by=make_researcher(), book=book)
    marked(coder, one, rain, "三次都停在半路")
    marked(coder, two, fear, "不敢用")
    found = reading_of(book, coder.member)
    rows = list(csv.DictReader(io.StringIO(as_table(call, found).decode("utf-8-sig"))))
    assert [(row["code"], row["words"]) for row in rows] == [("雨天失败", "三次都停在半路"), ("'=害怕", "不敢用")]
    assert FIRST[int(rows[0]["start"]) : int(rows[0]["end"])] == "三次都停在半路"
    assert "> 三次都停在半路" in as_markdown(call, found).decode()
    archive = zipfile.ZipFile(io.BytesIO(as_qdpx(call, found)))
    project = ElementTree.fromstring(archive.read("project.qde"))
    space = {"q": "urn:QDA-XML:project:1.0"}
    codes = {row.get("guid"): row.get("name") for row in project.findall(".//q:Codes/q:Code", space)}
    assert set(codes.values()) == {"雨天失败", "=害怕"}
    for source in project.findall(".//q:TextSource", space):
        text = archive.read(f"Sources/{source.get('plainTextPath').removeprefix('internal://')}").decode()
        for row in source.findall("q:PlainTextSelection", space):
            words = text[int(row.get("startPosition")) : int(row.get("endPosition"))]
            target = row.find("q:Coding/q:CodeRef", space).get("targetGUID")
            assert (codes[target], words) in {("雨天失败", "三次都停在半路"), ("=害怕", "不敢用")}
    assert as_qdpx(call, found) and project.tag.endswith("Project")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_three_who_begin_at_once_two_read_and_the_codebook_is_fixed():
    call, *_entries = read_call()
    book, _codes = book_with(call, "雨天失败")
    people = [make_researcher(), *(make_staff(name, role="researcher") for name in ("second", "third"))]
    results = at_once(*[lambda one=one: begin_coding(by=one, book=book) for one in people])
    assert sum(isinstance(one, Coder) for one in results) == 2
    assert sum(isinstance(one, Conflict) for one in results) == 1
    book.refresh_from_db()
    assert book.frozen_at
