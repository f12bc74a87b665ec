"""The opinion map on its page and in JSON, without JavaScript: vote, see, draw, change, hide."""

from __future__ import annotations

import pytest

from kocforum.members.models import Member
from tasks.actions.call_rounds import next_round
from tasks.actions.opinions import cast_vote, redraw_map
from tasks.models import Call, Statement, StatementVote
from tests.people import make_member, make_staff
from tests.tasks.calls import again, given, open_call
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_opinions import TEXTS, crowd, drawn, mapped
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def map_page(call: Call) -> str:
    return f"/tasks/{call.task_id}/map/"


def vote_on(client, call: Call, statement: Statement, vote: str, **more: str):
    return client.post(f"{map_page(call)}statements/{statement.pk}/vote/", {"vote": vote, **more})


def test_an_owner_votes_one_after_the_other_and_then_sees_the_map():
    call, owner = mapped(), make_member("he")
    client = client_of(owner)
    page = client.get(map_page(call)).content.decode()
    assert "<ellipse" not in page and sum(text in page.split('id="statements"')[0] for text in TEXTS) == 1
    for _turn in range(6):
        vote_on(client, call, page_next(client, call), "agree")
    assert "<ellipse" not in client.get(map_page(call)).content.decode()
    assert vote_on(client, call, page_next(client, call), "disagree").url == f"{map_page(call)}#vote"
    page = client.get(map_page(call)).content.decode()
    assert page.count("<ellipse") == 2 and "26" in page and "20" in page
    assert StatementVote.objects.filter(member=owner).count() == 7


def page_next(client, call: Call) -> Statement:
    return client.get(map_page(call)).context["ballot"].next


def test_a_vote_can_be_changed_on_the_list():
    call, owner = open_call(), make_member("he")
    (row,) = drawn(call, texts=TEXTS[:1])
    client = client_of(owner)
    vote_on(client, call, row, "agree")
    assert vote_on(client, call, row, "pass", list="1").url.endswith("?list=1#statements")
    assert StatementVote.objects.get().vote == 0
    assert vote_on(client, call, row, "perhaps").status_code == 404


def test_a_visitor_reads_statements_and_is_asked_to_sign_in(client):
    call = mapped()
    page = client.get(map_page(call)).content.decode()
    assert f"/accounts/login/?next={map_page(call)}" in page and "<ellipse" not in page
    assert vote_on(client, call, call.statements.first(), "agree").status_code == 302
    assert StatementVote.objects.filter(member__username="").count() == 0
    next_round(by=make_researcher("second"), call=call, expected="writing")
    call.refresh_from_db()
    next_round(by=Member.objects.get(username="second"), call=call, expected="discussing")
    assert "<ellipse" in client.get(map_page(call)).content.decode()  # the talk draws together: everybody sees it


def test_a_call_that_is_over_shows_its_map_and_asks_nobody(client):
    call = mapped()
    moved(call.task, "closed")
    page = client.get(map_page(call)).content.decode()
    assert "<ellipse" in page and "/vote/" not in page


def test_a_member_draws_a_statement_from_an_entry_on_the_page():
    call, owner = open_call(), make_member("he")
    entry = given(call, "laotang")
    client = client_of(owner)
    assert f'value="{entry.pk}" selected' in client.get(f"{map_page(call)}?entry={entry.pk}").content.decode()
    page = client.post(f"{map_page(call)}statements/", {"entry": entry.pk, "text": TEXTS[0]})
    assert page.status_code == 302 and Statement.objects.get().by_id == owner.pk
    page = client.post(f"{map_page(call)}statements/", {"entry": entry.pk, "text": TEXTS[0]})
    assert page.status_code == 422 and TEXTS[0] in page.content.decode().split('id="draw"')[1]
    page = client.post(f"{map_page(call)}statements/", {"entry": "999999", "text": TEXTS[1]})
    assert page.status_code == 422 and TEXTS[1] in page.content.decode()


def test_what_was_typed_survives_the_end_of_the_session(client):
    call, owner = open_call(), make_member("he")
    entry = given(call, "laotang")
    page = client.post(f"{map_page(call)}statements/", {"entry": entry.pk, "text": TEXTS[0]})
    assert page.status_code == 302 and "/accounts/login/" in page.url
    client.force_login(owner)
    assert TEXTS[0] in client.get(map_page(call)).content.decode()


