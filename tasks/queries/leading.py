"""What waits for a person in initiatives and events: an offer, a question, an answer that somebody hopes for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from ..enums import EndorsementState, ExpenseState, ProposalState, RsvpState
from ..models import Endorsement, Expense, Initiative, Rsvp
from ..models.events import TAKES_PLACE

OVER = (ProposalState.DECLINED, ProposalState.WITHDRAWN)


@dataclass(frozen=True)
class Wait:
    """One thing that waits: what to do, of what, where, and until when, where there is a day."""

    what: str
    title: str
    url: str
    until: datetime | None = None


def waits_of(member: Any) -> list[Wait]:
    """What waits for this person, what ends first at the top. Five queries."""
    found = [*_offers(member), *_waivers(member), *_initiatives(member), *_suspensions(member), *_receipts(member)]
    return sorted(found, key=lambda wait: (wait.until is None, wait.until and wait.until.timestamp(), wait.title))


def _offers(member: Any) -> Iterator[Wait]:
    offers = Rsvp.objects.filter(member=member.pk, state=RsvpState.OFFERED, offered_until__gt=Now())
    for rsvp in offers.filter(event__state__in=TAKES_PLACE).select_related("event"):
        yield Wait(_("A place is free for you"), rsvp.event.title, rsvp.event.get_absolute_url(), rsvp.offered_until)


def _waivers(member: Any) -> Iterator[Wait]:
    """Words about risk that are others now than those that were accepted."""
    going = Rsvp.objects.going().filter(member=member.pk, event__state__in=TAKES_PLACE, event__ends_at__gt=Now())
    anew = going.exclude(event__waiver_sha256="").exclude(waived_sha256=F("event__waiver_sha256"))
    for rsvp in anew.select_related("event"):
        yield Wait(
            _("Read what is risky about it"), rsvp.event.title, rsvp.event.get_absolute_url(), rsvp.event.starts_at
        )


def _initiatives(member: Any) -> Iterator[Wait]:
    asked = Q(deputy=member.pk, deputy_agreed_at__isnull=True) & ~Q(state__in=OVER)
    changes = Q(pk__in=Initiative.objects.led_by(member).headed_by(member)) & Q(state=ProposalState.CHANGES_ASKED)
    for initiative in Initiative.objects.filter(asked | changes):
        what = (
            _("You are asked to be the deputy")
            if initiative.deputy_id == member.pk and initiative.deputy_agreed_at is None
            else _("The brand asks for changes")
        )
        yield Wait(what, initiative.title, initiative.get_absolute_url())


def _receipts(member: Any) -> Iterator[Wait]:
    back = Expense.objects.filter(submitter=member.pk, state=ExpenseState.RETURNED)
    led = Initiative.objects.led_by(member)
    for expense in back.filter(envelope__initiative__in=led).select_related("envelope__initiative"):
        yield Wait(
            _("A receipt came back: %(reason)s") % {"reason": expense.reason}, expense.what, expense.get_absolute_url()
        )


def _suspensions(member: Any) -> Iterator[Wait]:
    led = Initiative.objects.led_by(member)
    waiting = Endorsement.objects.filter(
        initiative__in=led, state=EndorsementState.SUSPENDED, answer=""
    ).select_related("initiative")
    for lent in waiting:
        yield Wait(
            _("The endorsement is suspended: say your side"),
            lent.initiative.title,
            lent.get_absolute_url(),
            lent.answer_by,
        )
