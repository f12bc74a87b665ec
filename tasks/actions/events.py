"""Plan an event, change it, open it, close it, cancel it: what its organisers do, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.search.actions import index
from kocforum.text import clean_line, clean_text

from ..enums import EventState
from ..facts import EventEdited, EventMoved, EventPlanned
from ..models import Event, EventQuestion, Initiative, Rsvp
from ..models.events import TAKES_PLACE
from ..models.rsvps import OF_THE_DAY
from ..queries.event_documents import document_of
from ..queries.event_terms import version_of_terms
from ..rules.events import EVENT_MOVES, can_plan, can_run
from ..rules.trust import gives_up_late, is_late
from .content import wants_a_look
from .endorsements import question
from .lending import let_go_of_event
from .seats import hold_event, promote, take_back_offers
from .waivers import keep_waiver, version_of

MOST_PLACES, MOST_QUESTIONS, MOST_PARTY = 100_000, 20, 20
PLATES_KEPT = timedelta(days=30)
YEAR = timedelta(days=366)
LONGEST_PAST, LONGEST_AHEAD = YEAR, 5 * YEAR
GROWS_BY = 0.2  # more than this share of places more or less is another event than the one that was endorsed


@dataclass(frozen=True, kw_only=True)
class QuestionDraft:
    text: str
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class EventTerms:
    """When, where, for how many, and what is asked of who comes."""

    title: str
    starts_at: datetime
    ends_at: datetime
    city: str
    place: str
    capacity: int
    timezone: str = "Asia/Shanghai"
    about: str = ""
    agenda: str = ""
    party_most: int = 5
    asks_car: bool = False
    offer_hours: int = 12
    offers_stop_hours: int = 6
    waiver: str = ""
    questions: Sequence[QuestionDraft] = field(default_factory=tuple)


@once(Event)
@transaction.atomic
def plan_event(*, by: Member, initiative: Initiative, terms: EventTerms) -> Event:
    """Nobody but its organisers and colleagues, who only look, knows of it before it is opened."""
    require(can_plan(by, initiative), _("You cannot plan an event here."))
    values = _checked(terms)
    event = Event.objects.create(initiative=initiative, **values)
    _ask(event, _read(terms.questions))
    keep_waiver(by=by, event=event)
    record(EventPlanned(event_id=event.pk, initiative_id=initiative.pk), by=by)
    return event


@transaction.atomic
def edit_event(
    *, by: Member, event: Event, terms: EventTerms | Callable[[Event], EventTerms], seen: str | None = None
) -> Event:
    """Change it. Places never fall below what is taken or promised; another day, place or size is told to who comes, and an
    endorsement is looked at again.

    `seen` is the version that was read (`version_of_terms`); who read another one is told so. Who changes single fields gives a
    function instead of all terms, which gets the row as it is now."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    held = hold_event(event.pk)
    if not EVENT_MOVES[held.state]:
        raise Conflict(_("It is over; what stands there stays."))
    if seen is not None and seen != version_of_terms(held):
        raise Conflict(_("Somebody else changed it meanwhile. Look at what stands there now, then save again."))
    written = terms(held) if callable(terms) else terms
    values = _checked(written)
    if not _is_another(held, values, written.questions):
        return held
    if held.state == EventState.RUNNING and values["starts_at"] > timezone.now():
        raise Invalid({"starts_at": _("It has begun. Its beginning lies in the past.")})
    if held.state in TAKES_PLACE and gives_up_late(held.starts_at, values["starts_at"], timezone.now()):
        values["put_off_late_at"] = held.put_off_late_at or timezone.now()
    fits = Event.objects.filter(pk=held.pk, going__lte=values["capacity"] - F("guests") - F("offered"))
    if not fits.update(**values, changed_at=timezone.now()):
        raise Invalid({"capacity": _("%(n)s places are taken or promised.") % {"n": held.taken}})
    if held.state == EventState.PLANNED:
        held.questions.all().delete()
        _ask(held, _read(written.questions))
    else:
        _ask(held, _added(held, written.questions))
    material = _is_material(held, values)
    # Of a postponed one people hear when it is open again: until then its day may change once more.
    told = held.state not in {EventState.PLANNED, EventState.POSTPONED}
    record(EventEdited(event_id=held.pk, material=material and told), by=by)
    if material:
        question(initiative=held.initiative, by=by)
        if values["starts_at"] != held.starts_at:
            Event.objects.filter(pk=held.pk).update(reminded_at=None)
    promote(held)
    _tell(held)
    accepted_before = held.waiver_sha256
    held.refresh_from_db()
    keep_waiver(by=by, event=held, before=accepted_before)
    _follow_in_search(held)
    return held


