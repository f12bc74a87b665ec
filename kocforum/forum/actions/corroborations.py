"""Another owner answers a report with their own car."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.models import Vehicle
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import Outcome, PostKind, PostState, RiverStage, Stance
from ..facts import CorroborationChanged, CorroborationWithdrawn, PostRemoved, ReportCorroborated
from ..models import Corroboration, CorroborationRevision, Post, Report
from ..queries.moderation import was_published
from ..rules.reports import can_corroborate, can_withdraw_corroboration
from .invitations import invite_host_when_ripe
from .observations import (
    ObservationData,
    checked_counts,
    conditions_of,
    rewrite_observation,
    settle_outcome,
    write_observation,
)
from .stages import reach, recount_corroborated
from .writing import (
    add_post,
    attach_uploads,
    checked_body,
    hold_report,
    hold_thread,
    rewrite_post,
    settle_state,
    show_post,
    touch_thread,
    unshow_post,
    withhold_post,
)

Counts = Mapping[str, int | None]


def outcome_for(stance: str, report: Report, attempts: int | None, failures: int | None) -> str:
    """`same` takes the report's outcome and `different` the opposite one where no attempts are given, `untested` and `workaround` none."""
    if stance in {Stance.UNTESTED, Stance.WORKAROUND}:
        return ""
    told = Outcome(report.observation.outcome or Outcome.FAILED)
    default = told if stance == Stance.SAME else told.opposite
    return settle_outcome(attempts, failures, default=default)


def _checked_helps(stance: str, action: str, before: Counts | None, after: Counts | None) -> dict[str, Any]:
    action = clean_line(action)[:200]
    if stance == Stance.WORKAROUND and not action:
        raise Invalid({"action": _("Say what helps, in a few words.")})
    if stance != Stance.WORKAROUND:
        action, before, after = "", None, None
    then, now = before or {}, after or {}
    tried, failed = checked_counts(then.get("attempts"), then.get("failures"), prefix="before_")
    tried_after, failed_after = checked_counts(now.get("attempts"), now.get("failures"), prefix="after_")
    return {
        "action": action,
        "before_attempts": tried,
        "before_failures": failed,
        "after_attempts": tried_after,
        "after_failures": failed_after,
    }


@once(Corroboration)
@transaction.atomic
def corroborate(
    *,
    by: Member,
    report: Report,
    stance: str,
    vehicle: Vehicle | None,
    conditions: Mapping[str, Sequence[str]] | None = None,
    attempts: int | None = None,
    failures: int | None = None,
    note: str = "",
    action: str = "",
    before: Counts | None = None,
    after: Counts | None = None,
    software_version: str = "",
    uploads: Sequence[int] = (),
) -> Corroboration:
    """Say what happened in your own car. One standing answer per report and vehicle: saying it again replaces it, with its history."""
    require(can_corroborate(by, report), _("You cannot answer here."))
    if stance not in Stance.values:
        raise Invalid({"stance": _("Say whether it was the same, different, not tried, or what helps.")})
    if vehicle is None or vehicle.owner_id != by.pk or vehicle.left_at:
        raise Invalid({"vehicle": _("Choose a car from your garage.")})
    if vehicle.pk == report.observation.vehicle_id:
        raise Conflict(_("This car is the one of the report. Amend the report, or verify a new version."))
    if stance in {Stance.UNTESTED, Stance.WORKAROUND}:
        attempts = failures = None
    attempts, failures = checked_counts(attempts, failures)
    hold_report(report)
    require(can_corroborate(by, report), _("You cannot answer here."))
    said = {
        "stance": stance,
        "data": ObservationData(
            vehicle=vehicle,
            occurred_at=timezone.now(),
            conditions=conditions or {},
            attempts=attempts,
            failures=failures,
            outcome=outcome_for(stance, report, attempts, failures),
            software_version=software_version,
        ),
        "note": checked_body(note, required=False),
        "helps": _checked_helps(stance, action, before, after),
        "uploads": uploads,
    }
    standing = Corroboration.objects.filter(report=report, vehicle=vehicle).first()
    if standing:
        return _say_anew(by, standing, **said)
    try:
        with transaction.atomic():
            return _say_first(by, report, **said)
    except IntegrityError:
        # The same car from two windows at once: the constraint let one in, this one changes it.
        return _say_anew(by, Corroboration.objects.get(report=report, vehicle=vehicle), **said)


def _say_first(by: Member, report: Report, *, stance, data, note, helps, uploads) -> Corroboration:
    thread = report.thread
    state = settle_state(by, thread.board, note, helps["action"])
    post = add_post(thread=thread, author=by, body=note, kind=PostKind.CORROBORATION, state=state, uploads=uploads)
    corroboration = Corroboration.objects.create(
        report=report,
        author=by,
        vehicle=data.vehicle,
        post=post,
        observation=write_observation(owner=by, data=data),
        stance=stance,
        **helps,
    )
    if state == PostState.VISIBLE:
        publish_corroboration(corroboration)
    return corroboration


