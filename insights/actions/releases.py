"""Releases: what answers tickets, first as a beta for those who told, then for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.models import SoftwareVersion, VehicleModel
from kocforum.garage.queries import normalise_version, version_key
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text, render

from ..enums import ReleaseKind, ReleaseState, TicketState
from ..facts import BetaStarted, ReleaseAnswersTicket, ReleaseCreated, ReleaseEdited, ReleasePublished
from ..models import Offer, Release, ReleaseAnswer, Ticket
from ..rules.releases import can_release
from ..rules.states import SYSTEM_ONLY, moves_from
from . import audit
from .moves import step
from .offers import make_offers


@once(Release)
@transaction.atomic
def create_release(
    *,
    by: Member,
    title: str = "",
    version: str = "",
    kind: str = "",
    title_en: str = "",
    announcement: str = "",
    announcement_en: str = "",
    vehicle_models: Iterable[VehicleModel] = (),
    tickets: Iterable[Ticket] = (),
) -> Release:
    """Prepare a release: a software version (known to the catalogue from now on) or a measure, with its announcement."""
    require(can_release(by), _("Only researchers make releases."))
    kind = kind or (ReleaseKind.SOFTWARE if version else ReleaseKind.MEASURE)
    audit.begin()
    release = Release(created_by=by)
    _write(release, kind=kind, version=version, title=title, title_en=title_en)
    _announce(release, announcement, announcement_en)
    release.save()
    models = list(vehicle_models)
    release.vehicle_models.set(models)
    record(ReleaseCreated(release_id=release.pk), by=by)
    for ticket in tickets:
        answer_ticket(by=by, release=release, ticket=ticket)
    return release


def _write(release: Release, *, kind: str, version: str, title: str, title_en: str) -> None:
    if kind not in ReleaseKind.values:
        raise Invalid({"kind": _("A release is a software version or a measure.")})
    name = normalise_version(version)
    if kind == ReleaseKind.SOFTWARE and not name:
        raise Invalid({"version": _("Which software version is it?")})
    title = clean_line(title)[:120] or name
    if not title:
        raise Invalid({"title": _("A measure needs a title that owners understand.")})
    release.kind, release.title, release.title_en = kind, title, clean_line(title_en)[:120]
    release.number = name if kind == ReleaseKind.SOFTWARE else ""


def _announce(release: Release, announcement: str, announcement_en: str) -> None:
    release.announcement, release.announcement_en = clean_text(announcement), clean_text(announcement_en)
    release.announcement_html, release.announcement_en_html = (
        render(release.announcement),
        render(release.announcement_en),
    )


@transaction.atomic
def edit_release(*, by: Member, release: Release, **changes: Any) -> Release:
    """Change words and models; the version stays once owners were offered it."""
    require(can_release(by), _("Only researchers make releases."))
    release.refresh_from_db()
    version = normalise_version(changes.get("version", release.number))
    kind = changes.get("kind", release.kind)
    if release.state != ReleaseState.DRAFT and (kind != release.kind or version != release.number):
        raise Conflict(_("The version stays as it is: owners have it already."))
    _write(
        release,
        kind=kind,
        version=version,
        title=changes.get("title", release.title),
        title_en=changes.get("title_en", release.title_en),
    )
    _announce(
        release,
        changes.get("announcement", release.announcement),
        changes.get("announcement_en", release.announcement_en),
    )
    release.save()
    if "vehicle_models" in changes:
        release.vehicle_models.set(changes["vehicle_models"])
    record(ReleaseEdited(release_id=release.pk), by=by)
    push(f"release:{release.pk}", "release.changed", release.pk)
    return release


@once(ReleaseAnswer)
@transaction.atomic
def answer_ticket(*, by: Member, release: Release, ticket: Ticket) -> ReleaseAnswer:
    """Say that a release answers a ticket. Twice is once."""
    require(can_release(by), _("Only researchers make releases."))
    audit.begin()
    if Release.objects.filter(pk=release.pk, state=ReleaseState.PUBLIC).exists():
        raise Conflict(_("This release is public already. Make a new one."))
    ticket.refresh_from_db(fields=["state"])
    if ticket.state in {TicketState.DECLINED, TicketState.MERGED, TicketState.CLOSED_NO_ACTION}:
        raise Conflict(_("This ticket is closed."))
    try:
        with transaction.atomic():
            row, new = ReleaseAnswer.objects.get_or_create(release=release, ticket=ticket, defaults={"by": by})
    except IntegrityError:
        return ReleaseAnswer.objects.get(release=release, ticket=ticket)
    if new:
        record(ReleaseAnswersTicket(release_id=release.pk, ticket_id=ticket.pk), by=by)
        audit.append(by=by, action="answer", ticket=ticket, release=release.pk)
    return row


def _answered(release: Release) -> list[Ticket]:
    tickets = list(Ticket.objects.filter(answers__release=release).order_by("pk"))
    if not tickets:
        raise Conflict(_("This release answers no ticket yet."))
    return tickets


def _go_on(release: Release, *, here: str, to: str, **values: Any) -> None:
    if not Release.objects.filter(pk=release.pk, state=here).update(state=to, **values):
        raise Conflict(_("The release is no longer in the state that you saw."))
    release.refresh_from_db()
    _into_catalogue(release)


def _into_catalogue(release: Release) -> None:
    """Owners have it from now on, so that they can choose it in their garages."""
    if not release.number or release.version_id:
        return
    version, _new = SoftwareVersion.objects.get_or_create(
        name=release.number, defaults={"sort_key": version_key(release.number)}
    )
    version.vehicle_models.add(*release.vehicle_models.all())
    Release.objects.filter(pk=release.pk).update(version=version)
    release.refresh_from_db()


def _not_ready(tickets: list[Ticket], to: str) -> None:
    for ticket in tickets:
        if to not in moves_from(ticket.kind, ticket.state):
            raise Conflict(
                _("The ticket %(ref)s is %(state)s; it must be cleared first.")
                % {"ref": ticket.ref, "state": ticket.get_state_display()}
            )


@transaction.atomic
def start_beta(*, by: Member, release: Release) -> list[Offer]:
    """Offer the release to those who told, before everybody else. Every ticket that it answers must be cleared."""
    require(can_release(by), _("Only researchers make releases."))
    audit.begin()
    if release.state != ReleaseState.DRAFT:
        raise Conflict(_("The release is no longer in the state that you saw."))
    tickets = _answered(release)
    _not_ready(tickets, TicketState.BETA)
    _go_on(release, here=ReleaseState.DRAFT, to=ReleaseState.BETA, beta_at=timezone.now())
    offers = []
    for ticket in tickets:
        step(by=by, ticket=ticket, to=TicketState.BETA)
        offers += make_offers(by=by, release=release, ticket=ticket)
    record(BetaStarted(release_id=release.pk, offers=len(offers)), by=by)
    return offers


@transaction.atomic
def publish_release(*, by: Member, release: Release) -> Release:
    """Everybody has it: the threads say so, and owners may verify. Tickets must be in beta or cleared."""
    require(can_release(by), _("Only researchers make releases."))
    audit.begin()
    if release.state == ReleaseState.PUBLIC:
        raise Conflict(_("This release is public already."))
    tickets = [
        ticket
        for ticket in _answered(release)
        if ticket.state != TicketState.RELEASED and ticket.state not in SYSTEM_ONLY
    ]
    _not_ready(tickets, TicketState.RELEASED)
    _go_on(release, here=release.state, to=ReleaseState.PUBLIC, public_at=timezone.now())
    for ticket in tickets:
        step(by=by, ticket=ticket, to=TicketState.RELEASED)
    record(ReleasePublished(release_id=release.pk), by=by)
    push(f"release:{release.pk}", "release.changed", release.pk)
    return release
