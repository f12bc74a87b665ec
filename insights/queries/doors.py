"""Which tickets an owner stands before, without ever reading one."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ..enums import ReleaseState
from ..models import Ticket


def tickets_to_verify(user) -> QuerySet[Ticket]:
    """Tickets that a public release answers, or whose beta this owner was offered, or that rest on the owner's own report."""
    if not user.is_authenticated:
        return Ticket.objects.none()
    if user.is_staff:
        return Ticket.objects.visible_to(user)
    mine = (
        Q(answers__release__state=ReleaseState.PUBLIC)
        | Q(offers__member=user)
        | Q(evidence__thread__author=user)
        | Q(evidence__topic__links__report__thread__author=user, evidence__topic__links__unlinked_at__isnull=True)
    )
    return Ticket.objects.filter(mine).distinct()
