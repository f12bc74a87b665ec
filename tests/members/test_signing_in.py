from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from kocforum.members.actions import close_account, record_consent
from kocforum.members.models import Agreement, Member

PASSWORD = "rain-night-7"


@pytest.mark.parametrize("login", ["阿泽", "13800138000", "+86 138-0013-8000", "AZE@example.cn"])
def test_user_name_number_and_address_all_open_the_door(client, owner, login):
    answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert answer.status_code == 302 and answer.headers["Location"] == "/"
    assert client.get("/me/settings/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_read_the_same(client, owner):
    said = [
        client.post("/accounts/login/", {"login": login, "password": "wrong-wrong-1"})
        .context["form"]
        .non_field_errors()
        for login in ("阿泽", "nobody", "13800138000", "13700137000", "aze@example.cn", "nobody@example.cn")
    ]
    assert said[0] and all(errors == said[0] for errors in said)


def test_a_code_by_phone_signs_in(client, owner, texted):
    client.post("/accounts/login/code/", {"contact": "138 0013 8000"})
    answer = client.post("/accounts/login/code/confirm/", {"code": texted("+8613800138000").code})
    assert answer.headers["Location"] == "/"
    assert client.get("/me/settings/").status_code == 200


def test_a_code_by_email_signs_in(client, owner, mailed):
    client.post("/accounts/login/code/", {"contact": "aze@example.cn"})
    client.post("/accounts/login/code/confirm/", {"code": mailed("aze@example.cn").code})
    assert client.get("/me/settings/").status_code == 200


def test_asking_a_code_for_a_stranger_looks_the_same(client, owner, texted):
    pages = []
    for number in ("13800138000", "13700137000"):
        answer = client.post("/accounts/login/code/", {"contact": number}, follow=True)
        page = re.sub(r"csrfmiddlewaretoken\W+value=\W\w+|\+86\d+", "", answer.content.decode())
        pages.append((answer.redirect_chain, page))
        client.cookies.clear()
    assert pages[0] == pages[1]
    assert texted("+8613700137000").code is None


@pytest.mark.parametrize("typed", ["", "car", "138", "nobody@"])
def test_what_is_neither_number_nor_address_is_said(client, db, typed):
    answer = client.post("/accounts/login/code/", {"contact": typed})
    form = answer.context["form"]
    assert answer.status_code == 200 and (form.contact_errors() or form.non_field_errors())


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_sign_in_leads_out_of_the_house(client, owner, texted, target):
    answer = client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"
    client.logout()
    client.post(f"/accounts/login/code/?next={target}", {"contact": "13800138000", "next": target})
    answer = client.post("/accounts/login/code/confirm/", {"code": texted("+8613800138000").code, "next": target})
    assert answer.headers["Location"] == "/"


def test_five_wrong_passwords_close_the_door_for_a_while(client, owner):
    for _attempt in range(5):
        client.post("/accounts/login/", {"login": "阿泽", "password": "wrong-wrong-1"})
    answer = client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    assert "Too many attempts" in str(answer.context["form"].errors) or answer.status_code == 429


def test_a_new_password_comes_by_a_code_to_the_address(client, owner, mailed):
    client.post("/accounts/password/reset/", {"email": "aze@example.cn"})
    assert client.get("/accounts/password/reset/confirm/").status_code == 200
    client.post("/accounts/password/reset/confirm/", {"code": mailed("aze@example.cn").code})
    assert client.get("/accounts/password/reset/complete/").status_code == 200
    client.post("/accounts/password/reset/complete/", {"password1": "snow-morning-8", "password2": "snow-morning-8"})
    owner.refresh_from_db()
    assert owner.check_password("snow-morning-8")
    assert "Your password was reset." in mailed("aze@example.cn").text


def test_resetting_for_an_unknown_address_looks_the_same(client, owner, mailed):
    answers = [client.post("/accounts/password/reset/", {"email": to}) for to in ("aze@example.cn", "no@example.cn")]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert mailed("no@example.cn").code is None


def test_the_password_is_changed_in_the_settings(client, owner):
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "snow-morning-8", "password2": "snow-morning-8"}
    assert client.post("/accounts/password/change/", new).headers["Location"] == "/me/settings/"
    assert client.get("/me/settings/").status_code == 200


