from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from kocforum.ledger.models import Fact
from kocforum.members.models import Consent, Member

PHONE = "+8613912345678"


def test_signing_up_by_phone_ends_signed_in_and_verified(client, signed_up, texted):
    answer = signed_up(phone="139 1234 5678")
    assert answer.headers["Location"] == "/accounts/phone/verify/"
    assert client.get("/accounts/phone/verify/").status_code == 200
    answer = client.post("/accounts/phone/verify/", {"code": texted(PHONE).code})
    assert answer.headers["Location"] == "/"
    member = Member.objects.get(phone=PHONE)
    assert member.phone_verified_at and member.is_verified and not member.has_usable_password()
    assert client.get("/me/settings/").status_code == 200
    assert set(Consent.objects.filter(member=member).values_list("agreement__kind", flat=True)) == {"terms", "privacy"}
    told = list(Fact.objects.filter(name__startswith="members.").values_list("name", flat=True))
    assert told == ["members.ConsentGiven", "members.ConsentGiven", "members.MemberSignedUp", "members.PhoneVerified"]


def test_signing_up_by_email_ends_signed_in_and_verified(client, signed_up, mailed):
    answer = signed_up(email="New@Example.cn", password1="rain-night-7")
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert "new@example.cn" in client.get("/accounts/confirm-email/").content.decode()
    letter = mailed("new@example.cn")
    assert letter.subject == "【Owners' Echo】Your code"
    answer = client.post("/accounts/confirm-email/", {"code": letter.code})
    assert answer.headers["Location"] == "/"
    member = Member.objects.get(username="雨夜车位")
    assert member.email == "new@example.cn" and member.email_verified_at and member.has_usable_password()
    assert client.get("/me/settings/").status_code == 200


def test_signing_up_leads_back_to_where_it_began(client, signed_up, texted):
    signed_up(phone="13912345678", next="/accounts/agreement/terms/")
    answer = client.post("/accounts/phone/verify/", {"code": texted(PHONE).code, "next": "/accounts/agreement/terms/"})
    assert answer.headers["Location"] == "/accounts/agreement/terms/"


def test_nobody_signs_up_without_both_consents(client, db):
    answer = client.post("/accounts/signup/", {"username": "雨夜车位", "phone": "13912345678", "terms": "on"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["privacy"]
    assert not Member.objects.exists()


def test_a_number_or_an_address_is_needed(signed_up):
    assert "phone" in signed_up().context["form"].errors
    assert "email" in signed_up(email="").context["form"].errors


@pytest.mark.parametrize("number", ["12345", "2391234567", "+86 123 4567 8901", "13912345678 9", "car"])
def test_what_is_no_number_is_refused(signed_up, number):
    assert "phone" in signed_up(phone=number).context["form"].errors


def test_a_wrong_code_is_said_and_the_third_ends_it(client, signed_up, texted):
    signed_up(phone="13912345678")
    wrong = "000000" if texted(PHONE).code != "000000" else "111111"
    for _attempt in range(2):
        assert client.post("/accounts/phone/verify/", {"code": wrong}).status_code == 200
    assert client.post("/accounts/phone/verify/", {"code": wrong}).status_code == 302
    assert (
        client.post("/accounts/phone/verify/", {"code": texted(PHONE).code}).headers["Location"] == "/accounts/login/"
    )


def test_signing_up_with_a_known_number_looks_the_same_and_tells_its_owner(client, owner, signed_up, texted):
    known = signed_up(phone="13800138000", username="someone2")
    assert known.headers["Location"] == "/accounts/phone/verify/"
    page = client.get("/accounts/phone/verify/")
    assert page.status_code == 200
    assert texted("+8613800138000").code is None
    assert not Member.objects.filter(username="someone2").exists()


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(client, owner, signed_up, mailed):
    known = signed_up(email="AZE@example.cn", username="someone2")
    assert known.headers["Location"] == "/accounts/confirm-email/"
    assert client.get("/accounts/confirm-email/").status_code == 200
    assert mailed("aze@example.cn").code is None
    assert not Member.objects.filter(username="someone2").exists()


def test_an_unfinished_sign_up_keeps_nobody_out(client, signed_up, texted):
    signed_up(phone="13912345678", password1="rain-night-7")
    client.logout()
    client.cookies.clear()
    from django.core.cache import cache

    cache.clear()
    answer = signed_up(phone="13912345678")
    assert answer.headers["Location"] == "/accounts/phone/verify/"
    client.post("/accounts/phone/verify/", {"code": texted(PHONE).code})
    member = Member.objects.get()
    assert member.phone_verified_at and not member.has_usable_password()


def test_a_name_of_an_unfinished_sign_up_is_free_after_an_hour(client, signed_up):
    signed_up(phone="13912345678")
    client.cookies.clear()
    assert "username" in signed_up(phone="13700137000").context["form"].errors
    Member.objects.update(date_joined=timezone.now() - timedelta(hours=2))
    assert signed_up(phone="13700137000").status_code == 302
    assert Member.objects.get().phone == "+8613700137000"


def test_the_password_of_an_unproved_number_opens_nothing(client, signed_up):
    signed_up(phone="13912345678", password1="rain-night-7")
    client.cookies.clear()
    answer = client.post("/accounts/login/", {"login": "13912345678", "password": "rain-night-7"})
    assert answer.status_code == 200 and answer.context["form"].errors


def test_the_page_of_codes_shows_the_message_but_never_one_of_staff(client, owner, operator):
    Member.objects.filter(pk=operator.pk).update(phone="+8613700137000", phone_verified_at=timezone.now())
    for number in ("13800138000", "13700137000"):
        client.post("/accounts/login/code/", {"contact": number})
    page = client.get("/accounts/codes/").content.decode()
    assert "+8613800138000" in page and "+8613700137000" not in page


@pytest.mark.parametrize("change", [{"PRODUCTION": True}, {"SMS_SENDER": "kocforum.members.sms.HttpSender"}])
def test_the_page_of_codes_exists_in_the_demo_only(client, db, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    assert client.get("/accounts/codes/").status_code == 404


def test_the_bridge_to_a_provider_posts_in_a_job(db, settings, monkeypatch):
    from kocforum.members import sms

    posted = []
    settings.SMS_URL, settings.SMS_TOKEN = "https://sms.example/send", "t0ken"

    class Fine:
        def raise_for_status(self):
            return self

    monkeypatch.setattr(
        httpx, "post", lambda url, **rest: posted.append((url, rest["json"], rest["headers"])) or Fine()
    )
    sms.HttpSender().send("+8613912345678", "123456")
    assert posted == []
    sms.post_message.func("+8613912345678", "123456")
    assert posted == [
        ("https://sms.example/send", {"phone": "+8613912345678", "text": "123456"}, {"Authorization": "Bearer t0ken"})
    ]


def test_signing_up_too_often_is_slowed_down(client, db):
    answers = [client.post("/accounts/signup/", {"username": "x"}) for _ in range(31)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"
