"""Events as lists, their pages and their organisers see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from kocforum.garage.queries import in_garage

from ..enums import EventState, MemoryState, RsvpState
from ..models import Announcement, Endorsement, Event, Initiative, Rsvp
from ..models.events import STANDS
from ..models.rsvps import STANDING
from ..rules.events import EVENT_MOVES, can_choose_crew, can_give_up, can_keep_gate, can_run, can_take_place
from ..rules.incidents import stands_behind
from ..rules.initiative_reports import can_tell_how_it_was
from ..rules.memories import can_tell_memory, has_begun
from .event_pictures import pictures_of
from .gates import arrivals_of, places_seen
from .memories import glimpse_of

FACES_SHOWN = 24


def coming_events(user: Any, city: str = "") -> QuerySet[Event]:
    """What one can join, by date, with what the brand lends now."""
    events = with_endorsement(Event.objects.visible_to(user).coming())
    return events.filter(city=city) if city else events


def held_events(user: Any, city: str = "") -> QuerySet[Event]:
    """What took place, the last first, with `kept`, how much is kept of the day: whoever hears of it later finds it here."""
    shown = Count("memories", filter=Q(memories__state=MemoryState.SHOWN))
    events = Event.objects.visible_to(user).held().select_related("initiative__proposer").annotate(kept=shown)
    return events.filter(city=city) if city else events


def announced_events(user: Any, city: str = "") -> QuerySet[Event]:
    """What is coming, and what was coming and was cancelled: who has it in a calendar sees that."""
    shown = Event.objects.visible_to(user).filter(opened_at__isnull=False, state__in=[*STANDS, EventState.CANCELLED])
    shown = shown.filter(ends_at__gt=Now()).order_by("starts_at", "pk")
    return shown.filter(city=city) if city else shown


def events_on_front(user: Any, limit: int = 3) -> list[Event]:
    """What one can join next. One query."""
    return list(Event.objects.visible_to(user).coming().filter(state=EventState.OPEN, starts_at__gt=Now())[:limit])


def with_endorsement(events: QuerySet[Event]) -> QuerySet[Event]:
    """With who leads them and, where it is in force, `initiative.endorsed_now`."""
    in_force = Prefetch("initiative", Initiative.objects.select_related("proposer", "endorsement"))
    return events.prefetch_related(in_force)


def cities_of_events(user: Any) -> list[str]:
    coming = Event.objects.visible_to(user).coming()
    return list(coming.order_by("city").values_list("city", flat=True).distinct())


def my_places(member: Any) -> list[Rsvp]:
    """Where this person goes, waits, or is offered a place."""
    if not member.is_authenticated:
        return []
    mine = Rsvp.objects.standing().filter(member=member.pk, event__in=Event.objects.ahead())
    return list(mine.select_related("event").order_by("event__starts_at", "pk"))


def endorsement_of(initiative: Initiative) -> Endorsement | None:
    """What the brand lends now; nothing while it is suspended."""
    found = getattr(initiative, "endorsement", None)
    return found if found is not None and found.is_in_force else None


def line_of(event: int) -> dict[int, int]:
    """Places in the line of an event, from 1, by number of the row. One query."""
    waiting = Rsvp.objects.filter(event=event).waiting().values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(waiting, 1)}


def position_of(rsvp: Rsvp) -> int | None:
    """Place in the line, from 1."""
    return line_of(rsvp.event_id).get(rsvp.pk) if rsvp.state == RsvpState.WAITLISTED else None


def page_of(event: Event, user: Any) -> dict[str, Any]:
    """What the page of an event shows to this reader."""
    mine = Rsvp.objects.filter(event=event, member=user.pk).first() if user.is_authenticated else None
    runs = user.is_authenticated and can_run(user, event) is True
    offered = mine is not None and mine.state == RsvpState.OFFERED
    questions = list(event.questions.all())
    pictures, way = pictures_of(event)
    accepted = mine is not None and mine.is_standing and mine.waived_sha256 == event.waiver_sha256
    asks_waiver = bool(event.waiver) and not accepted
    may_take = user.is_authenticated and can_take_place(user, event, offered=offered) is True
    anew = asks_waiver and mine is not None and mine.is_standing and event.state in STANDS
    asks_anew = anew and (mine.state == RsvpState.GOING or not may_take)
    context: dict[str, Any] = {
        "event": event,
        "endorsement": endorsement_of(event.initiative),
        "mine": mine,
        "place_in_line": position_of(mine) if mine else None,
        "may_take": may_take,
        "may_give_up": mine is not None and mine.is_standing and can_give_up(event, mine) is True,
        "questions": questions,
        "cars": in_garage(user) if event.asks_car and user.is_authenticated else (),
        "asks_waiver": asks_waiver,
        "asks_anew": asks_anew,
        "shows_waiver": bool(event.waiver) and not asks_anew and not (asks_waiver and may_take),
        "listed": list(Rsvp.objects.listed().filter(event=event).select_related("member")[:FACES_SHOWN]),
        "waiting": Rsvp.objects.filter(event=event, state=RsvpState.WAITLISTED).count(),
        "runs": runs,
        "may_tell": event.state == EventState.HELD
        and user.is_authenticated
        and can_tell_how_it_was(user, event) is True
        and not event.feedback.filter(member=user.pk).exists(),
        "pictures": pictures,
        "way": way,
        "announcements": announcements_of(event, user) if event.opened_at else (),
        "keeps_gate": event.opened_at is not None and user.is_authenticated and can_keep_gate(user, event) is True,
    }
    context["reads_incidents"] = context["keeps_gate"] or (event.opened_at is not None and stands_behind(user))
    begun = has_begun(event)
    if begun or event.state in {EventState.CANCELLED, EventState.POSTPONED}:
        glimpse = glimpse_of(event)
        if begun or glimpse.memories:  # called off while it ran, it keeps what was kept of it
            may = user.is_authenticated and can_tell_memory(user, event) is True
            context |= {"glimpse": glimpse, "may_add_memory": may}
    if runs:
        arrivals = arrivals_of(event) if event.opened_at else None
        context |= {
            "moves": EVENT_MOVES[event.state],
            "crew": list(event.crew.select_related("member")),
            "chooses_crew": can_choose_crew(user, event) is True,
            "arrivals": arrivals,
            "places": _places(event, questions, gate_kept=arrivals is not None and arrivals.came > 0),
        }
    return context


def announcements_of(event: Event, user: Any) -> list[Announcement]:
    """What its organisers told, for whom it was meant."""
    return list(Announcement.objects.visible_to(user).filter(event=event).select_related("by"))


def _places(event: Event, questions: list[Any], *, gate_kept: bool) -> list[Rsvp]:
    """For organisers: everybody with their words, in the order of the line; `came` once the event was held, by its gate, else None.
    One query, and one for the gate."""
    order = {RsvpState.GOING: 0, RsvpState.OFFERED: 1, RsvpState.WAITLISTED: 2}
    tells = gate_kept and event.state == EventState.HELD
    seen = set(places_seen(event)) if tells else set()
    shown = Rsvp.objects.filter(Q(state__in=STANDING) | Q(pk__in=seen), event=event)
    rows = list(shown.select_related("member", "vehicle__model"))
    for row in rows:
        row.said = [(question.text, row.answers[question.key]) for question in questions if question.key in row.answers]
        row.came = row.pk in seen if tells else None
    return sorted(rows, key=lambda row: (order.get(row.state, len(order)), row.priority, row.joined_at, row.pk))


def events_of(initiative: Initiative, user: Any) -> list[Event]:
    """Those of one initiative that this reader may know."""
    return list(Event.objects.visible_to(user).filter(initiative=initiative).order_by("starts_at", "pk"))
