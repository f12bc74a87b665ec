"""Coding through the pages, without JavaScript; at a stated number of queries."""

from __future__ import annotations

import re

import pytest

from kocforum.members.models import Member
from tasks.actions.codes import codebook_of_call
from tasks.actions.entries import withdraw_entry
from tasks.models import Code, Coder, Quote, Span, Verdict
from tests.people import make_member, make_staff
from tests.tasks.calls import again, given, open_call
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db

BODY = "雨夜三次都停在半路。\n\n后来自己停了。"


def test_from_the_codebook_to_a_settled_dispute_through_the_pages():
    call = open_call()
    entry = given(call, "lin", body=BODY)
    here = f"/desk/tasks/{call.task_id}/coding/"
    first, second, third = (
        client_of(one)
        for one in (make_researcher(), make_staff("b", role="researcher"), make_staff("c", role="researcher"))
    )
    first.post(f"{here}codebook/", {"do": "theme", "name": "天气"})
    first.post(f"{here}codebook/", {"do": "code", "name": "雨天失败", "memo": "下雨，而且没停完。"})
    again = first.post(f"{here}codebook/", {"do": "code", "name": "雨天失败"})
    assert again.status_code == 422 and Code.objects.count() == 1
    code = Code.objects.get()
    first.post(
        f"{here}codebook/",
        {"do": "edit", "id": code.pk, "name": "雨里失败", "memo": "", "theme": code.codebook.themes.get().pk},
    )
    assert Code.objects.get().name == "雨里失败" and Code.objects.get().theme.name == "天气"
    for reader in (first, second):
        reader.post(f"{here}read/", {"do": "begin"})
    assert Coder.objects.count() == 2
    moved(call.task, "closed")
    page = first.get(f"{here}{entry.pk}/").content.decode()
    assert 'data-start="0"' in page and "雨夜三次都停在半路。" in page
    sent = {"do": "apply", "version": 1, "code": code.pk, "start": 0, "end": 10}
    assert first.post(f"{here}{entry.pk}/mark/", sent).url == f"{here}{entry.pk}/"
    assert 'class="marked"' not in second.get(f"{here}{entry.pk}/").content.decode()
    assert first.post(f"{here}{entry.pk}/mark/", {**sent, "end": 0}).status_code == 422 and Span.objects.count() == 1
    for reader in (first, second):
        assert reader.post(f"{here}{entry.pk}/mark/", {"do": "read", "after": ""}).url == here
        reader.post(f"{here}read/", {"do": "finish"})
    assert 'name="do" value="applies"' not in first.get(here).content.decode()
    assert 'name="do" value="applies"' in third.get(here).content.decode()
    span = Span.objects.get()
    third.post(
        f"{here}settle/",
        {"version": span.version_id, "code": code.pk, "start": 0, "do": "applies", "note": "停在半路就是失败"},
    )
    assert Verdict.objects.get().applies
    shown = first.get(here).content.decode()
    assert "雨里失败" in shown and "α" in shown
    taken = first.post(f"{here}{entry.pk}/mark/", {"do": "quote", "span": span.pk, "paraphrase": "雨里没停完"})
    assert taken.url == f"/desk/promote/?quote={Quote.objects.get().pk}"
    for kind in ("md", "csv", "qdpx"):
        answer = first.get(f"{here}export/?as={kind}")
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert first.get(f"{here}export/?as=exe").status_code == 404


def read_page(body: str = BODY, codes: tuple[str, ...] = ("雨天失败",)):
    """A reader in a round, where it reads, the entry, and the codes."""
    call, reader = open_call(), client_of(make_researcher())
    entry = given(call, "lin", body=body)
    book = codebook_of_call(call)
    made = [Code.objects.create(codebook=book, name=name) for name in codes]
    here = f"/desk/tasks/{call.task_id}/coding/"
    reader.post(f"{here}read/", {"do": "begin"})
    return reader, here, entry, made


