"""Set the steps of a project, say that one is reached, take one off that will not come."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..facts import MilestoneDropped, MilestonePlanned, MilestoneReached
from ..models import Initiative, Milestone
from ..rules.milestones import can_set_milestones
from .content import wants_a_look
from .initiatives import hold_initiative

MOST_MILESTONES, MOST_WHAT, MOST_WORDS = 20, 160, 600


@once(Milestone)
@transaction.atomic
def plan_milestone(*, by: Member, initiative: Initiative, what: str, due_on: date | None = None) -> Milestone:
    """What is to be reached, and until which day, where there is one."""
    held = _held(by, initiative.pk)
    what = clean_line(what)[:MOST_WHAT]
    if not what:
        raise Invalid({"what": _("Say what is to be reached.")})
    if held.milestones.count() >= MOST_MILESTONES:
        raise Invalid({"what": _("At most %(most)s milestones.") % {"most": MOST_MILESTONES}})
    wants_a_look(what, field="what")
    made = Milestone.objects.create(initiative=held, what=what, due_on=due_on)
    record(MilestonePlanned(initiative_id=held.pk, milestone_id=made.pk), by=by)
    return made


@transaction.atomic
def reach_milestone(*, by: Member, milestone: Milestone, words: str) -> Milestone:
    """It is reached, and how. Once: who presses second is told so."""
    held = _held(by, milestone.initiative_id)
    words = clean_line(words)[:MOST_WORDS]
    if not words:
        raise Invalid({"words": _("Say in a sentence how it went. Those who stand behind it read this.")})
    wants_a_look(words, field="words")
    waiting = Milestone.objects.waiting().filter(pk=milestone.pk)
    if not waiting.update(words=words, reached_at=timezone.now(), reached_by=by):
        raise Conflict(_("It is reached already, or no longer there."))
    record(MilestoneReached(initiative_id=held.pk, milestone_id=milestone.pk), by=by)
    milestone.refresh_from_db()
    return milestone


@transaction.atomic
def drop_milestone(*, by: Member, milestone: Milestone) -> None:
    """It will not come. What was reached stays."""
    held = _held(by, milestone.initiative_id)
    gone, _rows = Milestone.objects.waiting().filter(pk=milestone.pk).delete()
    if not gone:
        raise Conflict(_("It is reached already, or no longer there."))
    record(MilestoneDropped(initiative_id=held.pk, milestone_id=milestone.pk), by=by)


def _held(by: Member, initiative: int) -> Initiative:
    held = hold_initiative(initiative)
    require(can_set_milestones(by, held), _("Who leads it sets its milestones."))
    return held
