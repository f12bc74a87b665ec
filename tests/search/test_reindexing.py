"""The index can be made again from nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from kocforum.members.models import Member
from kocforum.search import kinds as registry
from kocforum.search.models import SearchDocument
from kocforum.search.queries import find

from .conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def members_tell_themselves():
    kind = registry.kinds()["member"]
    rows = Member.objects.order_by("pk")
    registry.register(
        replace(
            kind,
            documents=lambda: (
                {"object_id": row.pk, "title": row.username, "body": "车主", "at": NOON} for row in rows.iterator()
            ),
        )
    )


def test_reindex_finds_every_row_and_forgets_what_has_none(members_tell_themselves, people, told, capsys):
    kept = told("旧名字", kind="member")
    told("自动泊车", kind="thread")
    told("没有人的", kind="gone")
    gone = people(1)[0]
    people(250)
    SearchDocument.objects.filter(object_id=gone.pk).delete()
    call_command("reindex")
    assert capsys.readouterr().out.splitlines() == ["member: 254 indexed, 0 forgotten", "-: 0 indexed, 1 forgotten"]
    assert [found.id for found in find(AnonymousUser(), kept.username, "member")] == [kept.pk]
    assert not find(AnonymousUser(), "旧名字")
    assert len(find(AnonymousUser(), "泊车")) == 1
    kept.delete()
    call_command("reindex", "member")
    assert capsys.readouterr().out == "member: 253 indexed, 1 forgotten\n"


def test_reindex_names_a_kind_that_nobody_registered():
    with pytest.raises(CommandError, match="nonsense"):
        call_command("reindex", "nonsense")