def test_an_address_is_added_by_a_code(client, signed_up, texted, mailed):
    signed_up(phone="13912345678")
    client.post("/accounts/phone/verify/", {"code": texted("+8613912345678").code})
    client.post("/accounts/email/", {"email": "new@example.cn", "action_add": "1"})
    client.post("/accounts/confirm-email/", {"code": mailed("new@example.cn").code})
    member = Member.objects.get()
    assert member.email == "new@example.cn" and member.email_verified_at


def test_a_changed_address_replaces_the_old_one(client, owner, mailed):
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    client.post("/accounts/email/", {"email": "second@example.cn", "action_add": "1"})
    client.post("/accounts/confirm-email/", {"code": mailed("second@example.cn").code})
    owner.refresh_from_db()
    assert owner.email == "second@example.cn" and owner.email_verified_at
    assert list(owner.emailaddress_set.values_list("email", flat=True)) == ["second@example.cn"]


def test_a_number_is_changed_by_a_code(client, owner, texted):
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    client.post("/accounts/phone/change/", {"phone": "13912345678"})
    owner.refresh_from_db()
    assert owner.phone == "+8613800138000"
    client.post("/accounts/phone/verify/", {"code": texted("+8613912345678").code})
    owner.refresh_from_db()
    assert owner.phone == "+8613912345678" and owner.phone_verified_at


def test_a_number_of_somebody_else_is_never_taken(client, owner, operator, texted):
    client.force_login(operator)
    client.post("/accounts/phone/change/", {"phone": "13800138000"})
    answer = client.post("/accounts/phone/verify/", {"code": texted("+8613800138000").code})
    assert answer.status_code == 200
    operator.refresh_from_db()
    assert operator.phone is None


def test_an_authenticator_app_becomes_the_second_step(client, owner):
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    counter = int(time.time()) // 30
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    stored = Authenticator.objects.get(user=owner, type="totp")
    assert secret not in str(stored.data) and TOTP(stored).validate_code(code)
    for address in ("/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/totp/deactivate/"):
        assert client.get(address).status_code == 200
    client.logout()
    cache.clear()
    answer = client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.get("/me/settings/").status_code == 302


def test_the_second_step_is_asked_again_before_it_is_changed(client, owner):
    client.force_login(owner)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_passkey_can_be_asked_for_without_inline_script(client, owner):
    assert (
        "publicKey"
        in client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json").json()["request_options"]
    )
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/webauthn/add/")
    text = page.content.decode()
    assert page.status_code == 200 and "js_data" in text
    assert not re.search(r"<script(?![^>]*\b(src|application/json))[^>]*>", text)
    assert not re.search(r"\son\w+=|\sstyle=", text)
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_other_devices_are_signed_out(client, client_factory, owner):
    other = client_factory()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    assert client.get("/accounts/sessions/").status_code == 200
    client.post("/accounts/sessions/")
    assert client.get("/me/settings/").status_code == 200
    assert other.get("/me/settings/").status_code == 302


def test_a_new_text_is_shown_once_on_the_way_in(client, owner, admin):
    client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    client.logout()
    text = Agreement.objects.create(kind="terms", version=2, body="新约定" * 9, body_en="new text " * 9)
    answer = client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD, "next": "/me/data/"})
    assert answer.headers["Location"] == "/accounts/consents/?next=%2Fme%2Fdata%2F"
    assert client.get(answer.headers["Location"]).status_code == 200
    record_consent(by=owner, agreements=[text])
    assert client.get(answer.headers["Location"]).headers["Location"] == "/me/data/"


def test_a_closed_account_cannot_come_back_in(client, owner):
    close_account(by=owner)
    answer = client.post("/accounts/login/", {"login": "阿泽", "password": PASSWORD})
    assert answer.status_code == 200 and answer.context["form"].errors
    client.post("/accounts/login/code/", {"contact": "13800138000"})
    assert client.get("/me/settings/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "login/",
        "signup/",
        "signup/?by=email",
        "login/code/",
        "password/reset/",
        "agreement/terms/",
        "agreement/privacy/",
        "codes/",
    ],
)
def test_the_doors_open_in_both_languages(client, db, address):
    for language in ("zh-hans", "en"):
        answer = client.get(f"/accounts/{address}", HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 200
        assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in answer.content.decode()


def test_fields_tell_the_phone_what_they_want(client, db):
    page = client.get("/accounts/signup/").content.decode()
    assert 'autocomplete="tel"' in page and 'inputmode="tel"' in page and 'autocomplete="username"' in page
    page = client.get("/accounts/login/").content.decode()
    assert 'autocomplete="current-password"' in page