def test_who_drew_it_takes_it_back_and_a_moderator_hides_it_with_a_reason():
    call, owner = open_call(), make_member("he")
    one, other = drawn(call, owner, TEXTS[:2])
    client = client_of(owner)
    client.post(f"{map_page(call)}statements/{one.pk}/judge/", {"do": "remove"})
    assert Statement.objects.get(pk=one.pk).state == "removed"
    desk = client_of(make_staff("operator"))
    judge = f"{map_page(call)}statements/{other.pk}/judge/"
    desk.post(judge, {"do": "hide", "reason": ""})
    assert Statement.objects.get(pk=other.pk).state == "visible"
    desk.post(judge, {"do": "hide", "reason": "一句话里两件事"})
    assert Statement.objects.get(pk=other.pk).state == "hidden"
    assert TEXTS[1] not in client.get(map_page(call)).content.decode()
    assert "一句话里两件事" in desk.get(map_page(call)).content.decode()
    desk.post(judge, {"do": "show"})
    assert Statement.objects.get(pk=other.pk).state == "visible"
    assert desk.post(judge, {"do": "wave"}).status_code == 404


def test_the_call_and_the_entry_lead_to_the_map(client):
    call = mapped()
    assert map_page(call) in client.get(f"/tasks/{call.task_id}/").content.decode()
    reader = client_of(make_member("he"))
    assert f"{map_page(call)}?entry=" in reader.get(again(call.entries.get()).get_absolute_url()).content.decode()
    assert map_page(call) in client_of(make_researcher("second")).get(f"/desk/tasks/{call.task_id}/").content.decode()


def test_the_map_of_a_sealed_call_is_closed_to_all():
    call = open_call(invitees=("zhou", "he"))
    given(call, "zhou")
    page = client_of(Member.objects.get(username="he")).get(map_page(call))
    assert page.status_code == 200 and page.context["form"] is None and page.context["ballot"].total == 0


def test_the_map_costs_as_many_queries_however_many_vote():
    call, owner = mapped((26, 20)), make_member("he")
    for statement in call.statements.all():
        cast_vote(by=owner, statement=statement, vote=1)
    redraw_map(call=call)
    client = client_of(owner)
    client.get(map_page(call))
    few = cost(client, map_page(call))
    crowd_more(call)
    redraw_map(call=call)
    assert cost(client, map_page(call)) == few <= 17


def crowd_more(call: Call) -> None:
    StatementVote.objects.filter(member__username__startswith="crowd").delete()
    Member.objects.filter(username__startswith="crowd").delete()
    crowd(call, (40, 30), seed=2)


def test_the_map_in_json():
    call, owner = mapped(), make_member("he")
    here, reader = f"/api/v1/calls/{call.task_id}/", api(owner)
    rows = reader.get(f"{here}statements/").json()["results"]
    assert [row["text"] for row in rows] == list(TEXTS) and {row["own"] for row in rows} == {None}
    assert reader.get(f"{here}map/").status_code == 403
    for row in rows:
        said = reader.post(f"{here}statements/{row['id']}/vote/", {"vote": 1}, format="json")
        assert said.status_code == 200 and said.json()["own"] == 1
    assert reader.post(f"{here}statements/{rows[0]['id']}/vote/", {"vote": 3}, format="json").status_code == 400
    found = reader.get(f"{here}map/").json()
    assert found["groups"] == [26, 20] and found["own"] is None and found["people"] == 46
    redraw_map(call=call)
    found = reader.get(f"{here}map/").json()
    assert found["people"] == 47 and found["own"] in {0, 1}
    best = max(found["statements"], key=lambda line: line["consensus"])
    assert best["text"] in TEXTS[-2:] and len(best["groups"]) == 2
    made = reader.post(
        f"{here}statements/", {"entry": call.entries.get().pk, "text": "下雨天请先说一声"}, format="json"
    )
    assert made.status_code == 201 and made.json()["own"] is None
    assert api().post(f"{here}statements/{rows[0]['id']}/vote/", {"vote": 1}, format="json").status_code in {401, 403}
