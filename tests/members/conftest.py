"""People of every kind, and the messages that the site sent."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import translation

from kocforum.members.actions import enrol
from kocforum.members.sms import DemoSender


@pytest.fixture(autouse=True)
def messages_in_a_temporary_folder(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    settings.SMS_SENDER = "kocforum.members.sms.DemoSender"


@pytest.fixture(autouse=True)
def in_english(settings):
    """Sentences are compared in the language that they are written in."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def owner(db):
    return enrol(username="阿泽", password="rain-night-7", phone="+8613800138000", email="aze@example.cn")


@pytest.fixture
def operator(db):
    return enrol(username="xiaoman", password="rain-night-7", role="operator", email="xiaoman@example.cn")


@pytest.fixture
def researcher(db):
    return enrol(username="linjia", password="rain-night-7", role="researcher", email="linjia@example.cn")


@pytest.fixture
def admin(db):
    return enrol(username="boss", password="rain-night-7", role="admin", email="boss@example.cn", superuser=True)


@pytest.fixture
def people(owner, operator, researcher, admin):
    return SimpleNamespace(owner=owner, operator=operator, researcher=researcher, admin=admin)


@pytest.fixture
def texted():
    """`texted("+86…")`: the newest text message to a number; `.code` is in it."""

    def newest(phone: str) -> SimpleNamespace | None:
        for message in DemoSender.latest():
            if message.phone == phone:
                code = re.search(r"\b\d{6}\b", message.text)
                return SimpleNamespace(text=message.text, code=code.group() if code else None)
        return None

    return newest


@pytest.fixture
def mailed():
    """`mailed("a@b.cn")`: the newest letter to an address; `.code` is in it."""

    def newest(address: str) -> SimpleNamespace | None:
        for letter in reversed(mail.outbox):
            if address in letter.to:
                code = re.search(r"^\d{6}$", letter.body, re.M)
                return SimpleNamespace(text=letter.body, subject=letter.subject, code=code.group() if code else None)
        return None

    return newest


@pytest.fixture
def signed_up(client, db):
    """Fill in the sign-up form; answers the response."""

    def post(**values):
        values.setdefault("username", "雨夜车位")
        by = "?by=email" if "email" in values else ""
        return client.post(f"/accounts/signup/{by}", {"terms": "on", "privacy": "on", **values})

    return post


@pytest.fixture
def client_factory():
    """Another browser."""
    from django.test import Client

    return Client
