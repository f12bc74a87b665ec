from __future__ import annotations

import pytest
from django.utils import timezone

from kocforum.members.models import Member
from kocforum.uploads import actions, kinds

from .made import given, photo


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def person(db):
    """Makes verified members."""

    def make(name: str, **values) -> Member:
        return Member.objects.create_user(name, password=None, **{"email_verified_at": timezone.now(), **values})

    return make


@pytest.fixture
def owner(person):
    return person("lin")


@pytest.fixture
def stranger(person):
    return person("wang")


@pytest.fixture
def picture(owner):
    return actions.receive(by=owner, file=given(photo()))


@pytest.fixture
def things(monkeypatch):
    """Two kinds of things: members' pages, seen by all until closed; and lounges, seen by who is signed in."""
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_sealed", set())
    monkeypatch.setattr(kinds, "_papers", {})
    kinds.register("page", lambda user: Member.objects.visible_to(user))
    kinds.register("lounge", lambda user: Member.objects.all() if user.is_authenticated else Member.objects.none())
