"""Rules of reports, corroborations and verifications."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import PostState
from ..models import Corroboration, Report
from .posts import can_post


def can_tell_report(user):
    """Everyone signed in who may write."""
    return can_write(user)


def can_amend_report(user, report: Report):
    """The teller, for as long as the report stands."""
    if not user.is_authenticated or report.thread.author_id != user.pk:
        return False
    if (writes := can_write(user)) is not True:
        return writes
    if report.withdrawn_at or report.thread.state not in {PostState.VISIBLE, PostState.PENDING}:
        return Conflict(_("This report no longer stands, so it cannot be changed."))
    return True


def can_withdraw_report(user, report: Report):
    """The teller."""
    if not user.is_authenticated or report.thread.author_id != user.pk:
        return False
    if report.thread.state == PostState.HIDDEN:
        return Conflict(_("This report was hidden by moderation, so it cannot be changed now."))
    return report.withdrawn_at is None or Conflict(_("This report was already withdrawn."))


def can_corroborate(user, report: Report):
    """Every other owner, with a car of their own; staff speak officially, not as owners."""
    if user.is_authenticated and user.is_staff:
        return Forbidden(_("Staff answer officially. Corroborations are owners' words."))
    if (posts := can_post(user, report.thread)) is not True:
        return posts
    if report.withdrawn_at or report.thread.state != PostState.VISIBLE:
        return Conflict(_("This report no longer stands, so it takes no corroborations."))
    return True


def can_withdraw_corroboration(user, corroboration: Corroboration):
    """The owner who gave it."""
    if not user.is_authenticated or corroboration.author_id != user.pk:
        return False
    if corroboration.post.state == PostState.HIDDEN:
        return Conflict(_("Your answer was hidden by moderation, so it cannot be changed now."))
    return corroboration.withdrawn_at is None or Conflict(_("This corroboration was already withdrawn."))


def can_verify(user, report: Report):
    """Any owner who may write in the thread. Brand staff never verify: nobody marks their own homework."""
    if user.is_authenticated and user.is_staff:
        return Forbidden(_("Only owners verify. Staff cannot mark their own work."))
    if (posts := can_post(user, report.thread)) is not True:
        return posts
    return report.withdrawn_at is None or Conflict(_("This report was withdrawn, so there is nothing to verify here."))
