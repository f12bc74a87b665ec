"""Coding through the pages, without JavaScript; at a stated number of queries."""

from __future__ import annotations

import pytest

from tasks.actions.codes import codebook_of_call
from tasks.models import Code, Coder, Quote, Span, Verdict
from tests.people import make_member, make_staff
from tests.tasks.calls import given, open_call
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
    assert cost(reader, f"{here}{entry.pk}/") <= 20
