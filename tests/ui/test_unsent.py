"""Unsent text survives a lost sign-in and a worn-out form, without JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client

from kocforum.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("style_pages")]
TEXT = "雨夜垂直泊车连续三次失败"


def sign_in(client: Client) -> None:
    """As the sign-in page does it: the session goes on under a new key."""
    Member.objects.create_user("zhou", password="x")
    assert client.login(username="zhou", password="x")


def test_what_a_signed_out_person_posts_is_in_the_form_after_signing_in(client):
    answer = client.post("/styleguide/reply/5/", {"body": TEXT})
    assert answer.status_code == 302
    assert "next=/styleguide/reply/5/" in answer["Location"]
    sign_in(client)
    assert TEXT in client.get("/styleguide/reply/5/").content.decode()
    assert TEXT not in client.get("/styleguide/reply/6/").content.decode()


def test_it_is_forgotten_once_it_was_posted(client):
    client.post("/styleguide/reply/5/", {"body": TEXT})
    sign_in(client)
    client.post("/styleguide/reply/5/", {"body": TEXT})
    assert TEXT not in client.get("/styleguide/reply/5/").content.decode()


def test_a_worn_out_form_keeps_the_text_and_shows_the_way_back():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/styleguide/reply/5/", {"body": TEXT})
    assert answer.status_code == 403
    assert 'href="/styleguide/reply/5/"' in answer.content.decode()
    assert TEXT in client.get("/styleguide/reply/5/").content.decode()


def test_where_nothing_is_arranged_the_text_is_shown_for_copying():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/ui/preview/", {"text": TEXT, "password": "geheim-geheim"}).content.decode()
    assert TEXT in answer
    assert "geheim" not in answer


def test_nothing_typed_leaves_no_session_behind(client):
    client.post("/styleguide/reply/5/", {"body": "  "})
    assert "sessionid" not in client.cookies


def test_the_oldest_texts_go_when_there_are_too_many(client):
    for number in range(1, 9):
        client.post(f"/styleguide/reply/{number}/", {"body": f"{TEXT} {number}"})
    assert len(client.session["unsent"]) == 6
