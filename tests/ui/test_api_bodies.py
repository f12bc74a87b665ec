"""What comes in over the API and what is said of it, whatever the address."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from kocforum.forum.models import Board, Thread
from tests.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.force_authenticate(make_member())
    return client


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '{"title":' + "[" * 100_000, "[", "\udcff"])
def test_a_body_that_nobody_can_read_is_refused(client, body):
    answer = client.post("/api/v1/threads/", body.encode(errors="surrogateescape"), content_type="application/json")
    assert answer.status_code == 400 and "detail" in answer.json()


@pytest.mark.parametrize("op_id", [True, False, 1, 2**70, 1.5, [], {}, "", "one"])
def test_only_a_uuid_is_an_op_id(client, op_id):
    board = Board.objects.create(slug="talk", name="闲聊")
    answer = client.post(
        "/api/v1/threads/", {"board": board.slug, "title": "标题", "body": "正文", "op_id": op_id}, format="json"
    )
    assert answer.status_code == 400 and list(answer.json()) == ["op_id"]
    assert not Thread.objects.exists()


def test_what_is_not_there_is_said_in_the_readers_language():
    for language, sentence in (("zh-hans", "未找到。"), ("en", "Not found.")):
        answer = APIClient().get("/api/v1/threads/999/", HTTP_ACCEPT_LANGUAGE=language)
        assert (answer.status_code, answer.json()) == (404, {"detail": sentence})


@pytest.mark.parametrize("reply_to", [0, -1, 999, 2**63, 2**70])
def test_an_answer_to_no_post_is_named(client, reply_to):
    board = Board.objects.create(slug="talk", name="闲聊")
    thread = client.post(
        "/api/v1/threads/", {"board": board.slug, "title": "标题", "body": "正文"}, format="json"
    ).json()
    address = f"/api/v1/threads/{thread['id']}/posts/"
    answer = client.post(address, {"body": "答", "reply_to": reply_to}, format="json")
    assert answer.status_code == 400 and list(answer.json()) == ["reply_to"]
    assert client.post(address, {"body": "答", "reply_to": None}, format="json").status_code == 201
