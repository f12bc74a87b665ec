"""Light, dark or as the device; and the language, without a token or a script."""

from __future__ import annotations

import pytest
from django.test import Client

from kocforum.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("style_pages")]


def test_a_visitor_switches_the_theme_by_a_form_without_a_token():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/ui/theme/", {"theme": "dark", "next": "/styleguide/"})
    assert (answer.status_code, answer["Location"]) == (302, "/styleguide/")
    assert 'data-theme="dark"' in client.get("/styleguide/").content.decode()


def test_a_script_gets_no_page_back(client):
    answer = client.post("/ui/theme/", {"theme": "light"}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 204
    assert answer.cookies["theme"].value == "light"


def test_as_the_device_on_this_device_wins_over_the_members_choice(client):
    client.force_login(Member.objects.create_user("zhou", theme="dark"))
    assert 'data-theme="dark"' in client.get("/styleguide/").content.decode()
    client.post("/ui/theme/", {"theme": ""})
    assert "data-theme=" not in client.get("/styleguide/").content.decode().split(">", 2)[1]


def test_an_unknown_theme_is_as_the_device(client):
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/styleguide/").content.decode()[:200]


def test_a_foreign_address_is_not_followed_back(client):
    assert client.post("/ui/theme/", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"


def test_the_language_is_switched_without_a_token():
    client = Client(enforce_csrf_checks=True)
    client.post("/ui/language/", {"language": "en", "next": "/styleguide/"})
    page = client.get("/styleguide/").content.decode()
    assert '<html lang="en"' in page
    client.post("/ui/language/", {"language": "zh-hans", "next": "/styleguide/"})
    assert '<html lang="zh-Hans"' in client.get("/styleguide/").content.decode()


def test_a_qr_code_leads_only_to_pages_of_this_site(client):
    answer = client.get("/ui/qr.svg", {"path": "/t/5/"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    assert client.get("/ui/qr.svg", {"path": "//evil.example/"}).status_code == 404
    assert client.get("/ui/qr.svg", {"path": "https://evil.example/"}).status_code == 404


def test_the_preview_is_rendered_as_the_post_will_be_and_only_for_members(client):
    assert client.post("/ui/preview/", {"text": "**雨夜**"}).status_code == 302
    client.force_login(Member.objects.create_user("zhou"))
    answer = client.post("/ui/preview/", {"text": "**雨夜** <script>alert(1)</script>"}).content.decode()
    assert "<strong>雨夜</strong>" in answer
    assert "<script>" not in answer
