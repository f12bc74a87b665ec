"""What everybody accepts before a room: its versions, and who accepted which."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_text

from ..enums import Phase, SeatRole, SeatState
from ..facts import ConsentAccepted, ConsentReworded
from ..models import ConsentText, Seat, Workshop
from ..rules.workshops import can_open_room, can_reword_consent, can_take_seat, consent_hash_of, has_accepted
from .moves import hold_task
from .rooms import open_room

MOST = 2000


def keep_text(*, by: Member, workshop: Workshop) -> ConsentText | None:
    """Keep the words as they stand as a version, unless they are the newest one. Whoever writes them accepts them by writing."""
    if not workshop.consent:
        return None
    newest = workshop.consent_texts.order_by("-number").first()
    now = consent_hash_of(workshop)
    if newest is None or newest.sha256 != now:
        newest = ConsentText.objects.create(
            workshop=workshop, number=newest.number + 1 if newest else 1, text=workshop.consent, sha256=now, by=by
        )
    hosts = Seat.objects.filter(workshop=workshop, member=by, role=SeatRole.HOST)
    hosts.update(consent_hash=now)
    return newest


def require_read(workshop: Workshop, read: str) -> None:
    """Nobody accepts words that they were not shown. `read` is the hash of those that were; "" where a program asks."""
    if read and read != consent_hash_of(workshop):
        raise Conflict(_("These words have changed in the meantime. Read them once more."))


@transaction.atomic
def accept_text(*, by: Member, workshop: Workshop, read: str = "") -> Seat:
    """Who has a seat already (a colleague, or an owner who accepted older words) accepts the words of now."""
    require(can_take_seat(by, workshop), _("You are not invited to this room."))
    workshop.refresh_from_db(fields=["consent"])
    require_read(workshop, read)
    seat = Seat.objects.select_for_update(of=("self",)).get(workshop=workshop, member=by)
    if seat.state != SeatState.ACCEPTED:
        raise Conflict(_("Take your seat first."))
    if not has_accepted(seat, workshop):
        Seat.objects.filter(pk=seat.pk).update(consent_hash=consent_hash_of(workshop))
        record(ConsentAccepted(task_id=workshop.task_id, member_id=by.pk), by=by)
        seat.refresh_from_db()
    return seat


@transaction.atomic
def reword_consent(*, by: Member, workshop: Workshop, text: str, seen: int) -> ConsentText:
    """New words while people are invited. Who accepted older ones keeps the seat, and is asked anew before the room. `seen`: the number
    of the version that was changed, 0 where there was none; another one is a Conflict."""
    hold_task(workshop.task_id)
    room = Workshop.objects.select_for_update(of=("self",)).select_related("task").get(pk=workshop.pk)
    require(can_reword_consent(by, room), _("Only researchers ask owners."))
    words = clean_text(text).strip()
    if not 1 <= len(words) <= MOST:
        raise Invalid({"consent": _("Between 1 and %(most)s characters.") % {"most": MOST}})
    newest = room.consent_texts.order_by("-number").first()
    if (newest.number if newest else 0) != seen:
        raise Conflict(_("A colleague changed these words in the meantime. Look at them first."))
    room.consent = words
    Workshop.objects.filter(pk=room.pk).update(consent=words)
    kept = keep_text(by=by, workshop=room)
    if newest is None or kept.number != newest.number:
        record(ConsentReworded(task_id=room.task_id, version=kept.number), by=by)
        push(f"task:{room.task_id}", "consent.changed", room.task_id)
    return kept


@transaction.atomic
def accept_and_open(
    *, by: Member, workshop: Workshop, phase: str = Phase.DIVERGE, op_id: UUID | None = None
) -> Workshop:
    """A host who opens the room accepts with it what everybody accepts there, and is not asked twice."""
    require(can_open_room(by, workshop), _("Only the hosts open the room."))
    accept_text(by=by, workshop=workshop)
    return open_room(by=by, workshop=workshop, phase=phase, op_id=op_id)
