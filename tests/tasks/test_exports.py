"""What researchers take away: nothing shifted, nothing reckoned with, nobody made out (S9, S13, S20)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from tasks.actions.responses import answer_survey
from tasks.models import Option, Response, Survey
from tasks.queries.exports import Export
from tasks.queries.respondents import respondent_of
from tasks.rules.sheets import Table, as_csv, as_xlsx
from tests.people import make_member, make_staff
from tests.tasks.stories import make_researcher, moved
from tests.tasks.surveys import PARKING, open_survey
from tests.tasks.test_answering import ALL_KINDS
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "第一行\n第二行",
    'ein "Zitat", ein Komma',
    "'",
    "，；|",
    "＝1",
]
NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "naughty_strings" / "blns.json"


def member(number: int) -> Member:
    found = Member.objects.filter(username=f"m{number}").first()
    return found or make_member(f"m{number}", display_name=f"车主{number}", city="杭州")


def answered(privacy: str = "confidential", people: int = 8, questions=None, **values):
    task = open_survey(questions or PARKING, privacy=privacy, **values)
    for number in range(people):
        answers = {"used": "yes", "where": ["mall", "other"], "where.words": f"路边{number}", "calm": 1 + number % 5}
        answer_survey(
            by=member(number),
            task=task,
            answers={**answers, "words": HOSTILE[number % len(HOSTILE)]}
            if questions is None
            else questions_said(number),
        )
    return task


def questions_said(number: int) -> dict:
    return {
        "one": "own",
        "one.words": f"话{number}",
        "many": ["o1"],
        "rate": "cannot_judge",
        "rows": {"o1": 4},
        "order": ["o2", "o1", "o3"],
        "km": -3.5 if number == 99 else 12,
        "best": [{"shown": ["o1", "o2", "o3", "o4"], "best": "o1", "worst": "o4"}],
        "duel": [{"shown": ["o1", "o2"], "chosen": None}],
    }


def file_of(task, kind: str = "", client=None):
    return (client or client_of(make_researcher())).get(
        f"/api/v1/surveys/{task.pk}/export/", {"as": kind} if kind else {}
    )


def read(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Chinese"
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    head, *rows = list(reader)
    assert all(len(row) == len(head) for row in rows), "a row has as many cells as the head"
    return head, [dict(zip(head, row, strict=True)) for row in rows]


def test_s20_a_wide_file_has_a_row_for_each_and_reckons_nothing():
    task = answered()
    answer = client_of(make_researcher()).get(f"/api/v1/surveys/{task.pk}/export/", headers={"Accept": "image/png"})
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    head, rows = read(answer.content)
    assert len(rows) == 8 and "where__mall" in head and "where__words" in head
    assert {row["where__mall"] for row in rows} == {"1"} and {row["where__none"] for row in rows} == {"0"}
    said = {row["words"] for row in rows}
    assert "'" + HOSTILE[0] in said and "第一行\n第二行" in said and 'ein "Zitat", ein Komma' in said
    assert not [words for words in said if words.startswith(("=", "+", "-", "@", "\t"))]
    assert b"\r\n" in answer.content


def test_the_three_kinds_of_nothing_are_told_apart():
    task = open_survey()
    for number in range(5):
        answer_survey(by=member(number), task=task, answers={"used": "no"})
    _head, rows = read(file_of(task).content)
    assert {row["where__mall"] for row in rows} == {""} and {row["calm"] for row in rows} == {"NA"}
    task = answered(questions=ALL_KINDS, people=5)
    _head, rows = read(file_of(task).content)
    assert {row["rate"] for row in rows} == {"DK"} and {row["rows__o2"] for row in rows} == {"NA"}
    assert {row["order__o2"] for row in rows} == {"1"} and {row["one__words"] for row in rows} >= {"话1"}


def test_a_long_file_has_a_row_for_each_answer():
    task = answered(questions=ALL_KINDS, people=6)
    head, rows = read(file_of(task, "long").content)
    assert head == ["respondent", "question", "type", "part", "value", "label", "wording"]
    mine = [row for row in rows if row["respondent"] == rows[0]["respondent"]]
    by = {(row["question"], row["part"]): row["value"] for row in mine}
    assert by["order", "o2"] == "1" and by["rows", "o1"] == "4" and by["many", "o1"] == "1"
    assert by["best", "1.best"] == "o1" and by["best", "1.worst"] == "o4" and by["best", "1.shown"] == "o1|o2|o3|o4"
    assert by["duel", "1"] == "DK" and by["km", ""] == "12" and by["nps", ""] == "NA"
    assert len({row["respondent"] for row in rows}) == 6


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers():
    book = load_workbook(io.BytesIO(file_of(answered(), "xlsx").content))
    assert book.sheetnames == ["answers", "long", "codebook"]
    sheet = book["answers"]
    head = [cell.value for cell in sheet[1]]
    words = [row[head.index("words")] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type == "s" for cell in words if cell.value)
    assert HOSTILE[0] in {cell.value for cell in words}
    assert all(isinstance(cell.value, int) for cell in [row[head.index("calm")] for row in sheet.iter_rows(min_row=2)])


def test_the_codebook_names_every_column_and_every_code():
    task = answered()
    said = json.loads(file_of(task, "codebook").content)
    head, _rows = read(file_of(task).content)
    named = {column["name"] for column in said["columns"]} | {"respondent", "day", "late", "seconds", "wording"}
    assert set(head) <= named | set(said["facts"].values())
    assert said["codes"] == {"(empty)": "not shown", "NA": "seen and not answered", "DK": "could not judge"}
    assert said["hidden_below"] == 5 and said["privacy"] == "confidential" and said["responses"] == 8
    assert [one["key"] for one in said["questions"]] == [one["key"] for one in PARKING]


def test_names_stand_in_an_identified_survey_alone():
    head, rows = read(file_of(answered("identified")).content)
    assert {row["name"] for row in rows} >= {"车主0", "车主7"}
    Response.objects.all().delete()
    head, rows = read(file_of(answered_again("confidential")).content)
    assert "name" not in head and not [row for row in rows if "车主" in json.dumps(row, ensure_ascii=False)]


def answered_again(privacy: str):
    task = open_survey(privacy=privacy)
    for number in range(8):
        answer_survey(by=member(number), task=task, answers={"used": "no"})
    return task


def test_s13_a_pseudonym_is_of_one_survey_and_not_the_key_of_the_database():
    first = answered()
    second = answered_again("confidential")
    one, two = ({row["respondent"] for row in read(file_of(task).content)[1]} for task in (first, second))
    assert len(one) == len(two) == 8 and not one & two
    keys = set(Response.objects.values_list("respondent", flat=True))
    assert not [who for who in one if any(key.startswith(who) for key in keys)]
    assert one == {row["respondent"] for row in read(file_of(first).content)[1]}, "the same in every export"
    assert respondent_of(first.survey, make_member("new")) not in one


def test_s13_words_of_an_anonymous_survey_stand_apart_and_rows_have_no_order():
    task = answered("anonymous", people=12)
    moved(task, "closed")
    head, rows = read(file_of(task).content)
    assert not {"respondent", "day", "seconds", "late", "name", "words", "where__words"} & set(head) and len(rows) == 12
    _head, long = read(file_of(task, "long").content)
    assert {row["respondent"] for row in long if row["question"] in {"words", "where__words"}} == {""}
    assert sum(row["question"] == "words" for row in long) == 12
    book = load_workbook(io.BytesIO(file_of(task, "xlsx").content))
    assert [cell.value for cell in book["words"][1]] == ["question", "words"]
    orders = {tuple(row["calm"] for row in read(file_of(task).content)[1]) for _each in range(6)}
    assert len(orders) > 1


def test_facts_of_a_confidential_survey_are_shared_by_five():
    task = answered()
    Response.objects.filter(respondent=Response.objects.first().respondent).update(
        facts={"model": "S7", "city": "漠河"}
    )
    _head, rows = read(file_of(task).content)
    facts = Counter((row["car"], row["software"], row["koc_level"], row["city"], row["mileage_km"]) for row in rows)
    assert all(count >= 5 for count in facts.values()) and "漠河" not in json.dumps(rows, ensure_ascii=False)


def test_words_of_fewer_than_five_are_left_out():
    task = open_survey()
    for number in range(7):
        answer_survey(
            by=make_member(f"m{number}"),
            task=task,
            answers={"used": "no", **({"words": "只有我写了"} if number < 2 else {})},
        )
    for kind in ("csv", "long", "xlsx"):
        assert "只有我写了".encode() not in file_of(task, kind).content
    assert json.loads(file_of(task, "codebook").content)["left_out"] == ["words"]


def test_fewer_than_five_leave_nothing_and_only_researchers_take():
    task = answered(people=4)
    assert file_of(task).status_code == 409 and file_of(task, "xlsx").status_code == 409
    assert file_of(task, client=client_of(make_staff("operator"))).status_code == 403
    assert file_of(task, client=client_of(make_member("lin"))).status_code == 403
    assert file_of(task, client=client_of()).status_code in {401, 403}
    assert file_of(task, "pdf").status_code == 400
    page = client_of(make_researcher()).post(f"/desk/tasks/{task.pk}/export/", {"as": "csv"}, follow=True)
    assert "回答不到五份" in page.content.decode()
    assert not Fact.objects.filter(name="tasks.ResponsesExported").exists()


def test_who_took_a_file_away_is_written_down():
    task = answered()
    answer = client_of(make_researcher()).post(f"/desk/tasks/{task.pk}/export/", {"as": "long"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    fact = Fact.objects.get(name="tasks.ResponsesExported")
    assert fact.payload["as_kind"] == "long" and fact.payload["responses"] == 8
    assert client_of(make_staff("operator")).post(f"/desk/tasks/{task.pk}/export/", {"as": "csv"}).status_code == 404


def test_s9_an_option_that_was_retired_or_is_gone_keeps_its_column():
    task = answered()
    survey = Survey.objects.get(task=task)
    Option.objects.filter(question__survey=survey, key="home").update(retired=True)
    Option.objects.filter(question__survey=survey, key="mall").delete()
    head, rows = read(file_of(task).content)
    assert "where__home" in head and {row["where__mall"] for row in rows} == {"1"}


def test_s9_an_answer_of_another_form_shifts_nothing():
    task = answered()
    pk = Response.objects.first().pk
    Response.objects.filter(pk=pk).update(
        answers={"where": {"x": 1}, "calm": ["a", "b"], "strange": 1, "words": 'a,b\r\n"c'}
    )
    for kind in ("csv", "long"):
        head, rows = read(file_of(task, kind).content)
        assert "strange" not in head
    _head, rows = read(file_of(task).content)
    assert [row for row in rows if row["words"] == 'a,b\r\n"c' and row["calm"] == "NA" and row["used"] == ""]


def test_an_export_reads_everything_once():
    task = answered(people=6)
    survey = Survey.objects.select_related("task").get(task=task)
    with CaptureQueriesContext(connection) as queries:
        Export(survey).wide()
    assert len(queries) <= 5


@given(st.lists(st.lists(st.one_of(st.text(), st.integers(), st.none()), min_size=3, max_size=3), max_size=8))
def test_s20_whatever_was_typed_reads_back_in_its_cell(rows):
    table = Table(title="t", head=["a", "b", "c"], rows=rows)
    read_back = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))
    assert len(read_back) == len(rows) + 1
    for typed, kept in zip(rows, read_back[1:], strict=True):
        assert len(kept) == 3
        for before, after in zip(typed, kept, strict=True):
            said = "" if before is None else str(before).encode("utf-8", "replace").decode().replace("\x00", "")
            assert after in {said, f"'{said}"}
    assert as_xlsx([table])


@pytest.mark.real_data
def test_s20_every_naughty_string_reads_back():
    if not NAUGHTY.exists():
        pytest.skip("needs ../shared/data/naughty_strings")
    rows = [[words] for words in json.loads(NAUGHTY.read_text(encoding="utf-8"))]
    table = Table(title="t", head=["words"], rows=rows)
    kept = [row[0] for row in csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline=""))][1:]
    for words, (before,) in zip(kept, rows, strict=True):
        assert words in {before.replace("\x00", ""), "'" + before.replace("\x00", "")}
    sheet = load_workbook(io.BytesIO(as_xlsx([table])))["t"]
    assert not [cell for (cell,) in sheet.iter_rows(min_row=2) if cell.data_type == "f"]
