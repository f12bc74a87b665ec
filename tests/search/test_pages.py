"""The search page and its API."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kocforum.search.actions import index_many, keep_word

from .conftest import NOON, PLANNER

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "naughty_strings" / "blns.json"
API = "/api/v1/search/"


def test_the_api_tells_type_id_thread_title_snippet_and_url(client, told):
    thread = told("自动泊车 <失败>", "**雨夜**里 <b> & 泊车")
    reply = told("自动泊车 <失败>", "雨夜我也遇到", kind="post", parent_id=1)
    member = told("雨夜车手", kind="member")
    answer = client.get(API, {"q": "雨夜"}).json()
    assert answer["next"] is answer["previous"] is None
    by_type = {found["type"]: found for found in answer["results"]}
    assert by_type["thread"] == {
        "type": "thread",
        "id": thread.pk,
        "thread": thread.pk,
        "title": "自动泊车 <失败>",
        "snippet": "<mark>雨夜</mark>里 &lt;b&gt; &amp; 泊车",
        "url": f"/u/{thread.username}/",
    }
    assert by_type["post"]["thread"] == 1 and by_type["post"]["id"] == reply.pk
    assert by_type["member"] == {
        "type": "member", "id": member.pk, "title": "雨夜车手", "snippet": "", "url": f"/u/{member.username}/"
    }  # fmt: skip


def test_the_api_gives_pages_of_twenty_by_cursor_without_gap_or_repeat(client, people):
    rows = people(45)
    index_many(
        {"kind": "thread", "object_id": row.pk, "title": "雨夜", "body": "", "at": NOON - timedelta(hours=number)}
        for number, row in enumerate(rows)
    )
    seen, address = [], f"{API}?q=雨夜&type=thread"
    while address:
        answer = client.get(address).json()
        seen.append([found["id"] for found in answer["results"]])
        address, before = answer["next"], answer["previous"]
    assert [len(page) for page in seen] == [20, 20, 5]
    assert sum(seen, []) == [row.pk for row in rows]
    assert [found["id"] for found in client.get(before).json()["results"]] == seen[1]
    for cursor in ("x", "cGxhY2U9LTE=", "é", "cD0y", "cGxhY2U9OTk5OTk5OTk="):
        assert client.get(API, {"q": "雨夜", "cursor": cursor}).status_code == 404


def test_an_unknown_type_is_refused_by_name(client):
    answer = client.get(API, {"q": "雨夜", "type": "ticket"})
    assert answer.status_code == 400 and list(answer.json()) == ["type"]


@pytest.mark.parametrize("query", ["", "   ", "%", "*", "a b " * 500, "🚗"])
def test_queries_without_sense_find_nothing_and_break_nothing(client, query):
    assert client.get(API, {"q": query}).json()["results"] == []
    assert client.get("/search/", {"q": query, "page": "x", "type": "%"}).status_code == 200


def test_a_query_with_a_nul_is_refused_and_breaks_nothing(client):
    assert client.get(API, {"q": "\x00"}).status_code == 400
    assert client.get("/search/", {"q": "\x00"}).status_code == 400


@pytest.mark.real_data
@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/naughty_strings is not here")
def test_naughty_strings_never_break_the_api(client):
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert client.get(API, {"q": text}).status_code == 200


def test_the_page_tells_what_was_found_with_marks_and_tabs(client, told):
    told("自动泊车 <失败>", "在<雨夜>里")
    told("泊车达人", kind="member")
    page = client.get("/search/", {"q": "泊车"}).content.decode()
    assert "自动<mark>泊车</mark> &lt;失败&gt;" in page and "<失败>" not in page
    assert page.count('class="item"') == 2
    assert 'href="?q=%E6%B3%8A%E8%BD%A6&amp;type=member"' in page
    only = client.get("/search/", {"q": "泊车", "type": "member"}).content.decode()
    assert only.count('class="item"') == 1


def test_a_refinement_answers_the_results_alone(client, told):
    told("自动泊车")
    part = client.get(
        "/search/", {"q": "泊车"}, headers={"HX-Request": "true", "HX-Target": "search-results"}
    ).content.decode()
    assert part.lstrip().startswith('<section id="search-results"') and "<html" not in part


def test_an_empty_page_proposes_something(client, told):
    keep_word(by=None, text="标线反光", proposed=True)
    assert "标线反光" in client.get("/search/").content.decode()
    told("自动泊车")
    page = client.get("/search/", {"q": "自动泊车 火星"}).content.decode()
    assert f'href="?q={"%E8%87%AA%E5%8A%A8%E6%B3%8A%E8%BD%A6"}"' in page
    assert "/reports/new/" in page
    elsewhere = client.get("/search/", {"q": "泊车", "type": "member"}).content.decode()
    assert 'href="?q=%E6%B3%8A%E8%BD%A6"' in elsewhere


def test_the_page_costs_the_same_for_one_result_and_for_twenty(client, told, people, django_assert_num_queries):
    told("雨夜")
    client.get("/search/", {"q": "雨夜"})
    # The places, their texts, and the rows of one kind.
    with django_assert_num_queries(3 + PLANNER):
        client.get("/search/", {"q": "雨夜"})
    index_many({"kind": "thread", "object_id": row.pk, "title": "雨夜", "body": "", "at": NOON} for row in people(30))
    with django_assert_num_queries(3 + PLANNER):
        client.get("/search/", {"q": "雨夜"})
