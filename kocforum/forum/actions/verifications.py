"""An owner's word on a new version, as a post in the original thread with its own observation."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.models import Vehicle
from kocforum.garage.queries import normalise_version
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..enums import Outcome, PostKind, PostState
from ..facts import VerificationTold
from ..models import Post, Report, Verification
from ..rules.reports import can_verify
from .observations import ObservationData, rewrite_observation, write_observation
from .writing import (
    add_post,
    attach_uploads,
    checked_body,
    hold_report,
    rewrite_post,
    settle_state,
    show_post,
    withhold_post,
)


@once(Verification)
@transaction.atomic
def tell_verification(
    *,
    by: Member,
    report: Report,
    vehicle: Vehicle | None,
    version: str,
    words: str,
    observation: ObservationData,
    invited: bool = False,
    uploads: Sequence[int] = (),
) -> Verification:
    """Tell in the original thread how it is on a version. One word per vehicle and version; it can be edited like a post,
    and told anew after it was withdrawn.

    `invited` says beside it that it was written as a beta tester. Whether the version is public is decided above.
    """
    require(can_verify(by, report), _("You cannot verify here."))
    if vehicle is None or vehicle.owner_id != by.pk or vehicle.left_at:
        raise Invalid({"vehicle": _("Choose a car from your garage.")})
    version = normalise_version(version)
    if not version:
        raise Invalid({"version": _("Say on which version you tried it.")})
    if not (observation.attempts or observation.outcome):
        raise Invalid({"outcome": _("Say how it went, or count your attempts.")})
    words = checked_body(words, required=False)
    thread = report.thread
    state = settle_state(by, thread.board, words)
    hold_report(report)
    require(can_verify(by, report), _("You cannot verify here."))
    if withdrawn := Verification.objects.filter(
        report=report, vehicle=vehicle, version=version, author=by, post__state=PostState.REMOVED
    ).first():
        return _tell_anew(by, withdrawn, words=words, observation=observation, invited=invited, uploads=uploads)
    thread = report.thread
    try:
        with transaction.atomic():
            post = add_post(
                thread=thread, author=by, body=words, kind=PostKind.VERIFICATION, state=state, uploads=uploads
            )
            verification = Verification.objects.create(
                report=report,
                author=by,
                vehicle=vehicle,
                post=post,
                observation=write_observation(owner=by, data=observation, default_outcome=Outcome.WORKED),
                version=version,
                by_first_teller=thread.author_id == by.pk,
                invited=invited,
            )
    except IntegrityError:
        raise Conflict(_("You have already said how this version is in this car. You can edit that post."))
    if state == PostState.VISIBLE:
        publish_verification(verification)
    return verification


def _tell_anew(
    by: Member, verification: Verification, *, words: str, observation: ObservationData, invited: bool, uploads
) -> Verification:
    """What was withdrawn is said again, under its old number. It waits like new words where the board or the check says so."""
    post = verification.post
    state = settle_state(by, post.thread.board, words)
    rewrite_observation(verification.observation, observation, default_outcome=Outcome.WORKED)
    Verification.objects.filter(pk=verification.pk).update(invited=invited)
    verification.invited = invited
    Post.objects.filter(pk=post.pk).update(state=PostState.VISIBLE)
    post.refresh_from_db()
    show_post(post)
    rewrite_post(post, words)
    if uploads:
        attach_uploads(by=by, post=post, uploads=uploads)
    if state == PostState.PENDING:
        withhold_post(post, by=by)
    else:
        publish_verification(verification)
    return verification


def publish_verification(verification: Verification) -> None:
    """A verification can be read. What it changes (status, river, notices) hears it from the fact."""
    record(
        VerificationTold(
            verification_id=verification.pk,
            report_id=verification.report_id,
            thread_id=verification.report.thread_id,
            post_id=verification.post_id,
            vehicle_id=verification.vehicle_id,
            version=verification.version,
            outcome=verification.observation.outcome,
            by_first_teller=verification.by_first_teller,
            invited=verification.invited,
        ),
        by=verification.author,
    )