def _is_another(before: Event, values: dict[str, Any], questions: Sequence[QuestionDraft]) -> bool:
    """Who saves what stands there already has decided nothing, and nobody is told."""
    if any(getattr(before, name) != value for name, value in values.items()):
        return True
    if before.state != EventState.PLANNED:
        return bool(_added(before, questions))
    return list(before.questions.values_list("text", "required")) != _read(questions)


def _is_material(before: Event, values: dict[str, Any]) -> bool:
    moved = any(values[name] != getattr(before, name) for name in ("starts_at", "ends_at", "city", "place"))
    return moved or abs(values["capacity"] - before.capacity) > GROWS_BY * before.capacity


@transaction.atomic
def open_event(*, by: Member, event: Event) -> Event:
    """From now on places are taken, endorsed or not."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    held = hold_event(event.pk)
    if held.starts_at <= timezone.now():
        raise Conflict(_("It lies in the past. Give it another day first."))
    values: dict[str, Any] = {"opened_at": held.opened_at or timezone.now(), "postponed_because": ""}
    if held.state == EventState.POSTPONED:
        values["reminded_at"] = None
    opened = move(held, EventState.OPEN, by=by, **values)
    promote(opened)  # places that were free while it was postponed
    return opened


@transaction.atomic
def close_event(*, by: Member, event: Event) -> Event:
    """No place is taken any more; who has one keeps it."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    return move(hold_event(event.pk), EventState.CLOSED, by=by)


@transaction.atomic
def postpone_event(*, by: Member, event: Event, reason: str) -> Event:
    """The day is given up, and no new one is known. Places are kept and nobody comes to more; another day, then `open_event`."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    held, because = hold_event(event.pk), _reason(reason)
    late = held.put_off_late_at or (timezone.now() if is_late(held.starts_at, timezone.now()) else None)
    return move(held, EventState.POSTPONED, by=by, postponed_because=because, put_off_late_at=late)


@transaction.atomic
def cancel_event(*, by: Member, event: Event, reason: str) -> Event:
    """It does not take place. Whoever comes, waits or thinks about an offer is told why."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    reason = _reason(reason)
    held = hold_event(event.pk)
    begun = held.state in TAKES_PLACE and held.starts_at <= timezone.now()
    cancelled = move(held, EventState.CANCELLED, by=by, cancelled_because=reason)
    if not begun:
        cancelled.rsvps.exclude(**OF_THE_DAY).update(**OF_THE_DAY)  # where people are on the spot, after the end
    let_go_of_event(event=cancelled, by=by, because=reason)
    return cancelled


def _reason(words: str) -> str:
    words = clean_line(words)[:300]
    if not words:
        raise Invalid({"reason": _("Whoever wanted to come reads why. Write a sentence.")})
    return words


def move(held: Event, to: str, *, by: Member | None, **values: Any) -> Event:
    """One step of an event whose row is held."""
    here = held.state
    if to not in EVENT_MOVES[here]:
        raise Conflict(_("It does not go there from where it is: %(state)s.") % {"state": held.get_state_display()})
    if not Event.objects.filter(pk=held.pk, state=here).update(state=to, changed_at=timezone.now(), **values):
        raise Conflict(_("The event is no longer where you saw it."))
    if to in {EventState.POSTPONED, EventState.RUNNING}:
        take_back_offers(held)
    record(EventMoved(event_id=held.pk, from_state=here, to_state=to), by=by)
    _tell(held)
    held.refresh_from_db()
    _follow_in_search(held)
    return held


