"""What coding adds up to: cars by model and version, each once, and files that lose no work."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from kocforum.forum.enums import PostState
from tasks.actions.codes import add_code, edit_code
from tasks.actions.coding import apply_code, settle, take_quote
from tasks.actions.coding_rounds import begin_coding_round
from tasks.actions.exports import export_coding
from tasks.models import Reply, Span
from tasks.queries.coding import agreement_of, reading_of
from tasks.queries.coding_results import cars_of, prevalence_of
from tasks.queries.talk import reproduction_of
from tests.people import make_car, make_member, make_staff
from tests.tasks.calls import again, replied
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_coding import FIRST, all_read, book_with, marked, read_call, two_coders
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db
SPACE = {"q": "urn:QDA-XML:project:1.0"}


def seen_in_cars(one, two):
    """A car that confirms both, one that differs, one that confirms in private, one whose answer is hidden."""
    he, ma, su, wu = (make_member(name) for name in ("he", "ma", "su", "wu"))
    cars = {member: make_car(member) for member in (he, ma, su, wu)}
    for entry in (one, two):
        replied(entry, he, kind="confirms", vehicle=cars[he].pk)
    differs = replied(one, ma, kind="differs")
    Reply.objects.filter(pk=differs.pk).update(vehicle=cars[ma], model="远山 S7", software="4.2.1")
    private = replied(one, su, kind="confirms", vehicle=cars[su].pk)
    Reply.objects.filter(pk=private.pk).update(private=True)
    hidden = replied(one, wu, kind="confirms", vehicle=cars[wu].pk)
    Reply.objects.filter(pk=hidden.pk).update(state=PostState.HIDDEN)


def coded_call():
    """Two agree on rain, one alone saw fear; the memos differ; a third settles; a quote is taken."""
    call, one, two = read_call()
    seen_in_cars(one, two)
    book, (rain, fear) = book_with(call, "雨天失败", "害怕")
    a, b = two_coders(call, book)
    moved(call.task, "closed")
    words = "三次都停在半路"
    start = FIRST.index(words)
    values = {"entry": one, "code": rain, "start": start}
    apply_code(by=a.member, coder=a, end=start + len(words), memo="三次里三次", **values)
    apply_code(by=b.member, coder=b, end=start + len(words) - 2, memo="都没停完", **values)
    marked(a, two, rain, "下雨天")
    marked(b, two, rain, "下雨天")
    marked(b, two, fear, "不敢用")
    for coder in (a, b):
        all_read(coder, one, two)
    third = make_staff("third", role="researcher")
    (row,) = reading_of(book, third).disputes
    settle(by=third, book=book, version=row.version, code=fear, start=row.start, applies=False, note="只是没用过")
    take_quote(by=a.member, span=Span.objects.get(memo="三次里三次"), paraphrase="雨夜里三次都没停完")
    return call, book, (one, two), (rain, fear), a


def test_a_car_counts_once_however_many_entries_it_stands_under():
    call, book, (one, two), (rain, _fear), a = coded_call()
    model, software = (
        Reply.objects.filter(author__username="he").first().model,
        Reply.objects.filter(author__username="he").first().software,
    )
    rows = {
        (row["model"], row["software"]): (row["confirms"], row["differs"])
        for row in reproduction_of(cars_of([one.pk, two.pk]))
    }
    assert rows.pop((model, software))[0] == 1
    assert sum(confirms for confirms, _differs in rows.values()) == 0
    found = reading_of(book, a.member)
    (row,) = prevalence_of(found)
    assert row["code"] == rain and row["cars"] == 1 and [car["confirms"] for car in row["versions"]] == [1]
    page = client_of(a.member).get(f"/desk/tasks/{call.task_id}/coding/").content.decode()
    assert "在哪些车上出现" in page and page.count(f"<td>{software or '—'}</td>") >= 1
    only = client_of(a.member).get(f"/desk/tasks/{call.task_id}/coding/?code={_fear.pk}").content.decode()
    assert "还没有车主用自己的车回应" in only


def test_the_sheet_says_what_holds_what_is_settled_and_what_is_quoted():
    call, _book, _entries, _codes, a = coded_call()
    file = export_coding(by=a.member, call=call, kind="csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == 5
    said = {(row["code"], row["coder"], row["words"]): row for row in rows}
    assert said["雨天失败", "coder-1", "三次都停在半路"]["holds"] == "yes"
    assert said["雨天失败", "coder-1", "三次都停在半路"]["quote"] == "雨夜里三次都没停完"
    fear = said["害怕", "coder-2", "不敢用"]
    assert (fear["holds"], fear["settled"], fear["settled_why"]) == ("no", "not", "只是没用过")
    assert {row["memo"] for row in rows} == {"", "三次里三次", "都没停完"}


def test_the_text_has_each_passage_once_with_both_memos_the_verdict_and_the_quote():
    call, _book, _entries, _codes, a = coded_call()
    said = client_of(a.member).get(f"/desk/tasks/{call.task_id}/coding/export/?as=md").content.decode()
    before, quotes = said.split("## 引文")
    assert len(re.findall("^> 三次都停在半路$", before, re.MULTILINE)) == 1
    assert len(re.findall("^> 下雨天$", before, re.MULTILINE)) == 1
    assert all(words in before for words in ("三次里三次", "都没停完", "只是没用过", "coder-1, coder-2"))
    assert "雨夜里三次都没停完" in quotes and "> 三次都停在半路" in quotes


ORDER = {
    "Project": ["Users", "CodeBook", "Sources", "Notes"],
    "TextSource": ["PlainTextSelection", "NoteRef"],
    "PlainTextSelection": ["Description", "Coding", "NoteRef"],
    "Code": ["Description", "Code"],
    "Note": ["PlainTextContent"],
}
NEVER_EMPTY = {"Users", "Codes", "Sources", "Notes", "CodeBook"}


def is_in_order(project: ElementTree.Element) -> None:
    """Children stand in the order of the schema, lists are never empty, and every reference leads to something that is there."""
    guids = [row.get("guid") for row in project.iter() if row.get("guid")]
    assert len(guids) == len(set(guids))
    for row in project.iter():
        tag = row.tag.split("}")[1]
        children = [child.tag.split("}")[1] for child in row]
        if tag in ORDER:
            assert set(children) <= set(ORDER[tag]) and children == sorted(children, key=ORDER[tag].index), (
                tag,
                children,
            )
        assert tag not in NEVER_EMPTY or children
        for name in ("targetGUID", "creatingUser"):
            assert row.get(name) is None or row.get(name) in guids


def test_the_project_has_memos_verdicts_and_quotes_in_the_order_of_the_schema():
    call, _book, _entries, _codes, a = coded_call()
    archive = zipfile.ZipFile(io.BytesIO(export_coding(by=a.member, call=call, kind="qdpx").content))
    project = ElementTree.fromstring(archive.read("project.qde"))
    is_in_order(project)
    told = {row.text for row in project.findall(".//q:PlainTextSelection/q:Description", SPACE)}
    assert told == {"三次里三次", "都没停完", "只是没用过"}
    notes = {row.text for row in project.findall(".//q:Note/q:PlainTextContent", SPACE)}
    assert notes == {"雨夜里三次都没停完", "只是没用过"}
    assert {row.get("name") for row in project.findall(".//q:User", SPACE)} == {"coder-1", "coder-2", "settled"}


def test_a_project_of_which_nothing_is_read_yet_is_in_order_too():
    call, *_entries = read_call()
    archive = zipfile.ZipFile(io.BytesIO(export_coding(by=make_researcher(), call=call, kind="qdpx").content))
    is_in_order(ElementTree.fromstring(archive.read("project.qde")))


def test_what_becomes_of_the_codebook_later_changes_no_figure_of_an_earlier_round():
    call, book, _entries, (rain, _fear), a = coded_call()
    before = agreement_of(reading_of(book, a.member, 1))[0]
    begin_coding_round(by=a.member, book=book, expected=1)
    add_code(by=a.member, book=book, name="新的一条")
    edit_code(
        by=a.member,
        code=type(rain).objects.select_related("codebook__call").get(pk=rain.pk),
        name=rain.name,
        retired=True,
    )
    assert agreement_of(reading_of(book, a.member, 1))[0] == before
    page = client_of(a.member).get(f"/desk/tasks/{call.task_id}/coding/?round=1").content.decode()
    assert "新的一条" not in page.split("编码本")[0]
    assert again(_entries[0]).version == 1
