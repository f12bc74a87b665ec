"""Proposals as colleagues see them: what waits, what was scored, what was decided."""

from __future__ import annotations

from statistics import mean
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from ..enums import ProposalState
from ..models import Decision, Endorsement, Initiative, Review
from ..models.reviews import CRITERIA
from ..rules.reviews import SCORES_NEEDED, can_ask_for_changes, can_decide, can_move_endorsement, can_score


def waiting_proposals(user: Any) -> QuerySet[Initiative]:
    """What waits for an answer, the first due first, with `scored`, the number of scores of its version."""
    now = Q(reviews__version=F("version"), reviews__round=F("round"), reviews__conflict=False)
    return (
        Initiative.objects.visible_to(user)
        .with_the_brand()
        .select_related("proposer")
        .annotate(scored=Count("reviews", filter=now, distinct=True), behind=Count("supports", distinct=True))
        .order_by("answer_due_at", "pk")
    )


def answered_proposals(user: Any) -> QuerySet[Initiative]:
    """What has its answer, or waits for its writers; the last first."""
    seen = Initiative.objects.visible_to(user).exclude(state__in=[ProposalState.SUBMITTED, ProposalState.IN_REVIEW])
    return seen.filter(submitted_at__isnull=False).select_related("proposer").order_by("-changed_at", "-pk")


def desk_of(initiative: Initiative, user: Any) -> dict[str, Any]:
    """What a colleague's page of a proposal shows: own scores first, the others' after."""
    reviews = list(Review.objects.visible_to(user).of_now(initiative).select_related("reviewer"))
    own = next((review for review in reviews if review.reviewer_id == user.pk), None)
    counted = [review for review in reviews if not review.conflict]
    decision = Decision.objects.filter(initiative=initiative, round=initiative.round).select_related("by").first()
    endorsement = Endorsement.objects.filter(initiative=initiative).select_related("initiative").first()
    return {
        "reviews": reviews,
        "own_review": own,
        "given": Review.objects.of_now(initiative).counted().count(),
        "needed": 0 if initiative.small and initiative.round == 1 else SCORES_NEEDED,
        "means": _means(counted),
        "decision": decision,
        "earlier": list(
            Decision.objects.filter(initiative=initiative, round__lt=initiative.round).select_related("by")
        ),
        "endorsement": endorsement,
        "may_score": can_score(user, initiative) is True,
        "may_decide": can_decide(user, initiative),
        "may_ask": can_ask_for_changes(user, initiative) is True,
        "may_move": endorsement is not None and can_move_endorsement(user, endorsement) is True,
    }


def _means(reviews: list[Review]) -> list[tuple[str, float, int]]:
    """(name, mean, how many) of each criterion."""
    if not reviews:
        return []
    label = {name: str(Review._meta.get_field(name).verbose_name) for name in CRITERIA}
    return [(label[name], mean(getattr(one, name) for one in reviews), len(reviews)) for name in CRITERIA]
