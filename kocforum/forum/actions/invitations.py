"""From three owners on, the first teller is invited to host a topic."""

from __future__ import annotations

from kocforum.ledger.recording import record

from ..enums import Stance
from ..facts import HostInvited
from ..models import Corroboration, HostInvitation, Report

RIPE_OWNERS = 3


def owners_of(report: Report) -> int:
    """Distinct owners who spoke from experience on a report, the teller included."""
    others = Corroboration.objects.standing().filter(report=report).exclude(stance=Stance.UNTESTED)
    return len({report.thread.author_id, *others.values_list("author_id", flat=True)})


def invite_host_when_ripe(report: Report) -> None:
    """Invite once per report, when three owners spoke and no topic holds it yet."""
    teller = report.thread.author
    if (
        teller is None
        or report.topic_links.filter(unlinked_at__isnull=True).exists()
        or owners_of(report) < RIPE_OWNERS
    ):
        return
    _invitation, first_time = HostInvitation.objects.get_or_create(report=report, defaults={"member": teller})
    if first_time:
        record(HostInvited(report_id=report.pk, member_id=teller.pk), by=None)
