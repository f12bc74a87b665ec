"""Canonical bytes, the chain over them, and the database that refuses to change either."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from insights.evidence import FIRST_HASH, canonical, link, pseudonym, sha256
from insights.models import AuditEntry, EvidenceSnapshot
from insights.queries.audit import verify
from tests.forum.stories import answered
from tests.insights.stories import frozen_off, make_researcher, promoted, raining
from tests.people import make_member

SNAPSHOT = {
    "schema": "koc.snapshot/1",
    "thread": 42,
    "title": "雨夜自动泊车三次失败",
    "reports": [
        {
            "id": 7,
            "owner": "o_1",
            "outcome": "fail",
            "attempts": 3,
            "failures": 3,
            "conditions": {"dark": True, "rain": True, "faded_lines": True},
        }
    ],
    "taken_at": "2025-06-13T15:38:00Z",
}


def test_the_published_snapshot_has_the_published_hash():
    text = canonical(SNAPSHOT)
    assert len(text.encode()) == 250
    assert sha256(text) == "09ad445ef11edb195172b3a51f9c8e8cd78cc61bedd72ff2a7c97edc4709faf2"


def test_the_published_chain_has_the_published_links():
    first = canonical(
        {"seq": 1, "actor": "staff:3", "action": "promote", "insight": 1, "snapshot": sha256(canonical(SNAPSHOT))}
    )
    one = link(FIRST_HASH, first)
    assert one == "179e9ac14defe791383a7b9d3000721e0590febac5aad95fcc2908a6e3d65212"
    second = canonical({"seq": 2, "actor": "staff:3", "action": "route", "insight": 1, "dept": "software"})
    assert link(one, second) == "00cab86002ab74cdb8e129dc23be57736e5d59e7cab6c9fee2820e702387c461"


def test_the_same_facts_make_the_same_bytes():
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    east = dt.datetime(2025, 6, 13, 23, 38, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert canonical({"b": composed, "a": east}) == canonical(
        {"a": dt.datetime(2025, 6, 13, 15, 38, tzinfo=dt.UTC), "b": decomposed}
    )
    with pytest.raises(TypeError):
        canonical({"rate": 0.5})


@pytest.mark.django_db
def test_a_snapshot_holds_what_was_known_under_pseudonyms():
    report = raining("qwxz")
    ticket = promoted(report)
    snapshot = ticket.snapshots.get()
    known = json.loads(snapshot.canonical)
    assert sha256(snapshot.canonical) == snapshot.sha256
    assert [row["id"] for row in known["reports"]] == [report.pk]
    assert len(known["corroborations"]) == 2
    assert known["lens"]["failing"] == 3
    assert known["reports"][0]["owner"] == pseudonym(ticket.pk, report.thread.author_id)
    assert "qwxz" not in snapshot.canonical.lower()


@pytest.mark.django_db
def test_a_later_answer_changes_the_next_snapshot_and_not_the_first():
    from insights.actions.tickets import add_evidence

    report = raining()
    ticket = promoted(report)
    before = ticket.snapshots.get().canonical
    answered(make_member("chen"), report, stance="different")
    second = add_evidence(by=make_researcher(), ticket=ticket)
    assert second.number == 2
    assert ticket.snapshots.get(number=1).canonical == before
    assert len(json.loads(second.canonical)["corroborations"]) == 3
    assert not verify().broken


@pytest.mark.django_db
@pytest.mark.parametrize("model", [EvidenceSnapshot, AuditEntry])
@pytest.mark.parametrize("act", ["update", "delete", "raw"])
def test_the_database_refuses_to_change_frozen_rows(model, act):
    promoted()
    row = model.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        if act == "update":
            model.objects.filter(pk=row.pk).update(canonical="{}")
        elif act == "delete":
            model.objects.filter(pk=row.pk)._raw_delete("default")
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {model._meta.db_table} SET canonical = 'x' WHERE id = %s", [row.pk])
    row.canonical = "{}"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


@pytest.mark.django_db
def test_verify_audit_says_that_it_holds(capsys):
    promoted()
    call_command("verify_audit")
    assert "The chain holds: 1 audit entries, 1 evidence snapshots." in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE insights_auditentry SET canonical = '{}' WHERE seq = 2", "audit entry 2"),
        ("DELETE FROM insights_auditentry WHERE seq = 1", "audit entry 1 is missing"),
        ("UPDATE insights_evidencesnapshot SET canonical = '{}' WHERE number = 1", "evidence"),
        ("DELETE FROM insights_evidencesnapshot WHERE number = 1", "is missing"),
    ],
)
def test_verify_audit_names_the_first_broken_link(change, named):
    from insights.actions.tickets import add_evidence

    ticket = promoted()
    add_evidence(by=make_researcher(), ticket=ticket)
    with frozen_off(), connection.cursor() as cursor:
        cursor.execute(change)
    assert named in verify().broken
    with pytest.raises(CommandError) as refused:
        call_command("verify_audit")
    assert refused.value.returncode == 1 and named in str(refused.value)
