"""Three tiny kinds over members: what is found is a member's page, and members without a car licence stay unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from kocforum.members.models import Member
from kocforum.search import kinds as registry
from kocforum.search.actions import index
from kocforum.search.kinds import SearchKind
from kocforum.search.queries import learn_words

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

# On PostgreSQL two statements more tell the planner to use the index, and that it may think again.
PLANNER = 2 if connection.vendor == "postgresql" else 0


def visible(user):
    """Staff see everyone, others only those who are active."""
    return Member.objects.all() if getattr(user, "is_staff", False) else Member.objects.filter(is_active=True)


@pytest.fixture(autouse=True)
def kinds():
    """Only our own kinds, whatever the apps registered."""
    before = registry.kinds()
    for name in before:
        registry.unregister(name)
    shared = {"queryset_for": visible, "url_of": lambda row: f"/u/{row.username}/"}
    registry.register(SearchKind(kind="thread", label="Threads", **shared))
    registry.register(SearchKind(kind="post", label="Posts", thread_of=lambda row: 1, titled=False, **shared))
    registry.register(SearchKind(kind="member", label="Members", **shared))
    yield
    for name in registry.kinds():
        registry.unregister(name)
    for kind in before.values():
        registry.register(kind)


@pytest.fixture(autouse=True)
def fresh_words(db):
    cache.clear()
    learn_words(now=True)


@pytest.fixture
def people(db):
    """Members 1 to n as rows to be found."""

    def make(count: int, **values):
        first = Member.objects.count()
        members = [Member(username=f"m{first + number}", **values) for number in range(count)]
        return Member.objects.bulk_create(members)

    return make


@pytest.fixture
def told(people):
    """Index one text for a new member's page and give the member."""

    def tell(title: str, body: str = "", kind: str = "thread", days: int = 0, visible: bool = True, **values):
        member = people(1, is_active=visible)[0]
        at = NOON - timedelta(days=days)
        index(kind=kind, object_id=member.pk, title=title, body=body, at=at, **values)
        return member

    return tell
