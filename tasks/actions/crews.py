"""Who helps at an event, and what its organisers tell whoever comes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_text

from ..enums import CrewRole
from ..facts import CrewChosen, CrewLeft, EventAnnounced
from ..models import Announcement, CrewMember, Event
from ..rules.events import can_choose_crew, can_help, can_run
from .seats import hold_event

MOST_HELPERS = 30
MOST_WORDS = 600
A_DAY = 5  # announcements: whoever comes keeps reading them


@transaction.atomic
def choose_crew(*, by: Member, event: Event, username: str, role: str) -> CrewMember:
    """Somebody helps from now on; chosen again, with another role."""
    require(can_choose_crew(by, event), _("Who leads the event chooses who helps."))
    if role not in CrewRole.values:
        raise Invalid({"role": _("Choose what they do.")})
    name = username.strip().lstrip("@")
    helper = Member.objects.filter(username__iexact=name).first() if name else None
    if helper is None:
        raise Invalid({"username": _("There is no member of this name.")})
    require(can_help(helper, event), _("They cannot help here."))
    held = hold_event(event.pk)
    known = held.crew.filter(member=helper).first()
    if known is not None and known.role == role:
        return known
    if known is None and held.crew.count() >= MOST_HELPERS:
        raise Conflict(_("At most %(most)s helpers.") % {"most": MOST_HELPERS})
    chosen, _new = CrewMember.objects.update_or_create(event=held, member=helper, defaults={"role": role})
    record(CrewChosen(event_id=held.pk, member_id=helper.pk, role=role), by=by)
    return chosen


@transaction.atomic
def leave_crew(*, by: Member, event: Event, member: Member) -> None:
    """A helper stops, or who leads the event lets one go. Twice is once."""
    if by.pk != member.pk:
        require(can_choose_crew(by, event), _("Who leads the event chooses who helps."))
    if CrewMember.objects.filter(event=event, member=member).delete()[0]:
        record(CrewLeft(event_id=event.pk, member_id=member.pk), by=by)


@transaction.atomic
def leave_all_crews(*, member_id: int) -> None:
    """Of somebody who leaves the community."""
    CrewMember.objects.filter(member=member_id).delete()


@once(Announcement)
@transaction.atomic
def announce(*, by: Member, event: Event, words: str) -> Announcement:
    """Tell everybody who has a place or waits for one; a few times a day and no more."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    if event.opened_at is None:
        raise Conflict(_("Open the event first: nobody has a place yet."))
    said = clean_text(words).strip()
    if not 1 <= len(said) <= MOST_WORDS:
        raise Invalid({"words": _("Between 1 and %(most)s characters.") % {"most": MOST_WORDS}})
    held = hold_event(event.pk)
    if held.announcements.filter(at__gt=timezone.now() - timedelta(days=1)).count() >= A_DAY:
        raise Forbidden(_("At most %(most)s a day. Collect what is left for tomorrow.") % {"most": A_DAY})
    told = Announcement.objects.create(event=held, by=by, words=said)
    record(EventAnnounced(event_id=held.pk, announcement_id=told.pk), by=by)
    push(f"event:{held.pk}", "event.changed", held.pk)
    return told
