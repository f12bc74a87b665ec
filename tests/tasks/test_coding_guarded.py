"""Coding: what is finished stays, what belongs to another call is out of reach, and what changes meanwhile is read again."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace

import pytest
from django.db import connections, transaction

from kocforum.errors import Conflict, Invalid, Refused
from kocforum.text import passages as text_passages
from tasks.actions.codes import add_code, edit_code
from tasks.actions.coding import apply_code, begin_coding, drop_span, mark_read, take_quote
from tasks.actions.coding_rounds import begin_coding_round
from tasks.models import Code, Coder, Quote, Span
from tasks.queries.coding import Mark, agreement_of, reading_of
from tasks.queries.coding_exports import as_markdown
from tasks.queries.coding_text import pieces_of
from tasks.queries.quotes import wall_of
from tests.tasks.calls import given, open_call
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_coding import FIRST, all_read, book_with, marked, read_call
from tests.tasks.test_coding_rounds import OURS, WORDS, desk_of, finished_round
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db


def finished_elsewhere():
    """Another call that the researcher has read alone and finished."""
    call = open_call()
    entry = given(call, "he", body=FIRST)
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    span = marked(coder, entry, rain, WORDS)
    moved(call.task, "closed")
    return all_read(coder, entry), entry, rain, span


def code_again(code: Code) -> Code:
    return Code.objects.select_related("codebook__call").get(pk=code.pk)


def test_who_reads_one_call_changes_nothing_in_another_that_is_finished():
    _done, entry, code, span = finished_elsewhere()
    call, one, _two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    with pytest.raises(Conflict):
        drop_span(by=coder.member, coder=coder, span=span)
    with pytest.raises(Conflict):
        apply_code(by=coder.member, coder=coder, entry=entry, code=rain, start=0, end=2)
    with pytest.raises(Invalid):
        apply_code(by=coder.member, coder=coder, entry=one, code=code, start=0, end=2)
    with pytest.raises(Conflict):
        mark_read(by=coder.member, coder=coder, entry=entry)
    for under in (one, entry):
        dropped = {"do": "drop", "span": span.pk}
        assert client_of(coder.member).post(desk_of(call, f"{under.pk}/mark/"), dropped).status_code == 404
    coder.refresh_from_db()
    assert Span.objects.get() == span and coder.done == {}


def test_a_mark_is_dropped_only_from_the_page_of_its_own_entry():
    call, one, two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    span, reader = marked(coder, one, rain, WORDS), client_of(coder.member)
    sent = {"do": "drop", "span": span.pk}
    assert reader.post(desk_of(call, f"{two.pk}/mark/"), sent).status_code == 404 and Span.objects.exists()
    assert reader.post(desk_of(call, f"{one.pk}/mark/"), sent).status_code == 302 and not Span.objects.exists()


def test_who_finished_in_another_window_changes_nothing_from_this_one():
    call, one, two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    early = begin_coding(by=make_researcher(), book=book)
    span = marked(early, one, rain, WORDS)
    moved(call.task, "closed")
    done = all_read(Coder.objects.get(pk=early.pk), one, two).done
    assert early.finished_at is None
    for late in (
        lambda: apply_code(by=early.member, coder=early, entry=one, code=rain, start=0, end=2),
        lambda: drop_span(by=early.member, coder=early, span=span),
        lambda: mark_read(by=early.member, coder=early, entry=one, read=False),
    ):
        with pytest.raises(Conflict):
            late()
    assert Span.objects.get() == span and Coder.objects.get().done == done


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_mark_that_comes_while_the_round_is_being_finished_waits_and_is_refused():
    call, one, two = read_call()
    book, (rain,) = book_with(call, "雨天失败")
    coder = begin_coding(by=make_researcher(), book=book)
    moved(call.task, "closed")
    results: list[object] = []

    def late() -> None:
        try:
            results.append(apply_code(by=coder.member, coder=coder, entry=one, code=rain, start=0, end=2))
        except Refused as refused:
            results.append(refused)
        finally:
            connections.close_all()

    other = threading.Thread(target=late)
    with transaction.atomic():
        all_read(Coder.objects.get(pk=coder.pk), one, two)
        other.start()
        other.join(2)
        assert not results
    other.join(30)
    assert isinstance(results[0], Conflict) and not Span.objects.exists()


def test_a_quote_of_an_earlier_round_counts_for_the_round_in_which_it_is_taken():
    call, book, (one, _two), (a, b) = finished_round()
    begin_coding_round(by=a.member, book=book, expected=1)
    begin_coding(by=a.member, book=book)
    span = Span.objects.filter(coder=a.member, round=1).first()
    quote = take_quote(by=a.member, span=span, paraphrase=OURS)
    assert (quote.round, quote.taken_round) == (1, 2)
    assert OURS in client_of(a.member).get(desk_of(call, f"{one.pk}/?round=1")).content.decode()
    with pytest.raises(Conflict):
        begin_coding(by=b.member, book=book)


def test_who_reads_does_not_see_what_is_quoted_meanwhile_of_an_earlier_round():
    """Even one that was taken before this was refused."""
    call, book, (one, _two), (a, b) = finished_round()
    begin_coding_round(by=a.member, book=book, expected=1)
    begin_coding(by=b.member, book=book)
    span = Span.objects.filter(coder=a.member, round=1).first()
    place = {"entry": one, "version": 1, "start": span.start, "end": span.end}
    Quote.objects.create(**place, exact=WORDS, paraphrase=OURS, by=a.member, round=1, taken_round=2)
    for tail in (f"{one.pk}/?round=1", f"{one.pk}/", "quotes/"):
        assert OURS not in client_of(b.member).get(desk_of(call, tail)).content.decode(), tail


def test_a_place_is_quoted_once_and_other_words_for_it_are_not_lost():
    call, _book, (one, _two), (a, _b) = finished_round()
    span = Span.objects.filter(coder=a.member).first()
    sent = {"do": "quote", "span": span.pk, "paraphrase": OURS}
    reader = client_of(a.member)
    for _twice in range(2):
        assert reader.post(desk_of(call, f"{one.pk}/mark/"), sent).status_code == 302
    page = reader.post(desk_of(call, f"{one.pk}/mark/"), {**sent, "paraphrase": "换一种说法"})
    said = page.content.decode()
    assert page.status_code == 422 and "已有引文" in said and 'value="换一种说法"' in said
    assert Quote.objects.get().paraphrase == OURS


@pytest.mark.parametrize("change", ["added", "reworded", "brought back"])
def test_what_was_read_is_read_again_when_the_codes_change(change):
    call, one, two = read_call()
    book, (rain, old) = book_with(call, "雨天失败", "旧的")
    edit_code(by=make_researcher(), code=code_again(old), name="旧的", retired=True)
    coder = begin_coding(by=make_researcher(), book=book)
    reader, said = client_of(coder.member), "请按现在的编码再读一遍"
    for entry in (one, two):
        mark_read(by=coder.member, coder=coder, entry=entry)
    edit_code(by=coder.member, code=code_again(rain), name="雨天失败")
    coder.refresh_from_db()
    assert len(coder.done) == 2 and said not in reader.get(desk_of(call)).content.decode()
    if change == "added":
        add_code(by=coder.member, book=book, name="害怕")
    elif change == "reworded":
        edit_code(by=coder.member, code=code_again(rain), name="雨天失败", memo="没停完才算")
    else:
        edit_code(by=coder.member, code=code_again(old), name="旧的")
    coder.refresh_from_db()
    assert coder.done == {}
    assert said in reader.get(desk_of(call)).content.decode()
    assert said in reader.get(desk_of(call, f"{one.pk}/")).content.decode()
    for entry in (one, two):
        mark_read(by=coder.member, coder=coder, entry=entry)
    assert said not in reader.get(desk_of(call)).content.decode()


def test_a_code_of_an_earlier_round_that_is_out_of_use_does_not_come_back():
    _call, book, entries, (a, _b) = finished_round()
    rain = book.codes.order_by("pk")[0]
    begin_coding_round(by=a.member, book=book, expected=1)
    before = agreement_of(reading_of(book, a.member, 1))
    edit_code(by=a.member, code=code_again(rain), name=rain.name, retired=True)
    edit_code(by=a.member, code=code_again(rain), name=rain.name)
    edit_code(by=a.member, code=code_again(rain), name=rain.name, retired=True)
    coder = begin_coding(by=a.member, book=book)
    all_read(coder, *entries)
    begin_coding_round(by=a.member, book=book, expected=2)
    with pytest.raises(Conflict):
        edit_code(by=a.member, code=code_again(rain), name=rain.name)
    edit_code(by=a.member, code=code_again(rain), name=rain.name, memo="只补一句", retired=True)
    assert agreement_of(reading_of(book, a.member, 1)) == before


def test_a_code_that_did_not_stand_in_the_round_neither_holds_nor_is_disputed():
    _call, book, _entries, (a, _b) = finished_round()
    rain, _fear = book.codes.order_by("pk")
    found = reading_of(book, a.member)
    assert {code for *_place, code in found.held} == {rain.pk} and found.disputes
    Code.objects.update(retired_round=1)
    found = reading_of(book, a.member)
    assert not found.held and not found.disputes


def test_two_versions_are_compared_once_for_all_marks_between_them(monkeypatch):
    call, one, two = read_call()
    book, codes = book_with(call, *(f"码 {number}" for number in range(12)))
    coder = begin_coding(by=make_researcher(), book=book)
    for code in codes:
        marked(coder, one, code, WORDS)
        marked(coder, two, code, "不敢用")
    for entry in (one, two):
        given(call, entry.author, body="先写一句。\n\n" + entry.versions.get().body)
    compared = []
    compare = text_passages.diff_match_patch.diff_main
    monkeypatch.setattr(
        text_passages.diff_match_patch,
        "diff_main",
        lambda self, before, after, *rest: (
            compared.append((before, after)) if not rest else None,
            compare(self, before, after, *rest),
        )[1],
    )
    found = reading_of(book, coder.member)
    assert len(found.marks) == 24 and all(mark.moved for mark in found.marks)
    assert len(set(compared)) == len(compared) == 2


def steps_of(work) -> int:
    """How many functions are called."""
    count = 0

    def seen(_frame, event, _argument) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_twice_the_markup_and_twice_the_marks_take_twice_the_steps():
    def steps(size: int) -> int:
        text = "**a** " * size + "\n\n" + "**b** " * size
        marks = [Mark(SimpleNamespace(), 1, 6 * number, 6 * number + 4) for number in range(size)]
        return steps_of(lambda: pieces_of(text, marks))

    assert steps(400) < 2.5 * steps(200)


def test_pieces_carry_every_mark_that_lies_on_them_in_the_order_given():
    text = "一二三四\n\n五六七八"
    marks = [Mark(name, 1, *place) for name, place in {"丙": (6, 8), "甲": (1, 9), "乙": (0, 3)}.items()]
    pieces = [[(one["text"], [mark.span for mark in one["marks"]]) for one in row] for row in pieces_of(text, marks)]
    assert pieces == [
        [("一", ["乙"]), ("二三", ["甲", "乙"]), ("四", ["甲"])],
        [("五六", ["丙", "甲"]), ("七", ["甲"]), ("八", [])],
    ]


def test_what_people_typed_makes_no_markup_in_the_file():
    call = open_call()
    entry = given(call, "lin", title="标题](http://evil.example) [x", body=FIRST)
    book, (rain,) = book_with(call, "# 雨天](http://evil.example)")
    edit_code(by=make_researcher(), code=code_again(rain), name=rain.name, memo="# 大字\n- 一条\n1. 一条\n![](/x)")
    coder = begin_coding(by=make_researcher(), book=book)
    start = FIRST.index(WORDS)
    place = {"start": start, "end": start + len(WORDS)}
    apply_code(by=coder.member, coder=coder, entry=entry, code=rain, memo="<b>[x](y)</b>", **place)
    take_quote(by=coder.member, span=Span.objects.get(), paraphrase="![图](http://evil.example)")
    said = as_markdown(call, reading_of(book, coder.member), wall_of(call, coder.member)).decode()
    assert r"[标题\](http://evil.example) \[x](" in said
    assert r"### \# 雨天\](http" in said and r"\!\[图\](http" in said
    assert "\\# 大字\n\\- 一条\n1\\. 一条\n\\!\\[\\](/x)" in said
    assert r"\<b\>\[x\](y)\</b\>" in said
