"""An address that only takes what a form sends leads whoever comes by a link up to the page above it."""

from __future__ import annotations

import pytest

from tests.people import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/tasks/5/answer/?page=2", "/tasks/5/?page=2"),
        ("/tasks/5/entries/7/lead/", "/tasks/5/entries/7/"),
        ("/tasks/budget/?next=//elsewhere.example", "/tasks/?next=//elsewhere.example"),
    ],
)
def test_it_leads_to_the_page_above_with_the_query(client, path, to):
    client.force_login(make_member("lin"))
    assert client.get(path).url == to


def test_scripts_are_told_what_they_did_wrong(client):
    client.force_login(make_member("lin"))
    assert client.put("/tasks/5/answer/").status_code == 405
    assert client.get("/ui/theme/").status_code == 405


def test_the_interface_says_405(client):
    client.force_login(make_member("lin"))
    assert client.get("/api/v1/workshops/5/open/").status_code == 405
