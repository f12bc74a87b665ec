"""The promises of initiatives that the brand endorsed: what each came to and why, from the rows and the moments in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.ledger.facts import name_of
from kocforum.ledger.models import Subject

from .. import facts
from ..enums import ContestState, EventState, LoanState, PromiseKind, PromiseState
from ..models import Envelope, Event, Initiative, Loan, StockMove, TrustContest
from ..models.events import STANDS
from ..rules.trust import TOLD_WITHIN, is_late, kept_in_time

UPHELD = (ContestState.KEPT, ContestState.LEFT_OUT)
ARRIVED = (LoanState.RECEIVED, LoanState.SENT_BACK)
BACK = (LoanState.SENT_BACK, LoanState.RETURNED)


@dataclass(frozen=True)
class Promise:
    """One promise of one initiative: what it came to, why, and what was said against that. `due_at`: until when it can be kept."""

    initiative: Initiative
    kind: PromiseKind
    state: PromiseState
    why: str
    due_at: datetime | None = None
    contests: list[TrustContest] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """A contest of it waits for an answer."""
        return any(one.state == ContestState.OPEN for one in self.contests)


@dataclass(frozen=True)
class Telling:
    """When something was told: the first time that counts, since what was told before the beginning tells nothing of it. `early`: it
    was told before, and only then. `due_at`: until when it is to be told."""

    at: datetime | None
    early: bool
    due_at: datetime | None
    now: datetime

    @property
    def state(self) -> PromiseState:
        return kept_in_time(self.at, self.due_at, self.now)

    @property
    def why(self) -> str:
        due = _day(self.due_at) if self.due_at else ""
        if self.at is not None and due:
            return _("Told on %(day)s, due by %(due)s.") % {"day": _day(self.at), "due": due}
        if self.at is not None:
            return _("Told on %(day)s.") % {"day": _day(self.at)}
        if self.early:
            return _("Told before it began: tell it again afterwards.")
        if self.due_at and self.now <= self.due_at:
            return _("Can be told until %(due)s.") % {"due": due}
        return _("Due by %(due)s, not told.") % {"due": due} if due else _("Not told yet.")


def promises_of(member: Any, initiatives: list[Initiative]) -> dict[int, list[Promise]]:
    """Of each initiative, by its number, with what this person contests. Five queries. Initiatives come with `envelope` and, where an
    expense of theirs waits for an answer, with `money_waits`."""
    numbers, now = [one.pk for one in initiatives], timezone.now()
    events: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(initiative__in=numbers, opened_at__isnull=False).order_by("starts_at"):
        events[event.initiative_id].append(event)
    loans: dict[int, list[Loan]] = defaultdict(list)
    for loan in Loan.objects.filter(initiative__in=numbers, item__returnable=True).exclude(state=LoanState.RELEASED):
        loans[loan.initiative_id].append(loan)
    moved, told = _moved(numbers), _told(numbers)
    contests: dict[tuple[int, str], list[TrustContest]] = defaultdict(list)
    for contest in TrustContest.objects.filter(by=member.pk, initiative__in=numbers).order_by("pk"):
        contests[contest.initiative_id, contest.kind].append(contest)
    found: dict[int, list[Promise]] = {}
    for one in initiatives:
        due_at, began_at = _due_at(one, events[one.pk]), _began_at(one, events[one.pk], now)
        tellings = [
            _telling(told[one.pk, fact], began_at, due_at, now)
            for fact in (facts.InitiativeReported, facts.MoneyAccounted)
        ]
        made = [
            _of_events(one, events[one.pk]),
            _of_report(one, events[one.pk], tellings[0]),
            _of_account(one, tellings[1]),
            _of_material(one, loans[one.pk], moved),
        ]
        found[one.pk] = [_contested(promise, contests[one.pk, promise.kind]) for promise in made if promise]
    return found


def _due_at(initiative: Initiative, events: list[Event]) -> datetime | None:
    """The end of the thirtieth day after its last event; without one, after its last day; without a day, or while one that counts is
    postponed, at no moment.

    An event that was opened when this day had passed does not move it: what is broken is not mended by another event. Of what was called
    off the day of the calling-off counts, so that nothing is overdue from one moment to the next; where everything was, its own day too.
    """
    last = initiative.ends_on or initiative.begins_on
    without = _days_after(last) if last else None
    by_events: datetime | None = None
    called_off: datetime | None = None  # until when it stays fair, where an event that moved the day no longer does
    all_off = all(event.state == EventState.CANCELLED for event in events)
    for event in sorted(events, key=lambda one: one.opened_at):
        so_far = _later(by_events or without, called_off)
        if so_far is not None and event.opened_at > so_far:
            break
        if event.state == EventState.POSTPONED:
            return None
        if event.state == EventState.CANCELLED and not all_off:
            told = _days_after(timezone.localdate(event.changed_at))
            called_off = max(called_off, told) if called_off else told
            continue
        own = _days_after(timezone.localdate(max(event.ends_at, event.changed_at) if all_off else event.ends_at))
        by_events = max(by_events, own) if by_events else own
    return _later(by_events or without, called_off)


def _later(due_at: datetime | None, called_off: datetime | None) -> datetime | None:
    """What is due at no moment is not made due by a calling-off."""
    return max(due_at, called_off) if due_at is not None and called_off is not None else due_at


def _days_after(last: date) -> datetime:
    return datetime.combine(last + TOLD_WITHIN, time.max, timezone.get_current_timezone())


def _began_at(initiative: Initiative, events: list[Event], now: datetime) -> datetime | None:
    """The beginning of its first event; without one, of its first day; None without a day. While its only events have no day it has
    not begun: `now`."""
    standing = [event for event in events if event.state != EventState.CANCELLED]
    if with_day := [event.starts_at for event in standing if event.state != EventState.POSTPONED]:
        return min(with_day)
    if standing:
        return now
    first = initiative.begins_on
    return datetime.combine(first, time.min, timezone.get_current_timezone()) if first else None


def _told(numbers: list[int]) -> dict[tuple[int, type], list[datetime]]:
    """When each report and each account was told, the first first."""
    names = {name_of(fact): fact for fact in (facts.InitiativeReported, facts.MoneyAccounted)}
    rows = Subject.objects.filter(kind="initiative", object_id__in=numbers, fact__name__in=names)
    found: dict[tuple[int, type], list[datetime]] = defaultdict(list)
    for pk, name, at in rows.values_list("object_id", "fact__name", "fact__at").order_by("fact__at"):
        found[pk, names[name]].append(at)
    return found


def _telling(told: list[datetime], began_at: datetime | None, due_at: datetime | None, now: datetime) -> Telling:
    """Told again later it is not late: the first time after the beginning counts."""
    at = next((one for one in told if began_at is None or one >= began_at), None)
    return Telling(at, at is None and bool(told), due_at, now)


def _moved(numbers: list[int]) -> dict[tuple[int, str], datetime]:
    """When each loan came to its leader, went on its way home, or came back without a word, the first time."""
    moves = StockMove.objects.filter(loan__initiative__in=numbers, to_state__in={*ARRIVED, *BACK})
    first = moves.values_list("loan", "to_state").annotate(at=Min("at")).order_by()
    return {(loan, to): at for loan, to, at in first}


def _of_events(initiative: Initiative, events: list[Event]) -> Promise | None:
    if not events:
        return None

    def promise(state: PromiseState, why: str) -> Promise:
        return Promise(initiative, PromiseKind.EVENT, state, why)

    off = [one for one in events if one.state == EventState.CANCELLED]
    # What was put off in time and then called off hurt nobody: its day was told to be none.
    if late := next((one for one in off if not one.postponed_because and is_late(one.starts_at, one.changed_at)), None):
        why = _("“%(title)s” was called off less than 48 hours before.")
        return promise(PromiseState.BROKEN, why % {"title": late.title})
    if late := next((one for one in off if one.put_off_late_at), None):
        why = _("“%(title)s” was put off less than 48 hours before, and called off afterwards.")
        return promise(PromiseState.BROKEN, why % {"title": late.title})
    if any(one.state in STANDS for one in events):
        return promise(PromiseState.OPEN, _("One of its events is still to come."))
    held = sum(one.state == EventState.HELD for one in events)
    if not held:
        return promise(PromiseState.LEFT_OUT, _("Called off in time: neither kept nor broken."))
    return promise(PromiseState.KEPT, _("Events that took place: %(n)s.") % {"n": held})


def _of_report(initiative: Initiative, events: list[Event], telling: Telling) -> Promise | None:
    if telling.at is None and events and all(one.state == EventState.CANCELLED for one in events):
        return None  # nothing took place, so nothing is owed
    return Promise(initiative, PromiseKind.REPORT, telling.state, telling.why, telling.due_at)


def _of_account(initiative: Initiative, telling: Telling) -> Promise | None:
    envelope: Envelope | None = getattr(initiative, "envelope", None)
    if envelope is None:
        return None

    def promise(state: PromiseState, why: str) -> Promise:
        return Promise(initiative, PromiseKind.ACCOUNT, state, why, telling.due_at)

    if telling.state == PromiseState.KEPT:
        return promise(telling.state, telling.why)
    if not (envelope.spent_minor or envelope.reserved_minor or getattr(initiative, "money_waits", False)):
        if envelope.is_settled:
            return None  # none of it was used
        if telling.state == PromiseState.BROKEN:
            return promise(PromiseState.OPEN, _("None of the money was used so far."))
    if envelope.is_settled and (telling.due_at is None or envelope.settled_at <= telling.due_at):
        return promise(PromiseState.LEFT_OUT, _("Settled before it was due: nobody could tell it any more."))
    if envelope.is_settled and telling.at is None:
        return promise(PromiseState.BROKEN, _("Settled without an account."))
    return promise(telling.state, telling.why)


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d")


def _of_material(
    initiative: Initiative, loans: Iterable[Loan], moved: dict[tuple[int, str], datetime]
) -> Promise | None:
    loans = [loan for loan in loans if not _was_lost_on_the_way(loan, moved)]
    if not loans:
        return None

    def promise(state: PromiseState, why: str) -> Promise:
        return Promise(initiative, PromiseKind.MATERIAL, state, why)

    gone = sum(loan.gone for loan in loans)
    if gone:
        return promise(PromiseState.BROKEN, _("%(n)s did not come back.") % {"n": gone})
    if any(_is_late(loan, moved) for loan in loans):
        return promise(PromiseState.BROKEN, _("Something was sent back after its day."))
    if not all(loan.is_ended for loan in loans):
        return promise(PromiseState.OPEN, _("Something is still out."))
    return promise(PromiseState.KEPT, _("Everything came back in time."))


def _was_lost_on_the_way(loan: Loan, moved: dict[tuple[int, str], datetime]) -> bool:
    """It never came to its leader."""
    return loan.state == LoanState.LOST and not any((loan.pk, to) in moved for to in ARRIVED)


def _is_late(loan: Loan, moved: dict[tuple[int, str], datetime]) -> bool:
    """Sent back after its day, or still with who leads it after that. What did not arrive there is nobody's delay."""
    if loan.due_back_on is None:
        return False
    if back := [moved[loan.pk, to] for to in BACK if (loan.pk, to) in moved]:
        return timezone.localdate(min(back)) > loan.due_back_on
    return loan.state == LoanState.RECEIVED and timezone.localdate() > loan.due_back_on


def _contested(promise: Promise, contests: list[TrustContest]) -> Promise:
    """What an approver agreed to wins over what the rows say."""
    state = promise.state
    for contest in contests:
        if contest.state in UPHELD:
            state = PromiseState(contest.state)
    return Promise(promise.initiative, promise.kind, state, promise.why, promise.due_at, contests)