def _follow_in_search(event: Event) -> None:
    """It is found from the opening on, also when it is over or cancelled: people look for it."""
    if event.opened_at is not None:
        index(**document_of(event))


def _read(questions: Sequence[QuestionDraft]) -> list[tuple[str, bool]]:
    """As they are kept: text, and whether it must be answered."""
    drafts = [(clean_line(one.text)[:200], one.required) for one in questions]
    return [(text, required) for text, required in drafts if text]


def _added(event: Event, questions: Sequence[QuestionDraft]) -> list[tuple[str, bool]]:
    known = set(event.questions.values_list("text", flat=True))
    return [one for one in _read(questions) if one[0] not in known]


def _ask(event: Event, drafts: Sequence[tuple[str, bool]]) -> None:
    before = event.questions.count()
    if before + len(drafts) > MOST_QUESTIONS:
        raise Invalid({"questions": _("At most %(most)s questions.") % {"most": MOST_QUESTIONS}})
    EventQuestion.objects.bulk_create(
        EventQuestion(event=event, key=f"q{number}", text=text, required=required)
        for number, (text, required) in enumerate(drafts, before + 1)
    )


def _checked(terms: EventTerms) -> dict[str, Any]:
    problems: dict[str, object] = {}
    values = {
        name: clean_line(getattr(terms, name))[:most] for name, most in {"title": 120, "city": 40, "place": 200}.items()
    }
    for name, said in values.items():
        if not said:
            problems[name] = _("This is needed.")
    now = timezone.now()
    for name in ("starts_at", "ends_at"):
        if not now - LONGEST_PAST <= getattr(terms, name) <= now + LONGEST_AHEAD:
            problems[name] = _("A moment between a year ago and five years from now.")
    if "ends_at" not in problems and terms.ends_at <= terms.starts_at:
        problems["ends_at"] = _("It ends after it begins.")
    if terms.timezone not in available_timezones():
        problems["timezone"] = _("There is no such time zone.")
    for name, least, most in (
        ("capacity", 1, MOST_PLACES),
        ("party_most", 1, MOST_PARTY),
        ("offer_hours", 1, 168),
        ("offers_stop_hours", 0, 168),
    ):
        if not least <= getattr(terms, name) <= most:
            problems[name] = _("A number from %(least)s to %(most)s.") % {"least": least, "most": most}
    if problems:
        raise Invalid(problems)
    about, agenda = (clean_text(text).strip()[:4000] for text in (terms.about, terms.agenda))
    waiver = clean_text(terms.waiver).strip()[:4000]
    wants_a_look(values["title"], about, agenda, field="about")
    wants_a_look(waiver, field="waiver")
    words = {"about": about, "agenda": agenda, "waiver": waiver, "waiver_sha256": version_of(waiver)}
    kept = (
        "starts_at",
        "ends_at",
        "timezone",
        "capacity",
        "party_most",
        "asks_car",
        "offer_hours",
        "offers_stop_hours",
    )
    return {**values, **words, **{name: getattr(terms, name) for name in kept}}


@transaction.atomic
def forget_plates() -> int:
    """Plates go a month after the event, and whom to call for whom; of one that was cancelled as soon as nobody is there. Returns how
    many."""
    now = timezone.now()
    cancelled = Q(event__state=EventState.CANCELLED) & (Q(event__starts_at__gt=now) | Q(event__ends_at__lt=now))
    old = Rsvp.objects.filter(Q(event__ends_at__lt=now - PLATES_KEPT) | cancelled).exclude(**OF_THE_DAY)
    return old.update(**OF_THE_DAY)


def _tell(event: Event) -> None:
    push(f"event:{event.pk}", "event.changed", event.pk)
