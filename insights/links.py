"""What insights hangs beside threads, topics and tasks: the desk for staff, the word on a new version for owners."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from kocforum.forum.enums import OfficialStatus
from kocforum.ui.links import Link

from .rules.evidence import against_evidence
from .rules.tickets import can_promote

OPEN_TO_OWNERS = {
    OfficialStatus.RELEASED,
    OfficialStatus.FIRST_CONFIRMED,
    OfficialStatus.NOT_CONFIRMED,
    OfficialStatus.VERIFIED,
}


def beside_thread(user, thread) -> list[Link]:
    """Staff make a ticket; owners say how the new version is."""
    if user.is_authenticated and user.is_staff:
        return _promote(user, "thread", thread.pk)
    if thread.official_status in OPEN_TO_OWNERS and hasattr(thread, "report"):
        return [Link(_("Updated? Say how it is now"), reverse("verify", args=[thread.report.pk]), main=True)]
    return []


def beside_topic(user, topic) -> list[Link]:
    return _promote(user, "topic", topic.pk) if user.is_authenticated and user.is_staff else []


def beside_task(user, task) -> list[Link]:
    """A survey whose numbers stand can go under a ticket."""
    if not user.is_authenticated or not user.is_staff or against_evidence(task):
        return []
    return _promote(user, "task", task.pk)


def beside_quote(user, quote) -> list[Link]:
    """Words of a call go under a ticket."""
    return _promote(user, "quote", quote.pk) if user.is_authenticated and user.is_staff and quote.words else []


def beside_room_result(user, result) -> list[Link]:
    """What a room chose or promised goes under a ticket once, while it is not done or dropped."""
    if not user.is_authenticated or not user.is_staff or not result.is_unfinished or result.taken_up_at:
        return []
    return _promote(user, "result", result.pk)


def _promote(user, kind: str, pk: int) -> list[Link]:
    return [Link(_("Make a ticket"), f"{reverse('promote')}?{kind}={pk}")] if can_promote(user) else []
