"""Report what went wrong at an event, and add to a report. From a report on, who was there stays as it stands (I20)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..enums import IncidentKind
from ..facts import IncidentAdded, IncidentReported
from ..models import Event, Incident, IncidentAddition, Scan
from ..rules.incidents import MOST_INVOLVED, MOST_WORDS, REPORTS_KEPT, can_report_incident
from .seats import hold_event

MOST_REPORTS, MOST_ADDITIONS = 50, 100
CLOCKS_DIFFER = timedelta(minutes=5)


def _words(text: str) -> str:
    """As they are kept. Where nothing is to be seen there are none."""
    return clean_text(text).strip() if clean_line(text) else ""


@once(Incident)
@transaction.atomic
def report_incident(
    *,
    by: Member,
    event: Event,
    kind: str,
    happened_at: datetime,
    what: str,
    done: str = "",
    people: int = 0,
    doctor: bool = False,
    police: bool = False,
) -> Incident:
    """Write down what happened. What the gate has recorded by now stands from here on.

    The event's row is held, as it is for every batch of scans: each scan comes before the report and stands, or after it."""
    require(can_report_incident(by, event), _("The crew of an event reports what happened there."))
    held = hold_event(event.pk)
    what, done = _words(what), _words(done)
    problems: dict[str, object] = {}
    if kind not in IncidentKind.values:
        problems["kind"] = _("Choose what kind it was.")
    for name, words, least in (("what", what, 1), ("done", done, 0)):
        if not least <= len(words) <= MOST_WORDS:
            bounds = {"least": least, "most": MOST_WORDS}
            problems[name] = _("Between %(least)s and %(most)s characters.") % bounds
    if not 0 <= people <= MOST_INVOLVED:
        problems["people"] = _("A number from %(least)s to %(most)s.") % {"least": 0, "most": MOST_INVOLVED}
    now = timezone.now()
    if happened_at > now + CLOCKS_DIFFER:
        problems["happened_at"] = _("It has not happened yet.")
    elif happened_at < held.created_at - CLOCKS_DIFFER:
        problems["happened_at"] = _("That was before there was this event.")
    if problems:
        raise Invalid(problems)
    if held.incidents.count() >= MOST_REPORTS:
        raise Conflict(_("At most %(most)s reports. Add to one of them.") % {"most": MOST_REPORTS})
    scans = Scan.objects.filter(event=held)
    scans.update(frozen_at=now)
    told = Incident.objects.create(
        event=held,
        reporter=by,
        kind=kind,
        happened_at=min(happened_at, now),
        what=what,
        done=done,
        people=people,
        doctor=doctor,
        police=police,
        recorded=scans.people(),
        filed_at=now,
    )
    record(IncidentReported(event_id=held.pk, incident_id=told.pk), by=by)
    push(f"gate:{held.pk}", "gate.changed", held.pk)
    return told


@once(IncidentAddition)
@transaction.atomic
def add_to_incident(*, by: Member, incident: Incident, words: str) -> IncidentAddition:
    """Somebody knows more: a row of its own under the report."""
    require(can_report_incident(by, incident.event), _("The crew of an event reports what happened there."))
    said = _words(words)
    if not 1 <= len(said) <= MOST_WORDS:
        bounds = {"least": 1, "most": MOST_WORDS}
        raise Invalid({"words": _("Between %(least)s and %(most)s characters.") % bounds})
    hold_event(incident.event_id)
    if incident.additions.count() >= MOST_ADDITIONS:
        raise Conflict(_("At most %(most)s additions to one report.") % {"most": MOST_ADDITIONS})
    added = IncidentAddition.objects.create(incident=incident, by=by, words=said)
    record(IncidentAdded(event_id=incident.event_id, incident_id=incident.pk, addition_id=added.pk), by=by)
    return added


@transaction.atomic
def forget_incidents() -> int:
    """After three years words go; that something happened, and what was called, stays. Returns how many reports."""
    before = timezone.now() - REPORTS_KEPT
    IncidentAddition.objects.filter(incident__filed_at__lt=before).exclude(words="").update(words="")
    return Incident.objects.filter(filed_at__lt=before).exclude(what="").update(what="", done="")
