"""Say how an event was; tell everybody what came of an initiative."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text
from kocforum.uploads.models import Upload

from ..facts import FeedbackGiven, InitiativeReported
from ..models import Event, Feedback, Initiative, InitiativeReport
from ..models.initiative_reports import REPORT_PICTURES
from ..queries.initiative_reports import numbers_of
from ..rules.initiative_reports import can_report, can_tell_how_it_was
from .content import wants_a_look
from .pictures import change_pictures, replace_pictures

LEAST_STORY, MOST_STORY, MOST_LESSONS = 20, 6000, 2000


@transaction.atomic
def tell_how_it_was(*, by: Member, event: Event, recommend: int, words: str = "") -> Feedback:
    """One answer a person; said again it replaces the one before."""
    require(can_tell_how_it_was(by, event), _("Whoever came says how it was."))
    if isinstance(recommend, bool) or not isinstance(recommend, int) or not 0 <= recommend <= 10:
        raise Invalid({"recommend": _("A number from 0 to 10.")})
    said = {"recommend": recommend, "words": clean_line(words)[:600], "at": timezone.now()}
    told, new = Feedback.objects.update_or_create(event=event, member=by, defaults=said)
    if new:
        record(FeedbackGiven(event_id=event.pk), by=None)
    return told


@transaction.atomic
def report(
    *,
    by: Member,
    initiative: Initiative,
    story: str,
    lessons: str = "",
    uploads: Sequence[Upload | int] | None = None,
    added: Sequence[Upload] = (),
    dropped: Collection[int] = (),
) -> InitiativeReport:
    """Tell what came of it. Told again it replaces the words, with the numbers of today; everybody hears of the first. `uploads` are
    its pictures from now on and no others; `added` and `dropped` leave alone what another of its leaders added meanwhile."""
    require(can_report(by, initiative), _("Who leads it tells what came of it."))
    story, lessons = clean_text(story).strip(), clean_text(lessons).strip()
    if not LEAST_STORY <= len(story) <= MOST_STORY:
        bounds = {"least": LEAST_STORY, "most": MOST_STORY}
        raise Invalid({"story": _("Between %(least)s and %(most)s characters.") % bounds})
    if len(lessons) > MOST_LESSONS:
        raise Invalid({"lessons": _("At most %(most)s characters.") % {"most": MOST_LESSONS}})
    wants_a_look(story, lessons, field="story")
    said = {"story": story, "lessons": lessons, "numbers": numbers_of(initiative), "by": by, "at": timezone.now()}
    told, new = InitiativeReport.objects.update_or_create(initiative=initiative, defaults=said)
    if uploads is not None:
        replace_pictures(by=by, kind=REPORT_PICTURES, number=told.pk, uploads=uploads)
    change_pictures(by=by, kind=REPORT_PICTURES, number=told.pk, added=added, dropped=dropped)
    record(InitiativeReported(initiative_id=initiative.pk, first=new), by=by)
    return told
