"""A kind of news about boards, which every test database can have."""

from __future__ import annotations

import pytest

from kocforum.forum.models import Board
from kocforum.notifications import kinds
from kocforum.notifications.kinds import NotificationKind


@pytest.fixture
def board(db):
    return Board.objects.create(slug="driving", name="智能驾驶", name_en="Driving")


@pytest.fixture
def of_boards(monkeypatch):
    """Registers a kind for the time of the test: `of_boards(channels=…)`."""

    def register(**values):
        made = {
            "slug": "test",
            "label": "Test",
            "sentence": lambda params, count: f"{params.get('name') or '?'} × {count}",
            "url": lambda object_id, params: f"/boards/{params.get('slug', 'driving')}/",
            "queryset_for": Board.objects.visible_to,
            "alike": lambda member: member.is_staff,
            **values,
        }
        monkeypatch.setitem(kinds._kinds, made["slug"], NotificationKind(**made))
        return made["slug"]

    return register
