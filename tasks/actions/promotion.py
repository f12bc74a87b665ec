"""Places on official channels: plan one, say that it ran, prove it, pull it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line
from kocforum.uploads.actions import attach
from kocforum.uploads.enums import Kind
from kocforum.uploads.models import Upload

from .. import facts
from ..enums import PromotionPlace, SlotState
from ..models import Event, Initiative, PromotionChannel, PromotionSlot
from ..models.events import TAKES_PLACE
from ..models.promotion import HAPPENED, LIVE, PROOFS
from ..rules.material import can_lend, is_lent
from ..rules.promotion import MOST_AT_ONCE, MOST_DAYS, can_move_slot, fits_in_days, most_on_one_day
from .material import hold_endorsement
from .seats import hold_event

is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class SlotDraft:
    """Where and when, both days included; `event` is one of the initiative's, else the initiative itself is shown."""

    place: str
    begins_on: date
    ends_on: date
    wording: str = ""
    link: str = ""
    event: Event | None = None


@once(PromotionSlot)
@transaction.atomic
def plan_slot(*, by: Member, initiative: Initiative, draft: SlotDraft) -> PromotionSlot:
    """Promise it. The stage is lent while the endorsement is in force, also where it was not asked for: it costs the KOC nothing."""
    if draft.event is not None:  # first, as whoever cancels it does: the other order waits in a circle
        draft = replace(draft, event=hold_event(draft.event.pk))
    endorsement = hold_endorsement(initiative.pk)
    require(can_lend(by, initiative), _("Approvers lend material and places on channels."))
    require(is_lent(endorsement), _("The endorsement is not in force. Nothing new is lent."))
    values = _checked(initiative, draft)
    _hold_channel(draft.place)
    others = PromotionSlot.objects.filter(place=draft.place, state__in=LIVE)
    near = others.filter(begins_on__lte=draft.ends_on, ends_on__gte=draft.begins_on)
    most = MOST_AT_ONCE[PromotionPlace(draft.place)]
    if most_on_one_day(draft.begins_on, draft.ends_on, near.values_list("begins_on", "ends_on")) >= most:
        place = PromotionPlace(draft.place).label
        raise Conflict(
            _("%(place)s: at most %(most)s at one time. Choose other days.") % {"place": place, "most": most}
        )
    made = PromotionSlot.objects.create(initiative=initiative, planned_by=by, **values)
    record(facts.SlotPlanned(initiative_id=initiative.pk, slot_id=made.pk), by=by)
    return made


def _hold_channel(place: str) -> None:
    """Writing to its row makes everybody else who plans for this channel wait until this transaction ends."""
    PromotionChannel.objects.get_or_create(place=place)
    PromotionChannel.objects.filter(place=place).update(planned=F("planned") + 1)


def _checked(initiative: Initiative, draft: SlotDraft) -> dict[str, Any]:
    problems: dict[str, str] = {}
    if draft.place not in PromotionPlace.values:
        problems["place"] = _("There is no such channel.")
    if draft.ends_on < timezone.localdate():
        problems["ends_on"] = _("This day is over.")
    elif not fits_in_days(draft.begins_on, draft.ends_on):
        problems["ends_on"] = _("From one day to %(most)s, the last not before the first.") % {"most": MOST_DAYS}
    wording, link = clean_line(draft.wording)[:200], draft.link.strip()
    if link and not _is_link(link):
        problems["link"] = _("This is no address of a page.")
    if draft.place != PromotionPlace.FRONT and not wording and not link:
        problems["wording"] = _("Say what will stand there, or where.")
    event = draft.event
    if event is not None and (event.initiative_id != initiative.pk or event.state not in TAKES_PLACE):
        problems["event"] = _("Choose an event of this initiative that is open.")
    if problems:
        raise Invalid(problems)
    days = {"begins_on": draft.begins_on, "ends_on": draft.ends_on}
    return {"place": draft.place, **days, "wording": wording, "link": link, "event": event}


def _is_link(text: str) -> bool:
    try:
        is_address(text)
    except ValidationError:
        return False
    return len(text) <= 500


@transaction.atomic
def move_slot(
    *,
    by: Member,
    slot: PromotionSlot,
    to: str,
    reason: str = "",
    proof_link: str = "",
    proof: Upload | int | None = None,
    expected: str = "",
) -> PromotionSlot:
    """Say that it ran, prove it by a link or a picture, or pull it with a reason."""
    held = PromotionSlot.objects.select_related("initiative").get(pk=slot.pk)
    require(can_move_slot(by, held, to), _("Approvers lend material and places on channels."))
    if expected and expected != held.state:
        raise Conflict(_("Somebody else moved it in the meantime."))
    if to == SlotState.PULLED:
        pull(held, by=by, because=_reason(reason))
    else:
        if held.begins_on > timezone.localdate():
            raise Conflict(_("Its first day has not come yet."))
        values: dict[str, Any] = {"ran_at": held.ran_at or timezone.now()}
        if to == SlotState.PROVED:
            values |= _proof(held, by, proof_link.strip(), proof)
        _step(held, to, by=by, **values)
    slot.refresh_from_db()
    return slot


def _reason(reason: str) -> str:
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid({"reason": _("Who leads it reads why. Write a sentence.")})
    return reason


def _proof(held: PromotionSlot, by: Member, link: str, picture: Upload | int | None) -> dict[str, Any]:
    if not link and picture is None:
        raise Invalid({"proof_link": _("Add a link or a picture of it.")})
    if link and not _is_link(link):
        raise Invalid({"proof_link": _("This is no address of a page.")})
    rows = attach(by=by, uploads=[picture], kind=PROOFS, object_id=held.pk) if picture is not None else []
    if rows and rows[0].kind != Kind.IMAGE:
        raise Invalid({"proof": _("Add a picture.")})
    return {"proof_link": link, "proof": rows[0] if rows else None}


def pull(held: PromotionSlot, *, by: Member | None, because: str) -> None:
    """It is not shown from this moment on. Whether it ran before stays."""
    _step(held, SlotState.PULLED, by=by, pulled_because=because[:300])


def _step(held: PromotionSlot, to: str, *, by: Member | None, **values: Any) -> None:
    here = held.state
    moved = PromotionSlot.objects.filter(pk=held.pk, state=here).update(state=to, changed_at=timezone.now(), **values)
    if not moved:
        raise Conflict(_("Somebody else moved it in the meantime."))
    record(facts.SlotMoved(initiative_id=held.initiative_id, slot_id=held.pk, from_state=here, to_state=to), by=by)


def pull_promised(*, initiative: int, because: str, event: Event | None = None) -> None:
    """In a transaction that holds the endorsement: what is promised, and what stands there now; of one event, or all. It follows from
    what somebody decided about the event or the endorsement, which the ledger tells; by itself it is nobody's decision."""
    running = Q(state__in=HAPPENED, ends_on__gte=timezone.localdate())
    slots = PromotionSlot.objects.select_for_update().order_by("pk")
    slots = slots.filter(Q(state=SlotState.PLANNED) | running, initiative=initiative)
    for slot in slots.filter(event=event) if event else slots:
        pull(slot, by=None, because=because)


def run_due() -> int:
    """What our own front page shows has run. Of other channels a colleague says it. Returns how many."""
    shown = PromotionSlot.objects.on_front().filter(state=SlotState.PLANNED)
    return sum(_run(slot) for slot in list(shown))


@transaction.atomic
def _run(slot: PromotionSlot) -> bool:
    try:
        _step(slot, SlotState.RAN, by=None, ran_at=timezone.now())
    except Conflict:
        return False  # somebody pulled it in the meantime
    return True