def test_a_whole_passage_is_coded_with_the_form_below_it():
    reader, here, entry, (rain,) = read_page()
    page = reader.get(f"{here}{entry.pk}/").content.decode()
    forms = re.findall(r'name="start" value="(\d+)"><input type="hidden" name="end" value="(\d+)"', page)
    places = [(int(start), int(end)) for start, end in forms]
    assert [BODY[start:end] for start, end in places] == BODY.split("\n\n")
    start, end = places[1]
    sent = {"do": "apply", "version": 1, "code": rain.pk, "start": start, "end": end, "memo": "自己停的"}
    reader.post(f"{here}{entry.pk}/mark/", sent)
    assert (Span.objects.get().exact, Span.objects.get().memo) == ("后来自己停了。", "自己停的")


def test_a_refused_mark_keeps_the_memo_the_code_and_the_place():
    reader, here, entry, (rain,) = read_page()
    sent = {"do": "apply", "version": 1, "code": "", "start": 0, "end": 10, "memo": "雨里", "passage": "1"}
    page = reader.post(f"{here}{entry.pk}/mark/", sent)
    said = page.content.decode()
    assert page.status_code == 422 and 'value="雨里"' in said and "data-whole open" in said
    sent = {"do": "apply", "version": 1, "code": rain.pk, "start": 4, "end": 4, "memo": "雨里"}
    page = reader.post(f"{here}{entry.pk}/mark/", sent, headers={"HX-Request": "true"})
    said = page.content.decode()
    assert page.status_code == 422 and 'value="雨里"' in said and 'aria-selected="true"' in said
    given(entry.call, Member.objects.get(username="lin"), body="先写一句。\n\n" + BODY)
    page = reader.post(f"{here}{entry.pk}/mark/", {**sent, "end": 8, "passage": "1"})
    said = page.content.decode()
    assert page.status_code == 422 and 'value="雨里"' in said and f'value="{rain.pk}" selected' in said
    assert not Span.objects.exists()


def test_a_refused_paraphrase_a_refused_code_and_a_refused_verdict_lose_nothing():
    reader, here, entry, (rain, _other) = read_page(codes=("雨天失败", "害怕"))
    reader.post(f"{here}{entry.pk}/mark/", {"do": "apply", "version": 1, "code": rain.pk, "start": 0, "end": 4})
    span = Span.objects.get()
    page = reader.post(f"{here}{entry.pk}/mark/", {"do": "quote", "span": span.pk, "paraphrase": "短" * 301})
    assert page.status_code == 422 and "短" * 301 in page.content.decode()
    sent = {"do": "edit", "id": rain.pk, "name": "害怕", "memo": "写了很久的说明"}
    page = reader.post(f"{here}codebook/", sent)
    assert page.status_code == 422 and "写了很久的说明" in page.content.decode()
    page = reader.post(f"{here}codebook/", {"do": "code", "name": "很" * 70, "memo": "另一段说明"})
    assert page.status_code == 422 and "另一段说明" in page.content.decode()
    page = reader.post(f"{here}codebook/", {"do": "theme", "name": "", "memo": "主题的说明"})
    assert page.status_code == 422 and "主题的说明" in page.content.decode()
    assert Code.objects.get(pk=rain.pk).name == "雨天失败" and not Quote.objects.exists()


def test_with_a_script_a_mark_changes_only_the_part_with_the_text():
    reader, here, entry, (rain,) = read_page()
    sent = {"do": "apply", "version": 1, "code": rain.pk, "start": 0, "end": 4}
    page = reader.post(f"{here}{entry.pk}/mark/", sent, headers={"HX-Request": "true"})
    said = page.content.decode()
    assert page.status_code == 200 and said.strip().startswith("<div") and "<html" not in said and "marked" in said
    dropped = {"do": "drop", "span": Span.objects.get().pk}
    page = reader.post(f"{here}{entry.pk}/mark/", dropped, headers={"HX-Request": "true"})
    assert page.status_code == 200 and not Span.objects.exists()


