"""Owners verify: sealed while the version is a beta, in the original thread when everybody has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.forum.actions.observations import ObservationData, checked_counts, find_values, settle_outcome
from kocforum.forum.actions.verifications import tell_verification
from kocforum.forum.actions.writing import checked_body
from kocforum.forum.enums import Outcome, PostState
from kocforum.forum.models import Report, Verification
from kocforum.forum.rules.reports import can_verify
from kocforum.garage.models import Vehicle
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member

from ..enums import ReleaseState
from ..facts import VerificationSealed, VerificationUnsealed
from ..models import Offer, Release, SealedVerification
from ..queries.subjects import tickets_of_report
from ..rules.releases import can_seal, can_unseal
from . import audit
from .verdicts import settle


@once(Verification)
@transaction.atomic
def verify(
    *,
    by: Member,
    report: Report,
    release: Release,
    vehicle: Vehicle | None,
    words: str = "",
    conditions: Mapping[str, Sequence[str]] | None = None,
    attempts: int | None = None,
    failures: int | None = None,
    outcome: str = "",
    uploads: Sequence[int] = (),
) -> Verification:
    """Tell in the original thread how a public release is in one's own car. What it changes, it changes at once."""
    require(can_verify(by, report), _("You cannot verify here."))
    if release.state != ReleaseState.PUBLIC:
        raise Conflict(_("This version is not public yet."))
    audit.begin()
    if not release.answers.filter(ticket__in=tickets_of_report(report).values("pk")).exists():
        raise Conflict(_("This release does not answer this report."))
    offer = Offer.objects.filter(release=release, member=by, report=report, consented_at__isnull=False).first()
    return _tell(
        by,
        report=report,
        release=release,
        vehicle=vehicle,
        words=words,
        observed={
            "conditions": conditions or {},
            **_counted(attempts, failures, outcome),
        },
        invited=offer is not None and offer.vehicle_id == getattr(vehicle, "pk", None),
        uploads=uploads,
    )


def _counted(attempts: int | None, failures: int | None, outcome: str) -> dict[str, Any]:
    attempts, failures = checked_counts(attempts, failures)
    if outcome and outcome not in Outcome.values:
        raise Invalid({"outcome": _("The outcome is failed, worked or mixed.")})
    outcome = settle_outcome(attempts, failures, outcome)
    if not outcome:
        raise Invalid({"outcome": _("Say how it went, or count your attempts.")})
    return {"attempts": attempts, "failures": failures, "outcome": outcome}


def _tell(
    by: Member,
    *,
    report: Report,
    release: Release,
    vehicle: Vehicle | None,
    words: str,
    observed: Mapping[str, Any],
    invited: bool,
    occurred_at: dt.datetime | None = None,
    uploads: Sequence[int] = (),
) -> Verification:
    verification = tell_verification(
        by=by,
        report=report,
        vehicle=vehicle,
        version=release.version_name,
        words=words,
        observation=ObservationData(
            vehicle=vehicle,
            occurred_at=occurred_at or timezone.now(),
            conditions=observed["conditions"],
            attempts=observed["attempts"],
            failures=observed["failures"],
            outcome=observed["outcome"],
            software_version=release.version_name,
        ),
        invited=invited,
        uploads=uploads,
    )
    if verification.post.state == PostState.VISIBLE:
        settle(verification=verification)
    return verification


@once(SealedVerification)
@transaction.atomic
def seal(
    *,
    by: Member,
    offer: Offer,
    words: str = "",
    conditions: Mapping[str, Sequence[str]] | None = None,
    attempts: int | None = None,
    failures: int | None = None,
    outcome: str = "",
) -> SealedVerification:
    """Write, or write anew, how the beta is. Nobody else reads it until the version is public and its writer releases it."""
    require(can_seal(by, offer), _("This offer is for someone else."))
    if offer.release.state not in {ReleaseState.BETA, ReleaseState.PUBLIC}:
        raise Conflict(_("The beta has not begun."))
    conditions = {name: list(values) for name, values in (conditions or {}).items()}
    find_values(conditions)
    words = checked_body(words, required=False)
    values = {"words": words, "observed": {"conditions": conditions, **_counted(attempts, failures, outcome)}}
    try:
        with transaction.atomic():
            sealed, new = SealedVerification.objects.get_or_create(offer=offer, defaults=values)
    except IntegrityError:
        sealed, new = SealedVerification.objects.get(offer=offer), False
    if not new:
        changed = SealedVerification.objects.filter(pk=sealed.pk, released_at__isnull=True).update(
            **values, changed_at=timezone.now()
        )
        if not changed:
            raise Conflict(_("What you wrote stands in the thread already."))
        sealed.refresh_from_db()
    record(VerificationSealed(offer_id=offer.pk, release_id=offer.release_id), by=by)
    return sealed


@transaction.atomic
def unseal(*, by: Member, offer: Offer) -> Verification:
    """One tap, when the version is public: what was written as a beta tester becomes a post in the original thread, and says so."""
    require(can_unseal(by, offer), _("This offer is for someone else."))
    if by.is_staff:
        raise Forbidden(_("Only owners verify. Staff cannot mark their own work."))
    audit.begin()
    sealed = offer.sealed
    if not SealedVerification.objects.filter(pk=sealed.pk, released_at__isnull=True).update(released_at=timezone.now()):
        raise Conflict(_("What you wrote stands in the thread already."))
    sealed.refresh_from_db()  # sealed anew in another window a moment ago: the last words count
    verification = _tell(
        by,
        report=offer.report,
        release=offer.release,
        vehicle=offer.vehicle,
        words=sealed.words,
        observed=sealed.observed,
        invited=True,
        occurred_at=sealed.changed_at or sealed.written_at,
    )
    SealedVerification.objects.filter(pk=sealed.pk).update(verification=verification)
    record(VerificationUnsealed(offer_id=offer.pk, release_id=offer.release_id, verification_id=verification.pk), by=by)
    push(f"member:{by.pk}", "offer.released", offer.pk)
    return verification
