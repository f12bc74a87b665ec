from __future__ import annotations

import io
import json
import zipfile

import pytest
from rest_framework.authtoken.models import Token

from kocforum.errors import Conflict
from kocforum.ledger.models import Fact
from kocforum.members import download
from kocforum.members.actions import close_account, edit_profile, enrol
from kocforum.members.models import Member

PASSWORD = "rain-night-7"


@pytest.fixture
def signed_in(client, owner):
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    return client


def test_the_profile_is_saved_and_told_once(signed_in, owner):
    said = {"part": "profile", "display_name": "雨夜车位", "bio": "S7", "city": "杭州"}
    assert signed_in.post("/me/settings/", said).status_code == 302
    assert signed_in.post("/me/settings/", said).status_code == 302
    owner.refresh_from_db()
    assert (owner.name, owner.bio, owner.city) == ("雨夜车位", "S7", "杭州")
    facts = Fact.objects.filter(name="members.ProfileEdited")
    assert [fact.payload for fact in facts] == [{"member_id": owner.pk, "fields": ["bio", "city", "display_name"]}]


def test_a_refused_name_keeps_what_was_typed(signed_in):
    answer = signed_in.post("/me/settings/", {"part": "profile", "display_name": "官方客服", "bio": "还在这里"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "官方客服" in page and "还在这里" in page and "kept for the house" in page


def test_language_and_theme_are_kept_with_the_account(signed_in, owner, client_factory):
    signed_in.post("/me/settings/", {"part": "appearance", "language": "en", "theme": "dark"})
    owner.refresh_from_db()
    assert (owner.language, owner.theme) == ("en", "dark")
    other = client_factory()
    other.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    page = other.get("/me/settings/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert 'lang="en"' in page and 'data-theme="dark"' in page


def test_the_switches_at_the_foot_are_kept_for_members_and_in_a_cookie_for_visitors(
    client, signed_in, owner, client_factory
):
    signed_in.post("/ui/language/", {"language": "en", "next": "/"})
    signed_in.post("/ui/theme/", {"theme": "dark", "next": "/"})
    owner.refresh_from_db()
    assert (owner.language, owner.theme) == ("en", "dark")
    visitor = client_factory()
    visitor.post("/ui/language/", {"language": "en", "next": "/"})
    assert 'lang="en"' in visitor.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()


def test_settings_cost_the_same_whatever_is_in_the_account(signed_in, owner, django_assert_max_num_queries):
    signed_in.get("/me/settings/")
    with django_assert_max_num_queries(3):
        assert signed_in.get("/me/settings/").status_code == 200


@pytest.mark.parametrize(
    "address", ["/me/settings/", "/me/data/", "/me/close/", "/accounts/consents/", "/accounts/sessions/"]
)
def test_own_pages_ask_for_a_sign_in(client, db, address):
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", ["", "email/", "phone/change/", "password/change/", "2fa/", "sessions/", "logout/"])
def test_every_page_about_signing_in_opens(signed_in, address):
    assert signed_in.get(f"/accounts/{address}", follow=True).status_code == 200


def test_the_number_is_veiled_on_the_page(signed_in):
    page = signed_in.get("/me/settings/").content.decode()
    assert "+86 138****8000" in page and "13800138000" not in page


class TestDownload:
    def archive(self, client):
        answer = client.post("/me/data/")
        assert answer.headers["Content-Type"] == "application/zip"
        return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    def test_everything_that_is_registered_is_in_it(self, signed_in, owner, monkeypatch):
        monkeypatch.setattr(download, "_sections", list(download._sections))
        download.register(lambda member: ("cars", ({"model": name} for name in ("S7", "S7 Pro"))))
        files = self.archive(signed_in)
        assert {"profile.json", "consents.json", "bans.json", "cars.json"} <= set(files.namelist())
        profile = json.loads(files.read("profile.json"))[0]
        assert profile["username"] == "阿泽" and profile["phone"] == "+8613800138000" and "password" not in profile
        assert json.loads(files.read("cars.json")) == [{"model": "S7"}, {"model": "S7 Pro"}]
        assert {row["kind"] for row in json.loads(files.read("consents.json"))} == {"terms", "privacy"}

    def test_looking_makes_no_archive(self, signed_in):
        assert signed_in.get("/me/data/").headers["Content-Type"].startswith("text/html")


class TestClosing:
    def test_the_password_is_asked(self, signed_in, owner):
        assert signed_in.post("/me/close/", {"password": "wrong"}).status_code == 400
        owner.refresh_from_db()
        assert owner.closed_at is None

    def test_who_has_no_password_types_the_phrase(self, client, db):
        member = enrol(username="codes_only", phone="+8613912345678")
        client.force_login(member)
        assert client.post("/me/close/", {"phrase": "maybe"}).status_code == 400
        assert client.post("/me/close/", {"phrase": "Close my account"}).status_code == 200
        member.refresh_from_db()
        assert member.closed_at

    def test_nothing_personal_stays_and_every_door_shuts(self, signed_in, owner, client_factory):
        edit_profile(by=owner, display_name="雨夜车位", bio="S7", city="杭州")
        Token.objects.create(user=owner)
        other = client_factory()
        other.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
        assert signed_in.post("/me/close/", {"password": PASSWORD}).status_code == 200
        gone = Member.objects.get(pk=owner.pk)
        kept = {field.name: getattr(gone, field.attname) for field in Member._meta.fields}
        said = " ".join(str(value) for value in kept.values())
        for personal in ("阿泽", "雨夜车位", "13800138000", "aze@example.cn", "杭州", "S7"):
            assert personal not in said
        assert gone.name == "A former member" and not gone.is_active and not gone.has_usable_password()
        assert not gone.emailaddress_set.exists() and not gone.usersession_set.exists()
        assert not Token.objects.filter(user=gone).exists()
        for browser in (signed_in, other):
            assert browser.get("/me/settings/").status_code == 302
        assert Fact.objects.filter(name="members.AccountClosed", payload={"member_id": owner.pk}).count() == 1
        assert not Member.objects.visible_to(None).filter(pk=owner.pk).exists()

    def test_the_number_and_the_name_are_free_again(self, signed_in, owner, signed_up, client):
        close_account(by=owner)
        client.cookies.clear()
        assert signed_up(username="阿泽", phone="13800138000").headers["Location"] == "/accounts/phone/verify/"

    def test_closing_twice_is_refused(self, owner):
        close_account(by=owner)
        with pytest.raises(Conflict):
            close_account(by=owner)
