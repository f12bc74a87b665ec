"""The promises of a leader, from the rows of the initiatives that the brand endorsed, and the envelope that follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.ledger.facts import name_of
from kocforum.ledger.models import Subject

from .. import facts
from ..enums import ContestState, EventState, LoanState, PromiseKind, PromiseState, ProposalState
from ..models import Envelope, Event, Initiative, Loan, StockMove, TrustContest
from ..models.events import STANDS
from ..rules.trust import (
    BASE_MINOR,
    BROKEN_STEPS,
    CURRENCY,
    LAST_INITIATIVES,
    MOST_MINOR,
    NOTICE,
    STEP_MINOR,
    TOLD_WITHIN,
    ceiling_of,
    kept_in_time,
)
from .initiatives import in_money

COUNTS = (PromiseState.KEPT, PromiseState.BROKEN)
UPHELD = (ContestState.KEPT, ContestState.LEFT_OUT)


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
class Trust:
    """What follows from the promises: the ceiling in the smallest unit, and each initiative with its promises, the last first."""

    kept: int
    broken: int
    ceiling_minor: int
    initiatives: list[tuple[Initiative, list[Promise]]]

    @property
    def ceiling(self) -> str:
        return _short(self.ceiling_minor)

    @property
    def promises(self) -> list[Promise]:
        return [promise for _initiative, promises in self.initiatives for promise in promises]


def trust_of(member: Any) -> Trust:
    """The envelope of this leader today. Seven queries. Only initiatives that the brand endorsed for this person count, of those
    whose promises are due the last eight; what one took over from somebody else is not counted for who took over."""
    endorsed = Initiative.objects.filter(proposer=member.pk, state=ProposalState.ENDORSED)
    endorsed = endorsed.filter(endorsement__decision__asker=member.pk).select_related("endorsement", "envelope")
    initiatives = list(endorsed.order_by("-endorsement__granted_at", "-pk"))
    promises = _promises(member, initiatives)
    shown, due = [], 0
    for initiative in initiatives:
        counts = any(one.state in COUNTS for one in promises[initiative.pk])
        if counts and due == LAST_INITIATIVES:
            continue
        due += counts
        shown.append((initiative, promises[initiative.pk]))
    states = [promise.state for _initiative, made in shown for promise in made]
    kept, broken = states.count(PromiseState.KEPT), states.count(PromiseState.BROKEN)
    return Trust(kept, broken, ceiling_of(kept, broken), [(one, made) for one, made in shown if made])


def _promises(member: Any, initiatives: list[Initiative]) -> dict[int, list[Promise]]:
    numbers, now = [one.pk for one in initiatives], timezone.now()
    events: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(initiative__in=numbers, opened_at__isnull=False).order_by("starts_at"):
        events[event.initiative_id].append(event)
    loans: dict[int, list[Loan]] = defaultdict(list)
    for loan in Loan.objects.filter(initiative__in=numbers, item__returnable=True).exclude(state=LoanState.RELEASED):
        loans[loan.initiative_id].append(loan)
    back = _first_back(numbers)
    told = _first_told(numbers)
    contests: dict[tuple[int, str], list[TrustContest]] = defaultdict(list)
    for contest in TrustContest.objects.filter(by=member.pk, initiative__in=numbers).order_by("pk"):
        contests[contest.initiative_id, contest.kind].append(contest)
    found: dict[int, list[Promise]] = {}
    for one in initiatives:
        due_at = _due_at(one, events[one.pk])
        made = [
            _of_events(one, events[one.pk]),
            _of_report(one, events[one.pk], told.get((one.pk, facts.InitiativeReported)), due_at, now),
            _of_account(one, told.get((one.pk, facts.MoneyAccounted)), due_at, now),
            _of_material(one, loans[one.pk], back),
        ]
        found[one.pk] = [_contested(promise, contests[one.pk, promise.kind]) for promise in made if promise]
    return found


def _due_at(initiative: Initiative, events: list[Event]) -> datetime | None:
    """Thirty days after its last event; without one, after its last day; without a day, or while one is postponed, at no moment."""
    if any(event.state == EventState.POSTPONED for event in events):
        return None
    if events:
        return max(event.ends_at for event in events) + TOLD_WITHIN
    last = initiative.ends_on or initiative.begins_on
    if last is None:
        return None
    return datetime.combine(last, time.max, timezone.get_current_timezone()) + TOLD_WITHIN


def _first_told(numbers: list[int]) -> dict[tuple[int, type], datetime]:
    """When each report and each account was told for the first time. Told again it is not late."""
    names = {name_of(fact): fact for fact in (facts.InitiativeReported, facts.MoneyAccounted)}
    rows = Subject.objects.filter(kind="initiative", object_id__in=numbers, fact__name__in=names)
    first = rows.values_list("object_id", "fact__name").annotate(at=Min("fact__at")).order_by()
    return {(pk, names[name]): at for pk, name, at in first}


def _first_back(numbers: list[int]) -> dict[int, datetime]:
    """When each loan went on its way home, or came back without a word."""
    moves = StockMove.objects.filter(
        loan__initiative__in=numbers, to_state__in=(LoanState.SENT_BACK, LoanState.RETURNED)
    )
    return dict(moves.values_list("loan").annotate(at=Min("at")).order_by())


def _of_events(initiative: Initiative, events: list[Event]) -> Promise | None:
    if not events:
        return None

    def promise(state: PromiseState, why: str) -> Promise:
        return Promise(initiative, PromiseKind.EVENT, state, why)

    off = [one for one in events if one.state == EventState.CANCELLED and not one.postponed_because]
    late = [one for one in off if one.changed_at > one.starts_at - NOTICE]
    if late:
        return promise(
            PromiseState.BROKEN, _("“%(title)s” was called off less than 48 hours before.") % {"title": late[0].title}
        )
    if any(one.state in STANDS for one in events):
        return promise(PromiseState.OPEN, _("One of its events is still to come."))
    held = sum(one.state == EventState.HELD for one in events)
    if not held:
        return promise(PromiseState.LEFT_OUT, _("Called off in time: neither kept nor broken."))
    return promise(PromiseState.KEPT, _("Events that took place: %(n)s.") % {"n": held})


def _of_report(
    initiative: Initiative, events: list[Event], at: datetime | None, due_at: datetime | None, now: datetime
) -> Promise | None:
    if at is None and events and all(one.state == EventState.CANCELLED for one in events):
        return None  # nothing took place, so nothing is owed
    state = kept_in_time(at, due_at, now)
    return Promise(initiative, PromiseKind.REPORT, state, _told(at, due_at, now), due_at)


def _of_account(initiative: Initiative, at: datetime | None, due_at: datetime | None, now: datetime) -> Promise | None:
    envelope: Envelope | None = getattr(initiative, "envelope", None)
    if envelope is None or at is None and envelope.is_settled and not envelope.spent_minor:
        return None  # no money, or none of it was used
    state = kept_in_time(at, due_at, now)
    if at is None and envelope.is_settled:
        return Promise(initiative, PromiseKind.ACCOUNT, PromiseState.BROKEN, _("Settled without an account."), due_at)
    return Promise(initiative, PromiseKind.ACCOUNT, state, _told(at, due_at, now), due_at)


def _told(at: datetime | None, due_at: datetime | None, now: datetime) -> str:
    due = _day(due_at) if due_at else ""
    if at is None and due_at and now <= due_at:
        return _("Can be told until %(due)s.") % {"due": due}
    if at is None:
        return _("Due by %(due)s, not told.") % {"due": due} if due else _("Not told yet.")
    if not due:
        return _("Told on %(day)s.") % {"day": _day(at)}
    return _("Told on %(day)s, due by %(due)s.") % {"day": _day(at), "due": due}


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d")


def _of_material(initiative: Initiative, loans: Iterable[Loan], back: dict[int, datetime]) -> Promise | None:
    loans = list(loans)
    if not loans:
        return None

    def promise(state: PromiseState, why: str) -> Promise:
        return Promise(initiative, PromiseKind.MATERIAL, state, why)

    gone = sum(loan.gone for loan in loans)
    if gone:
        return promise(PromiseState.BROKEN, _("%(n)s did not come back.") % {"n": gone})
    if any(_is_late(loan, back.get(loan.pk)) for loan in loans):
        return promise(PromiseState.BROKEN, _("Something was sent back after its day."))
    if not all(loan.is_ended for loan in loans):
        return promise(PromiseState.OPEN, _("Something is still out."))
    return promise(PromiseState.KEPT, _("Everything came back in time."))


def _is_late(loan: Loan, at: datetime | None) -> bool:
    """Sent back after its day, or still with who leads it after that. What did not arrive there is nobody's delay."""
    if loan.due_back_on is None:
        return False
    if at is not None:
        return timezone.localdate(at) > loan.due_back_on
    return loan.state == LoanState.RECEIVED and timezone.localdate() > loan.due_back_on


