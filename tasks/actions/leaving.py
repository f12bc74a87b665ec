"""A member leaves, and drafts that nobody will send: what is not needed any more goes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kocforum.members.models import Member

from ..enums import EntryState, InvitationState, Privacy
from ..models import (
    ContactBudget,
    Entry,
    Feedback,
    Invitation,
    Manuscript,
    ManuscriptSave,
    OpinionMap,
    QuotaHold,
    Reader,
    Response,
    ResponseDraft,
    RoomWord,
    StatementVote,
    Survey,
    TrustContest,
    Writer,
)
from ..queries.respondents import respondent_of
from .clubs import leave_all_clubs
from .crews import leave_all_crews
from .entries import erase
from .proposals import hand_to_deputies
from .recordings import delete_voices_of
from .rsvps import leave_all_events
from .workshops import free_seats_of

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
    Reader.objects.filter(member=member_id).delete()
    known = Survey.objects.exclude(privacy=Privacy.ANONYMOUS)
    for survey in known.filter(task__participations__member=member_id):
        mine = Response.objects.filter(survey=survey, respondent=respondent_of(survey, Member(pk=member_id)))
        mine.update(member=None, respondent=secrets.token_hex(32))
    _let_go_of_entries(member_id)
    _let_go_of_votes(member_id)
    _let_go_of_words(member_id)
    delete_voices_of(member_id=member_id)
    free_seats_of(member_id=member_id)
    leave_all_clubs(member_id=member_id)
    leave_all_crews(member_id=member_id)
    Feedback.objects.filter(member=member_id).delete()
    TrustContest.objects.filter(by=member_id).delete()
    hand_to_deputies(member_id=member_id)
    leave_all_events(member_id=member_id)


def _let_go_of_words(member_id: int) -> None:
    """What was said among those who met goes with who said it; the minutes keep what was objected."""
    words = RoomWord.objects.filter(author=member_id, removed_at__isnull=True)
    words.update(text="", removed_at=timezone.now())


def _let_go_of_votes(member_id: int) -> None:
    """Votes go; the maps drawn from them stay as they were drawn, and no longer know in which group this person was."""
    votes = StatementVote.objects.filter(member=member_id)
    for drawn in OpinionMap.objects.filter(call__statements__votes__in=votes).distinct():
        drawn.members.pop(str(member_id), None)
        drawn.save(update_fields=["members"])
    votes.delete()


def _let_go_of_entries(member_id: int) -> None:
    """What the author wanted kept stays under a former member; the rest goes, and what nobody had read yet (L14)."""
    for entry in Entry.objects.filter(author=member_id).exclude(state=EntryState.WITHDRAWN):
        if entry.keep_when_left and entry.version:
            Manuscript.objects.filter(entry=entry).delete()
            ManuscriptSave.objects.filter(entry=entry).delete()
        else:
            erase(by=None, entry=entry)
    Writer.objects.filter(member=member_id, accepted_at__isnull=True).delete()


@transaction.atomic
def sweep_drafts() -> int:
    """Drafts of surveys that ended a month ago, and places that nobody keeps any more. Returns how many drafts went."""
    QuotaHold.objects.filter(until__lt=timezone.now()).delete()
    old = ResponseDraft.objects.filter(survey__task__closed_at__lt=timezone.now() - DRAFTS_KEPT)
    return old.delete()[1].get(ResponseDraft._meta.label, 0)
