"""A beta is offered to the first teller first, then to those who answered with a matching car."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.models import Corroboration, Report
from kocforum.garage.models import Vehicle
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member

from ..enums import OfferState
from ..facts import OfferAnswered, OfferMade
from ..models import Offer, Release, SealedVerification, Ticket
from ..queries.owners import models_of
from ..queries.subjects import reports_of_ticket
from ..rules.releases import can_answer

OPEN_FOR = dt.timedelta(days=14)


def make_offers(*, by: Member, release: Release, ticket: Ticket) -> list[Offer]:
    """One offer per owner, with one matching car that is still theirs. Part of starting a beta."""
    reports = list(reports_of_ticket(ticket).select_related("thread__author", "observation__vehicle"))
    models = set(models_of(release).values_list("pk", flat=True))
    made, asked = [], set(Offer.objects.filter(release=release, ticket=ticket).values_list("member_id", flat=True))
    for report, member, vehicle, first in [*_tellers(reports, models), *_answering(reports, models)]:
        if member.pk in asked or member.is_staff or not member.is_active or member.closed_at:
            continue
        asked.add(member.pk)
        offer = Offer.objects.create(
            ticket=ticket,
            release=release,
            report=report,
            member=member,
            vehicle=vehicle,
            is_first_teller=first,
            expires_at=timezone.now() + OPEN_FOR,
        )
        record(
            OfferMade(
                offer_id=offer.pk, release_id=release.pk, member_id=member.pk, report_id=report.pk, first_teller=first
            ),
            by=by,
        )
        push(f"member:{member.pk}", "offer.made", offer.pk)
        made.append(offer)
    return made


def _fits(vehicle: Vehicle | None, models: set[int]) -> bool:
    return vehicle is not None and vehicle.left_at is None and (not models or vehicle.model_id in models)


def _tellers(reports: list[Report], models: set[int]) -> Iterator[tuple[Report, Member, Vehicle, bool]]:
    for report in reports:
        teller = report.thread.author
        if teller is None:
            continue
        car = report.observation.vehicle
        if not _fits(car, models):
            car = next((own for own in Vehicle.objects.filter(owner=teller).in_garage() if _fits(own, models)), None)
        if car is not None:
            yield report, teller, car, True


def _answering(reports: list[Report], models: set[int]) -> Iterator[tuple[Report, Member, Vehicle, bool]]:
    answers = Corroboration.objects.standing().filter(report__in=reports).select_related("author", "vehicle")
    by_pk = {report.pk: report for report in reports}
    for answer in answers.order_by("pk"):
        if answer.author and _fits(answer.vehicle, models):
            yield by_pk[answer.report_id], answer.author, answer.vehicle, False


@transaction.atomic
def answer_offer(*, by: Member, offer: Offer, accept: bool, consent: bool = False) -> Offer:
    """Take the beta, having read what it asks and risks, or decline: nothing is held against anybody."""
    require(can_answer(by, offer), _("This offer is for someone else."))
    if accept and not consent:
        raise Invalid({"consent": _("Please read the terms of the beta and agree to them first.")})
    now = timezone.now()
    state = OfferState.ACCEPTED if accept else OfferState.DECLINED
    answered = Offer.objects.filter(pk=offer.pk, state=OfferState.OFFERED).update(
        state=state, answered_at=now, consented_at=now if accept else None
    )
    if not answered:
        raise Conflict(_("This offer was already answered."))
    offer.refresh_from_db()
    record(OfferAnswered(offer_id=offer.pk, release_id=offer.release_id, state=state), by=by)
    return offer


@transaction.atomic
def expire_offers() -> int:
    """Offers that nobody answered in time run out. Returns how many."""
    late = list(Offer.objects.filter(state=OfferState.OFFERED, expires_at__lte=timezone.now())[:500])
    for offer in late:
        if Offer.objects.filter(pk=offer.pk, state=OfferState.OFFERED).update(state=OfferState.EXPIRED):
            record(OfferAnswered(offer_id=offer.pk, release_id=offer.release_id, state=OfferState.EXPIRED), by=None)
    return len(late)


@transaction.atomic
def let_go(*, member_id: int) -> None:
    """A member left: what lies under seal goes unread, and open offers end."""
    SealedVerification.objects.filter(offer__member=member_id, released_at__isnull=True).delete()
    for offer in Offer.objects.filter(member=member_id, state=OfferState.OFFERED):
        if Offer.objects.filter(pk=offer.pk, state=OfferState.OFFERED).update(state=OfferState.EXPIRED):
            record(OfferAnswered(offer_id=offer.pk, release_id=offer.release_id, state=OfferState.EXPIRED), by=None)
