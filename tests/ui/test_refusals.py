"""Refusals are pages with a sentence and a way on, or a toast where a part of a page asked."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("style_pages")]
STATES = "/styleguide/states"


@pytest.mark.parametrize(
    ("name", "status"), [("conflict", 409), ("forbidden", 403), ("403", 403), ("nowhere", 404), ("500", 500)]
)
def test_a_refusal_is_a_designed_page_with_its_status(client, name, status):
    client.raise_request_exception = False
    answer = client.get(f"{STATES}/{name}/")
    assert answer.status_code == status
    page = answer.content.decode()
    assert 'class="refusal"' in page
    assert 'href="/"' in page


def test_the_sentence_of_a_refusal_is_its_headline(client):
    assert "<h1>这张工单已被别人推进，请刷新后再看。</h1>" in client.get(f"{STATES}/conflict/").content.decode()


def test_htmx_gets_the_sentence_as_a_toast_and_keeps_its_place(client):
    answer = client.get(f"{STATES}/conflict/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (409, "#notices", "beforeend")
    assert "<html" not in answer.content.decode()
    assert 'class="toast error"' in answer.content.decode()


def test_messages_stand_in_the_page_without_script(client):
    page = client.get(f"{STATES}/messages/").content.decode()
    assert 'class="toast success"' in page
    assert 'aria-live="polite"' in page
