"""Who reads proposals, who scores, who decides, who may move an endorsement."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import Role

from ..enums import EndorsementState
from ..models import Decision, Endorsement, Initiative, Review
from .initiatives import is_of, leads

SCORES_NEEDED = 2
REVIEWERS = (Role.OPERATOR, Role.RESEARCHER, Role.ENGINEER)


def can_see_proposals_desk(user: Any) -> bool:
    """All staff."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def is_reviewer(user: Any) -> bool:
    """Colleagues in a role that scores. Approvers decide and score nothing."""
    return bool(user.is_authenticated) and user.has_role(*REVIEWERS) and not user.has_role(Role.APPROVER)


def can_score(user: Any, initiative: Initiative) -> Any:
    """A reviewer who did not propose it, once for each version; after an appeal somebody who had no part in the first answer."""
    if not is_reviewer(user):
        return Forbidden(_("Proposals are scored by colleagues who do not decide."))
    if is_of(user, initiative):
        return Forbidden(_("Nobody scores the own proposal."))
    if not initiative.is_with_the_brand:
        return Conflict(_("This proposal does not wait for scores."))
    if had_a_part_before(user, initiative):
        return Forbidden(_("After an appeal others look at it."))
    if Review.objects.of_now(initiative).filter(reviewer=user.pk).exists():
        return Conflict(_("You have given your scores."))
    return True


def can_ask_for_changes(user: Any, initiative: Initiative) -> Any:
    """Approvers, and reviewers who gave their scores."""
    scored = Review.objects.of_now(initiative).counted().filter(reviewer=user.pk).exists()
    if not (scored or user.has_role(Role.APPROVER)) or is_of(user, initiative):
        return Forbidden(_("Changes are asked for by who scored or by an approver."))
    if (
        not initiative.is_with_the_brand
        or Decision.objects.filter(initiative=initiative, round=initiative.round).exists()
    ):
        return Conflict(_("There is a decision already."))
    return True


def can_decide(user: Any, initiative: Initiative) -> Any:
    """An approver who neither asked nor scored, and after an appeal not who decided first."""
    if not user.is_authenticated or not user.has_role(Role.APPROVER):
        return Forbidden(_("Approvers decide."))
    if is_of(user, initiative):
        return Forbidden(_("Nobody decides on the own proposal."))
    if Review.objects.filter(initiative=initiative, reviewer=user.pk).exists():
        return Forbidden(_("Who scored does not decide."))
    if had_a_part_before(user, initiative):
        return Forbidden(_("After an appeal others look at it."))
    if not initiative.is_with_the_brand:
        return Conflict(_("This proposal does not wait for a decision."))
    if Decision.objects.filter(initiative=initiative, round=initiative.round).exists():
        return Conflict(_("There is a decision already."))
    if not initiative.small or initiative.round > 1:
        given = Review.objects.of_now(initiative).counted().count()
        if given < SCORES_NEEDED:
            return Conflict(_("Two colleagues score it first; %(n)s did so far.") % {"n": given})
    return True


def had_a_part_before(user: Any, initiative: Initiative) -> bool:
    """In the first round of what is looked at a second time."""
    if initiative.round == 1:
        return False
    first = {"initiative": initiative, "round__lt": initiative.round}
    return (
        Review.objects.filter(**first, reviewer=user.pk).exists()
        or Decision.objects.filter(**first, by=user.pk).exists()
    )


def can_move_endorsement(user: Any, endorsement: Endorsement) -> Any:
    """An approver whose own initiative it is not."""
    if not user.is_authenticated or not user.has_role(Role.APPROVER):
        return Forbidden(_("Approvers suspend, lift and revoke."))
    return not is_of(user, endorsement.initiative) or Forbidden(_("Nobody decides on the own proposal."))


def can_answer_suspension(user: Any, endorsement: Endorsement) -> Any:
    """Who leads the initiative, while it is suspended."""
    if not leads(user, endorsement.initiative):
        return Forbidden(_("Who leads the initiative answers."))
    return endorsement.state == EndorsementState.SUSPENDED or Conflict(_("It is not suspended."))


ENDORSEMENT_MOVES: dict[str, tuple[str, ...]] = {
    EndorsementState.ACTIVE: (EndorsementState.SUSPENDED, EndorsementState.REVOKED),
    EndorsementState.SUSPENDED: (EndorsementState.ACTIVE, EndorsementState.REVOKED),
    EndorsementState.REVOKED: (),
    EndorsementState.EXPIRED: (),
}
