"""The page of a day, one memory, and the same in JSON: shown to whoever may see the event and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.forum.actions.threads import open_thread
from tasks.actions.events import open_event
from tasks.actions.initiative_reports import report
from tasks.actions.taking_down import ask_to_take_down
from tasks.models import Event, Memory
from tests.people import make_board
from tests.tasks.initiatives import koc, member, opened_event, planned_event
from tests.tasks.test_event_pictures import picture
from tests.tasks.test_initiative_reports import STORY, held_event
from tests.tasks.test_memories import begun_event, kept
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_reviews import endorsed, staff
from tests.tasks.test_survey_api import api
from tests.uploads.made import given, photo

pytestmark = pytest.mark.django_db


def test_who_was_there_adds_pictures_and_everybody_sees_them():
    event = begun_event("lin")
    path, adds = f"/events/{event.pk}/memories/", client_of(member("lin"))
    page = adds.get(path).content.decode()
    assert 'name="new_uploads"' in page and "这一天，还没有人留下什么" in page
    sent = {"new_uploads": [given(photo()), given(photo())], "words": "雨停在午饭之前。\n<b>真好</b>"}
    assert adds.post(path, sent).status_code == 302
    told = Memory.objects.get()
    page = client_of().get(path).content.decode()
    assert page.count('class="wall n2"') == 1 and "&lt;b&gt;真好&lt;/b&gt;" in page
    assert 'name="new_uploads"' not in page and "当时你也在" in page
    stranger = client_of(member("he")).get(path).content.decode()
    assert 'name="new_uploads"' not in stranger and "到过现场的人" in stranger
    assert client_of().get(told.get_absolute_url()).status_code == 200


def test_what_was_typed_and_received_stays_when_it_is_refused():
    event = begun_event("lin")
    path, adds = f"/events/{event.pk}/memories/", client_of(member("lin"))
    answer = adds.post(path, {"words": " "})
    assert answer.status_code == 422 and "总要有一样" in answer.content.decode()
    answer = adds.post(path, {"words": "别丢了这句", "new_uploads": [given(photo()) for _ in range(10)]})
    page = answer.content.decode()
    assert answer.status_code == 422 and "最多九张" in page and "别丢了这句" in page
    assert page.count('type="hidden" name="uploads"') == 10 and not Memory.objects.exists()


def test_who_comes_too_late_keeps_what_was_typed():
    event = held_event("lin")
    path, adds = f"/events/{event.pk}/memories/", client_of(member("lin"))
    long_ago = timezone.now() - timedelta(days=40)
    Event.objects.filter(pk=event.pk).update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    answer = adds.post(path, {"words": "别丢了这句"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "别丢了这句" in page and "不再添新的" in page
    assert "别丢了这句" not in adds.get(path).content.decode() and not Memory.objects.exists()


def test_words_are_still_there_after_the_sign_in_ended():
    event = begun_event("lin")
    told = kept(event)
    window = client_of()
    window.post(f"/events/{event.pk}/memories/", {"words": "写到一半"})
    window.post(told.get_absolute_url(), {"do": "edit", "words": "改到一半"})
    window.force_login(member("lin"))
    assert "写到一半" in window.get(f"/events/{event.pk}/memories/").content.decode()
    assert "改到一半" in window.get(told.get_absolute_url()).content.decode()


def test_its_author_changes_it_and_takes_it_down():
    told = kept(begun_event("lin"), uploads=[first := picture(member("lin"))])
    path, author = told.get_absolute_url(), client_of(member("lin"))
    sent = {"do": "edit", "words": "雨停了。", "uploads": [first.pk], "new_uploads": given(photo()), "revision": 1}
    assert author.post(path, sent).status_code == 302
    answer = author.post(path, {**sent, "words": "第二个窗口", "new_uploads": ()})
    assert answer.status_code == 422 and "第二个窗口" in answer.content.decode()
    assert "已编辑" in client_of().get(path).content.decode()
    assert client_of(member("he")).post(path, {"do": "remove"}).status_code == 422
    assert author.post(path, {"do": "remove"}).status_code == 302
    assert Memory.objects.get().state == "removed" and author.get(path).status_code == 404


def test_others_ask_on_its_page_and_organisers_answer_there():
    told = kept(begun_event("lin"))
    path, he, leads = told.get_absolute_url(), client_of(member("he")), client_of(koc())
    assert he.post(path, {"do": "ask", "wish": " "}).status_code == 422
    assert he.post(path, {"do": "ask", "wish": "第一张里有我"}).status_code == 302
    assert "你已请求撤下" in he.get(path).content.decode()
    assert "第一张里有我" not in client_of(member("lin")).get(path).content.decode()
    assert "有人请求撤下" in leads.get(f"/events/{told.event_id}/memories/").content.decode()
    assert "第一张里有我" in leads.get(path).content.decode()
    assert leads.post(path, {"do": "hide", "reason": ""}).status_code == 422
    assert leads.post(path, {"do": "keep", "answer": "看不清脸", "revision": 1}).status_code == 302
    assert leads.post(path, {"do": "hide", "reason": "认得出路人", "revision": 1}).status_code == 302
    assert leads.post(path, {"do": "show", "revision": 1}).status_code == 302
    assert he.post(path, {"do": "hide", "reason": "不好看"}).status_code == 422
    assert he.post(path, {"do": "nonsense"}).status_code == 404
    assert Memory.objects.get().state == "shown"


def test_an_event_leads_to_its_day_from_its_beginning_on_and_shows_the_latest_pictures():
    coming, event = opened_event(capacity=5), begun_event("lin")
    path = f"/events/{event.pk}/memories/"
    assert "/memories/" not in client_of().get(coming.get_absolute_url()).content.decode()
    assert path in client_of().get(event.get_absolute_url()).content.decode()
    kept(event, uploads=[shown := picture(member("lin"))])
    page = client_of(member("lin")).get(event.get_absolute_url()).content.decode()
    assert shown.thumbnail_url in page and "添上我的" in page
    assert path in client_of(member("lin")).get(event.get_absolute_url()).content.decode()
    assert "添上我的" not in client_of(member("he")).get(event.get_absolute_url()).content.decode()


def test_the_report_and_the_question_how_it_was_lead_to_it_too():
    made = endorsed().initiative
    event, other = held_event("lin", initiative=made), held_event(initiative=made)
    assert (
        f"/events/{event.pk}/memories/"
        in client_of(member("lin")).get(f"/events/{event.pk}/feedback/").content.decode()
    )
    report(by=made.proposer, initiative=made, story=STORY)
    kept(event, uploads=[shown := picture(member("lin"))])
    page = client_of().get(f"/initiatives/{made.pk}/report/").content.decode()
    assert shown.thumbnail_url in page and f"/events/{event.pk}/memories/" in page
    assert f"/events/{other.pk}/memories/" not in page


def test_of_an_event_that_one_may_not_see_neither_page_nor_json_nor_file_is_served():
    event = planned_event()
    shown = picture(koc())
    told = Memory.objects.create(event=event, author=koc(), words="还没有的事")
    type(shown).objects.filter(pk=shown.pk).update(attached_to="memory", number=told.pk, loose_since=None)
    paths = [f"/events/{event.pk}/memories/", told.get_absolute_url()]
    calls = [f"/api/v1{path}" for path in paths]
    files = [shown.url, shown.thumbnail_url]
    for who in (None, member("lin")):
        for path in (*paths, *files):
            assert client_of(who).get(path).status_code == 404
        for path in calls:
            assert api(who).get(path).status_code == 404
        for verb in ("ask", "hide", "show", "keep"):
            answer = api(who).post(f"{calls[1]}{verb}/", {"words": "看看"}, format="json")
            assert answer.status_code == (404 if who else 401)
    open_event(by=koc(), event=event)
    assert {client_of().get(path).status_code for path in (*paths, *files)} == {200}


def test_json_reads_adds_changes_and_takes_down():
    event, lin = begun_event("lin"), member("lin")
    comes_not = api(member("he"))
    path, adds = f"/api/v1/events/{event.pk}/memories/", api(lin)
    own = open_thread(by=lin, board=make_board(), title="皖南一日", body="走了一百公里。")
    said = {"uploads": [picture(lin).pk], "thread": own.pk, "op_id": "0b5c1e6e-0000-4000-8000-000000000126"}
    first, again = (adds.post(path, said, format="json") for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])
    one = f"{path}{first.json()['id']}/"
    [row] = api().get(path).json()["results"]
    assert (row["author"], len(row["pictures"]), row["thread"]["title"]) == ("lin", 1, "皖南一日")
    assert adds.patch(one, {"words": "雨停了。", "revision": 1}, format="json").json()["pictures"] == row["pictures"]
    assert adds.patch(one, {"words": "第二个窗口", "revision": 1}, format="json").status_code == 409
    assert adds.patch(one, {"uploads": [], "words": ""}, format="json").status_code == 400
    assert comes_not.post(path, {"words": "我也在"}, format="json").status_code == 403
    assert comes_not.patch(one, {"words": "改"}, format="json").status_code == 403
    assert comes_not.delete(one).status_code == 403
    assert comes_not.post(f"{one}ask/", {"words": "里面有我"}, format="json").status_code == 201
    assert api(koc()).post(f"{one}keep/", {"words": "看不清脸", "revision": 2}, format="json").status_code == 200
    assert (
        api(koc()).post(f"{one}hide/", {"words": "认得出路人", "revision": 2}, format="json").json()["state"]
        == "hidden"
    )
    assert api().get(path).json()["results"] == []
    assert api(staff("operator")).post(f"{one}show/", {"revision": 2}, format="json").status_code == 403
    assert api(koc()).post(f"{one}show/", {"revision": 2}, format="json").json()["state"] == "shown"
    assert adds.delete(one).status_code == 204 and api().get(one).status_code == 404


def test_the_pages_cost_the_same_for_one_and_for_many():
    event = begun_event("lin", "he")
    lin, board = member("lin"), make_board()
    visitor, adds, leads = client_of(), client_of(lin), client_of(koc())
    path = f"/events/{event.pk}/memories/"

    def keep(who: str) -> Memory:
        own = open_thread(by=member(who), board=board, title="皖南一日", body="走了一百公里。")
        return kept(event, who, uploads=[picture(member(who))], thread=own)

    one = keep("lin")
    ask_to_take_down(by=member("ma"), memory=one, words="里面有我")
    pages = (path, event.get_absolute_url(), one.get_absolute_url())

    def costs() -> list[tuple[int, ...]]:
        return [tuple(cost(client, page) for client in (visitor, adds, leads)) for page in pages]

    before = costs()
    for number in range(4):
        keep("he")
        ask_to_take_down(by=member(f"m{number}"), memory=keep("lin"), words="里面有我")
    assert costs() == before == [(5, 14, 8), (7, 18, 14), (4, 10, 7)]
