"""A member leaves: nothing more is asked of them."""

from __future__ import annotations

from django.db import transaction

from ..enums import InvitationState
from ..models import ContactBudget, Invitation


@transaction.atomic
def forget_member(*, member_id: int) -> None:
    """No invitation waits and no budget is kept. Answers stay: they stand under a pseudonym, and the numbers rest on them."""
    waiting = [InvitationState.LISTED, InvitationState.INVITED]
    Invitation.objects.filter(member=member_id, state__in=waiting).update(state=InvitationState.HELD)
    ContactBudget.objects.filter(member=member_id).delete()