def test_markup_is_muted_and_every_place_stays_one_in_the_text():
    body = (
        "## 雨夜 🌧️\n\n**三次**都停在半路[^1]，见 [图](https://example.org/x)。\n\n![路口](/media/x.webp)\n\n[^1]: 小雨"
    )
    reader, here, entry, _codes = read_page(body=body)
    page = reader.get(f"{here}{entry.pk}/").content.decode()
    pieces = re.findall(r'<span data-start="(\d+)" class="([^"]*)"[^>]*>(?:<img[^>]*>)?([^<]*)</span>', page)
    stored = again(entry).body
    assert pieces and all(stored[int(start) :].startswith(words) for start, _kind, words in pieces)
    kinds = {words: kind.strip() for _start, kind, words in pieces}
    assert kinds["## "] == kinds["**"] == kinds["[^1]"] == kinds["[^1]: "] == "md-markup"
    assert kinds["雨夜 🌧️"] == "md-heading" and kinds["三次"] == "md-strong" and kinds["图"] == ""
    assert '<img src="/media/x.webp"' in page
    assert "".join(words for *_rest, words in pieces) == stored.replace("\n\n", "")


def test_the_wall_shows_quotes_with_their_codes_and_only_a_paraphrase_of_what_is_withdrawn():
    reader, here, entry, (rain,) = read_page()
    assert f"{here}quotes/" in reader.get(here).content.decode()
    assert f"{here}quotes/" in reader.get(f"/desk/tasks/{entry.call.task_id}/").content.decode()
    reader.post(f"{here}{entry.pk}/mark/", {"do": "apply", "version": 1, "code": rain.pk, "start": 0, "end": 10})
    reader.post(f"{here}{entry.pk}/mark/", {"do": "quote", "span": Span.objects.get().pk, "paraphrase": "雨里没停完"})
    wall = reader.get(f"{here}quotes/").content.decode()
    assert all(words in wall for words in ("雨里没停完", "雨天失败", "还没有放进工单", "Lin"))
    assert f"<blockquote>{BODY[:10]}</blockquote>" in wall
    withdraw_entry(by=Member.objects.get(username="lin"), entry=again(entry))
    wall = reader.get(f"{here}quotes/").content.decode()
    assert "雨里没停完" in wall and "已撤回" in wall and BODY[:10] not in wall and "Lin" not in wall
    assert client_of(make_staff("engineer", role="engineer")).get(f"{here}quotes/").status_code == 404


def test_the_desk_of_a_call_leads_to_coding_and_owners_and_engineers_do_not_know_of_it():
    call = open_call()
    entry = given(call, "lin", body=BODY)
    here = f"/desk/tasks/{call.task_id}/coding/"
    assert here in client_of(make_researcher()).get(f"/desk/tasks/{call.task_id}/").content.decode()
    for member in (make_member("he"), make_staff("engineer", role="engineer")):
        client = client_of(member)
        assert [client.get(path).status_code for path in (here, f"{here}{entry.pk}/", f"{here}export/")] == [404] * 3
        assert client.post(f"{here}codebook/", {"do": "code", "name": "x"}).status_code == 404
    assert not Code.objects.exists()


def test_pages_of_coding_cost_a_stated_number_of_queries():
    call, reader = open_call(), client_of(make_researcher())
    for number in range(6):
        given(call, f"m{number}", body=BODY)
    book = codebook_of_call(call)
    for number in range(5):
        Code.objects.create(codebook=book, name=f"码 {number}")
    here = f"/desk/tasks/{call.task_id}/coding/"
    reader.post(f"{here}read/", {"do": "begin"})
    entry = call.entries.first()
    for code in book.codes.all():
        reader.post(f"{here}{entry.pk}/mark/", {"do": "apply", "version": 1, "code": code.pk, "start": 0, "end": 5})
    assert cost(reader, here) <= 25
    assert cost(reader, f"{here}{entry.pk}/") <= 24
    assert cost(reader, f"{here}quotes/") <= 20
