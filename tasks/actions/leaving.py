"""A member leaves, and drafts that nobody will send: what is not needed any more goes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kocforum.members.models import Member

from ..enums import InvitationState, Privacy
from ..models import ContactBudget, Invitation, QuotaHold, Response, ResponseDraft, Survey
from ..queries.respondents import respondent_of

DRAFTS_KEPT = timedelta(days=30)  # after the end, so that who comes back late can read what was begun


@transaction.atomic
def forget_member(*, member_id: int) -> None:
    """No invitation waits, no budget and no draft is kept. Answers stay, since numbers rest on them, and belong to nobody.

    The pseudonym is drawn anew, so that the secret of the survey leads to them no longer (S19). Who wants them deleted takes
    them back before leaving; of an anonymous survey nobody knows which they are.
    """
    waiting = [InvitationState.LISTED, InvitationState.INVITED]
    Invitation.objects.filter(member=member_id, state__in=waiting).update(state=InvitationState.HELD)
    ContactBudget.objects.filter(member=member_id).delete()
    ResponseDraft.objects.filter(member=member_id).delete()
    known = Survey.objects.exclude(privacy=Privacy.ANONYMOUS)
    for survey in known.filter(task__participations__member=member_id):
        mine = Response.objects.filter(survey=survey, respondent=respondent_of(survey, Member(pk=member_id)))
        mine.update(member=None, respondent=secrets.token_hex(32))


@transaction.atomic
def sweep_drafts() -> int:
    """Drafts of surveys that ended a month ago, and places that nobody keeps any more. Returns how many drafts went."""
    QuotaHold.objects.filter(until__lt=timezone.now()).delete()
    old = ResponseDraft.objects.filter(survey__task__closed_at__lt=timezone.now() - DRAFTS_KEPT)
    return old.delete()[1].get(ResponseDraft._meta.label, 0)