def _contested(promise: Promise, contests: list[TrustContest]) -> Promise:
    """What an approver agreed to wins over what the rows say."""
    state = promise.state
    for contest in contests:
        if contest.state in UPHELD:
            state = PromiseState(contest.state)
    return Promise(promise.initiative, promise.kind, state, promise.why, promise.due_at, contests)


def _short(amount_minor: int) -> str:
    """¥2,000 and not ¥2,000.00: ceilings move in whole steps."""
    return in_money(amount_minor, CURRENCY).removesuffix(".00")


def formula(trust: Trust) -> dict[str, Any]:
    """The formula with its numbers, for pages."""
    return {
        "base": _short(BASE_MINOR),
        "step": _short(STEP_MINOR),
        "takes": _short(BROKEN_STEPS * STEP_MINOR),
        "most": _short(MOST_MINOR),
        "last": LAST_INITIATIVES,
        "steps": max(0, trust.kept - BROKEN_STEPS * trust.broken),
        "broken_steps": BROKEN_STEPS,
        "base_share": BASE_MINOR / MOST_MINOR,
        "ceiling_share": trust.ceiling_minor / MOST_MINOR,
    }


def contests_waiting(user: Any) -> list[TrustContest]:
    """What leaders contest and nobody has answered, the oldest first. One query."""
    waiting = TrustContest.objects.visible_to(user).open().exclude(by=user.pk)
    return list(waiting.select_related("initiative", "by").order_by("pk"))


def small_up_to(initiative: Initiative) -> str:
    """The ceiling that held when the last version was submitted, in words; empty where none was kept. One query."""
    ceiling = initiative.versions.order_by("-number").values_list("ceiling_minor", flat=True).first()
    return _short(ceiling) if ceiling is not None else ""
