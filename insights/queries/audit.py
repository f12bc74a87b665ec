"""Is every frozen row still what it was?"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..evidence import FIRST_HASH, canonical, link, sha256
from ..models import AuditEntry, EvidenceSnapshot


@dataclass(frozen=True)
class Checked:
    """How many links and snapshots hold; `broken` names the first that does not, or is empty."""

    entries: int
    snapshots: int
    broken: str = ""


def verify() -> Checked:
    """Walk the chain from its beginning, then the evidence; stop at the first thing that is not as it was written."""
    before, entries, chained = FIRST_HASH, 0, set()
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=500):
        entries += 1
        if entry.seq != entries:
            return Checked(entries - 1, 0, f"audit entry {entries} is missing")
        if entry.previous_hash != before or entry.hash != link(before, entry.canonical):
            return Checked(entries - 1, 0, f"audit entry {entry.seq} does not follow from the one before it")
        said = json.loads(entry.canonical)
        if said.get("seq") != entry.seq or said.get("insight") != entry.ticket_id or canonical(said) != entry.canonical:
            return Checked(entries - 1, 0, f"audit entry {entry.seq} does not say what its row says")
        if "snapshot" in said:
            chained.add((entry.ticket_id, said.get("number", 1), said["snapshot"]))
        before = entry.hash
    snapshots = 0
    for snapshot in EvidenceSnapshot.objects.order_by("pk").iterator(chunk_size=100):
        name = f"evidence {snapshot.pk} (ticket {snapshot.ticket_id}, number {snapshot.number})"
        if sha256(snapshot.canonical) != snapshot.sha256:
            return Checked(entries, snapshots, f"{name} was changed")
        if (snapshot.ticket_id, snapshot.number, snapshot.sha256) not in chained:
            return Checked(entries, snapshots, f"{name} is not in the audit chain")
        chained.discard((snapshot.ticket_id, snapshot.number, snapshot.sha256))
        snapshots += 1
    if chained:
        ticket, number, _hash = min(chained)
        return Checked(entries, snapshots, f"evidence of ticket {ticket}, number {number}, is missing")
    return Checked(entries, snapshots)
