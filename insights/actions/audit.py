"""The chain over everything that is done to tickets, and the frozen copies that it seals."""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kocforum.forum.queries.evidence import evidence_of
from kocforum.members.models import Member

from ..evidence import FIRST_HASH, METHOD, SCHEMA, canonical, link, pseudonym, sha256
from ..models import AuditEntry, EvidenceSnapshot, Ticket
from ..queries.quotes import known_of_quotes
from ..queries.rooms import known_of_rooms
from ..queries.surveys import known_of_surveys

THE_CHAIN = 0x6B6F63  # the number of our advisory lock
MOST_TRIES = 20


def begin() -> None:
    """Call first in every action that will write into the chain: they take turns, so that no two of them wait for each other.

    On SQLite the write lock of the transaction does the same.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [THE_CHAIN])


@transaction.atomic
def append(*, by: Member | None, action: str, ticket: Ticket | None = None, **said: Any) -> AuditEntry:
    """Add one link: what was done, by whom, and the hash over it and all before it. Its number is unique in the database."""
    begin()
    for _attempt in range(MOST_TRIES):
        last = AuditEntry.objects.order_by("-seq").first()
        now = timezone.now()
        entry = canonical(
            {
                **said,
                "seq": last.seq + 1 if last else 1,
                "actor": f"staff:{by.pk}" if by and by.is_staff else f"member:{by.pk}" if by else "system",
                "action": action,
                "insight": ticket.pk if ticket else None,
                "at": now,
            }
        )
        before = last.hash if last else FIRST_HASH
        try:
            with transaction.atomic():
                return AuditEntry.objects.create(
                    seq=last.seq + 1 if last else 1,
                    ticket=ticket,
                    canonical=entry,
                    previous_hash=before,
                    hash=link(before, entry),
                    at=now,
                )
        except IntegrityError:
            continue  # somebody took this number; the next one is over theirs
    raise RuntimeError("The audit chain could not be continued.")


def freeze(ticket: Ticket) -> EvidenceSnapshot:
    """Take the next frozen copy of what a ticket rests on. Part of an action, which tells and chains it."""
    rows = list(
        ticket.evidence.select_related(
            "thread",
            "topic__function",
            "topic__failure_mode",
            "passage__post",
            "task__audience",
            "task__survey",
            "quote__entry__call__task",
            "quote__code",
            "room_result__workshop__task",
        )
    )
    known = evidence_of(
        threads=[row.thread for row in rows if row.thread_id],
        topics=[row.topic for row in rows if row.topic_id],
        passages=[row.passage for row in rows if row.passage_id],
    )
    # A copy without surveys has the bytes that it had before there were any.
    if surveys := known_of_surveys(row.task for row in rows if row.task_id):
        known["surveys"] = surveys
    if quotes := known_of_quotes(row.quote for row in rows if row.quote_id):
        known["quotes"] = quotes
    if rooms := known_of_rooms(row.room_result for row in rows if row.room_result_id):
        known["rooms"] = rooms
    last = ticket.snapshots.order_by("-number").first()
    now = timezone.now()
    text = canonical(
        {
            "schema": SCHEMA,
            "method": METHOD,
            "insight": ticket.pk,
            "number": last.number + 1 if last else 1,
            "taken_at": now,
            **_veiled(known, ticket.pk),
        }
    )
    return EvidenceSnapshot.objects.create(
        ticket=ticket, number=last.number + 1 if last else 1, canonical=text, sha256=sha256(text), taken_at=now
    )


def _veiled(known: Any, ticket_id: int) -> Any:
    """Members' numbers become pseudonyms of this ticket."""
    if isinstance(known, dict):
        return {
            key: (pseudonym(ticket_id, value) if value else None)
            if key in {"owner", "host"}
            else _veiled(value, ticket_id)
            for key, value in known.items()
        }
    if isinstance(known, list):
        return [_veiled(value, ticket_id) for value in known]
    return known


def content_of(snapshot: EvidenceSnapshot) -> dict[str, Any]:
    """The frozen copy as data."""
    return json.loads(snapshot.canonical)
