"""Who may listen to which group."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from kocforum.live import groups
from kocforum.live.groups import may_listen, register_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return get_user_model().objects.create_user("owner")


@pytest.fixture(autouse=True)
def profile_groups(monkeypatch):
    """A kind of group that is open to whoever is signed in."""
    monkeypatch.setattr(groups, "_kinds", {})
    members = get_user_model().objects
    register_group("profile", lambda user: members.all() if user.is_authenticated else members.none())


def test_a_group_is_open_to_who_may_see_its_thing(owner):
    assert may_listen(owner, f"profile:{owner.pk}")
    assert not may_listen(AnonymousUser(), f"profile:{owner.pk}")
    assert not may_listen(owner, "profile:999999")


def test_only_the_member_listens_to_the_own_group(owner):
    other = get_user_model().objects.create_user("other")
    assert may_listen(owner, f"member:{owner.pk}")
    assert not may_listen(other, f"member:{owner.pk}")
    assert not may_listen(AnonymousUser(), f"member:{owner.pk}")
    assert not may_listen(AnonymousUser(), "member:None")
    assert not may_listen(owner, f"member:0{owner.pk}")


@pytest.mark.parametrize("name", ["", ":", "profile", "profile:", "profile:x", "profile:-1", "profile:²", "secret:1"])
def test_names_that_mean_nothing_are_refused(owner, name):
    assert not may_listen(owner, name)


def test_a_number_beyond_every_row_is_refused_and_no_error(owner):
    assert not may_listen(owner, "profile:" + "9" * 400)
