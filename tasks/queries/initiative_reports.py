"""What came of an initiative, in numbers: who came, who is new, how it was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, Sum

from kocforum.stats import nps

from ..enums import EventState
from ..models import Event, Feedback, Initiative, Rsvp, Scan
from ..models.scans import CAME
from .gates import places_that_came

FEWEST = 5
WORDS_SHOWN = 50


def numbers_of(initiative: Initiative) -> dict[str, Any]:
    """Over all events that took place: `places` of the list, and at gates that were kept (else null) `came`, `walk_ins` and `no_shows`;
    `new_members` (of who came, whose first event it is), and how it was. Six queries."""
    events = Event.objects.filter(initiative=initiative, state=EventState.HELD)
    held = events.aggregate(n=Count("pk"), going=Sum("going"), guests=Sum("guests"))
    seen = Scan.objects.filter(event__in=events, result__in=CAME)
    kept = set(seen.values_list("event", flat=True))
    people = seen.aggregate(all=Sum("people"))["all"] or 0
    parties = Rsvp.objects.going().filter(event__in=kept).annotate(n=Sum("scans__people"))
    # A party that brought more people than it said hides nobody's absence.
    listed, absent = 0, 0
    for party, came in parties.values_list("party", "n"):
        listed += came or 0
        absent += max(party - (came or 0), 0)
    return {
        "events": held["n"],
        "places": (held["going"] or 0) + (held["guests"] or 0),
        "came": people if kept else None,
        "walk_ins": people - listed if kept else None,
        "no_shows": absent if kept else None,
        "new_members": _new_members(events),
        **how_it_was(Feedback.objects.filter(event__in=events)),
    }


def _new_members(events: Any) -> int:
    before = places_that_came(Event.objects.filter(state=EventState.HELD).exclude(pk__in=events))
    here = places_that_came(events)
    return here.exclude(member__in=before.values("member")).values("member").distinct().count()


def how_it_was(feedback: Any) -> dict[str, Any]:
    """`answers`, and from five on the `nps` as [points, margin of the 95 % interval]; fewer could be told apart."""
    said = feedback.aggregate(
        promoters=Count("pk", filter=Q(recommend__gte=9)),
        passives=Count("pk", filter=Q(recommend__in=[7, 8])),
        detractors=Count("pk", filter=Q(recommend__lte=6)),
    )
    n = sum(said.values())
    score = [round(part, 1) for part in nps(said["promoters"], said["passives"], said["detractors"])]
    return {"answers": n, "nps": score if n >= FEWEST else None}


def feedback_of(initiative: Initiative) -> list[tuple[Event, list[str]]]:
    """For its leaders: what was said of each event that is over. One query."""
    said: dict[Event, list[str]] = {}
    rows = Feedback.objects.filter(event__initiative=initiative, event__state=EventState.HELD).select_related("event")
    for row in rows.order_by("event__starts_at", "event"):
        said.setdefault(row.event, []).append(row.words)
    return [(event, words) for event, answers in said.items() if (words := _told(answers))]


def words_of(event: Event) -> list[str]:
    """What was said of one event."""
    return _told(Feedback.objects.filter(event=event).values_list("words", flat=True))


def _told(answers: Iterable[str]) -> list[str]:
    """Without names and in no order of time; from five answers on."""
    answers = list(answers)
    return sorted(filter(None, answers))[:WORDS_SHOWN] if len(answers) >= FEWEST else []