def publish_corroboration(corroboration: Corroboration) -> None:
    """A corroboration can be read: stage two, the fact, and from three owners on the invitation to host."""
    report = corroboration.report
    reach(RiverStage.CORROBORATED, report=report)
    record(
        ReportCorroborated(
            report_id=report.pk,
            thread_id=report.thread_id,
            post_id=corroboration.post_id,
            corroboration_id=corroboration.pk,
            vehicle_id=corroboration.vehicle_id,
            stance=corroboration.stance,
            outcome=corroboration.observation.outcome,
        ),
        by=corroboration.author,
    )
    invite_host_when_ripe(report)


def keep_revision(corroboration: Corroboration) -> None:
    """What it says now goes into its history, before something else is said."""
    CorroborationRevision.objects.create(corroboration=corroboration, said=said_by(corroboration))


def said_by(corroboration: Corroboration) -> dict[str, Any]:
    """What it says now, in primitives, for its history."""
    seen = corroboration.observation
    return {
        "stance": corroboration.stance,
        "software_version": seen.software_version,
        "conditions": conditions_of(seen),
        "attempts": seen.attempts,
        "failures": seen.failures,
        "outcome": seen.outcome,
        "note": corroboration.post.body,
        "action": corroboration.action,
        "before": {"attempts": corroboration.before_attempts, "failures": corroboration.before_failures},
        "after": {"attempts": corroboration.after_attempts, "failures": corroboration.after_failures},
        "withdrawn": corroboration.withdrawn_at is not None,
    }


def _say_anew(by: Member, corroboration: Corroboration, *, stance, data, note, helps, uploads) -> Corroboration:
    post = corroboration.post
    if post.state == PostState.HIDDEN:
        raise Conflict(_("Your answer was hidden by moderation, so it cannot be changed now."))
    state = settle_state(by, post.thread.board, note, helps["action"])
    keep_revision(corroboration)
    rewrite_observation(corroboration.observation, data)
    corroboration.stance, corroboration.withdrawn_at, corroboration.changed_at = stance, None, timezone.now()
    for name, value in helps.items():
        setattr(corroboration, name, value)
    corroboration.save()
    if post.state == PostState.REMOVED:
        Post.objects.filter(pk=post.pk).update(state=PostState.VISIBLE)
        post.refresh_from_db()
        show_post(post)
        reach(RiverStage.CORROBORATED, report=corroboration.report)
    rewrite_post(post, note)
    if uploads:
        attach_uploads(by=by, post=post, uploads=uploads)
    record(
        CorroborationChanged(
            report_id=corroboration.report_id,
            thread_id=post.thread_id,
            corroboration_id=corroboration.pk,
            stance=stance,
            outcome=corroboration.observation.outcome,
        ),
        by=by,
    )
    push(f"thread:{post.thread_id}", "report.changed", corroboration.report_id)
    if state == PostState.PENDING:
        withhold_post(post, by=by)
    elif post.state == PostState.VISIBLE:
        # Withdrawn while it waited, it was never told; and "not tried yet" may have become an experience.
        if was_published(post):
            invite_host_when_ripe(corroboration.report)
        else:
            publish_corroboration(corroboration)
    return corroboration


@transaction.atomic
def withdraw_corroboration(*, by: Member, corroboration: Corroboration) -> Corroboration:
    """Take an answer back: its post leaves a tombstone, and every number that counted it recounts."""
    require(can_withdraw_corroboration(by, corroboration), _("You can withdraw your own answers only."))
    hold_thread(corroboration.report.thread_id)
    corroboration.refresh_from_db()
    require(can_withdraw_corroboration(by, corroboration), _("You can withdraw your own answers only."))
    withdrawn = Corroboration.objects.filter(pk=corroboration.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    if not withdrawn:
        raise Conflict(_("This corroboration was already withdrawn."))
    post = corroboration.post
    was_visible = post.state == PostState.VISIBLE
    Post.objects.filter(pk=post.pk).update(state=PostState.REMOVED)
    post.refresh_from_db()
    unshow_post(post, was_visible=was_visible)
    recount_corroborated(corroboration.report)
    touch_thread(post.thread)
    record(PostRemoved(thread_id=post.thread_id, post_id=post.pk), by=by)
    record(
        CorroborationWithdrawn(
            report_id=corroboration.report_id, thread_id=post.thread_id, corroboration_id=corroboration.pk
        ),
        by=by,
    )
    corroboration.refresh_from_db()
    return corroboration
