"""Who decided what in the life of an initiative: which rows of the ledger are decisions, about what, and whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kocforum.ledger.facts import name_of

from .. import facts
from ..enums import (
    Area,
    EndorsementState,
    EventState,
    ExpenseState,
    ProposalState,
    Side,
    SlotState,
    Verdict,
)


@dataclass(frozen=True)
class Deed:
    """One kind of decision: what was decided, in words, about what, and whose it is to decide."""

    area: Area
    side: Side
    what: Any


def _crew(area: Area, what: Any) -> Deed:
    return Deed(area, Side.CREW, what)


def _brand(area: Area, what: Any) -> Deed:
    return Deed(area, Side.BRAND, what)


Way = tuple[str, str]
ANY = ""
ENDORSED_ON_CONDITIONS = _brand(Area.ANSWER, _("Endorsed it on conditions"))

ALWAYS: dict[str, Deed] = {
    name_of(fact): deed
    for fact, deed in {
        facts.InitiativeDrafted: _crew(Area.PLAN, _("Began the project")),
        facts.ProposalSubmitted: _crew(Area.PLAN, _("Settled the text and submitted it")),
        facts.DeputyNamed: _crew(Area.PEOPLE, _("Named a deputy")),
        facts.DeputyAnswered: _crew(Area.PEOPLE, _("Answered whether to be the deputy")),
        facts.EventPlanned: _crew(Area.EVENTS, _("Planned an event: day, place, seats")),
        facts.EventEdited: _crew(Area.EVENTS, _("Changed an event")),
        facts.EventAnnounced: _crew(Area.WORDS, _("Told everybody who comes")),
        facts.CrewChosen: _crew(Area.PEOPLE, _("Chose who helps at an event")),
        facts.ExpenseHandedIn: _crew(Area.SPENDING, _("Spent money and handed in the receipt")),
        facts.MilestonePlanned: _crew(Area.PLAN, _("Named a milestone")),
        facts.MilestoneReached: _crew(Area.REPORT, _("Told that a milestone is reached")),
        facts.MilestoneDropped: _crew(Area.PLAN, _("Gave up a milestone")),
        facts.InitiativeReported: _crew(Area.REPORT, _("Told what came of it")),
        facts.MoneyAccounted: _crew(Area.REPORT, _("Told what was done with the money")),
        facts.TranchesPlanned: _brand(Area.MONEY, _("Said when the rest is released")),
        facts.TrancheReleased: _brand(Area.MONEY, _("Released a part of the money")),
        facts.MoneySettled: _brand(Area.MONEY, _("Settled the money")),
        facts.MoneyReopened: _brand(Area.MONEY, _("Opened the money again")),
        facts.LoanReserved: _brand(Area.LENDING, _("Lent material")),
        facts.SlotPlanned: _brand(Area.LENDING, _("Gave a place on an official channel")),
    }.items()
}

# By the states between which something went; ANY stands for every other one.
MOVES: dict[str, dict[Way, Deed]] = {
    name_of(fact): ways
    for fact, ways in {
        facts.ProposalMoved: {
            (ANY, ProposalState.WITHDRAWN): _crew(Area.PLAN, _("Took it back")),
            (ProposalState.DECLINED, ProposalState.IN_REVIEW): _crew(Area.PLAN, _("Asked that others look again")),
            (ANY, ProposalState.CHANGES_ASKED): _brand(Area.ANSWER, _("Asked for changes")),
            (ANY, ProposalState.DECLINED): _brand(Area.ANSWER, _("Declined it")),
            (ANY, ProposalState.ENDORSED): _brand(Area.ANSWER, _("Endorsed it")),
        },
        facts.EndorsementMoved: {
            (ANY, EndorsementState.SUSPENDED): _brand(Area.NAME, _("Suspended the endorsement")),
            (ANY, EndorsementState.ACTIVE): _brand(Area.NAME, _("Lifted the suspension")),
            (ANY, EndorsementState.REVOKED): _brand(Area.NAME, _("Revoked the endorsement")),
        },
        facts.EventMoved: {
            (ANY, EventState.OPEN): _crew(Area.EVENTS, _("Opened an event")),
            (ANY, EventState.CLOSED): _crew(Area.EVENTS, _("Took no more people")),
            (ANY, EventState.POSTPONED): _crew(Area.EVENTS, _("Postponed an event")),
            (ANY, EventState.CANCELLED): _crew(Area.EVENTS, _("Called off an event")),
        },
        facts.ExpenseMoved: {
            (ExpenseState.SUBMITTED, ExpenseState.SUBMITTED): _brand(
                Area.MONEY, _("Approved a receipt, as one of two")
            ),
            (ExpenseState.SUBMITTED, ExpenseState.APPROVED): _brand(Area.MONEY, _("Approved a receipt")),
            (ANY, ExpenseState.RETURNED): _brand(Area.MONEY, _("Asked what a receipt is missing")),
            (ANY, ExpenseState.REFUSED): _brand(Area.MONEY, _("Refused a receipt")),
        },
        facts.SlotMoved: {
            (ANY, SlotState.PULLED): _brand(Area.LENDING, _("Took a place on a channel back")),
        },
    }.items()
}
CONFIRMED = name_of(facts.EndorsementQuestioned)
COUNTED = (*ALWAYS, *MOVES, CONFIRMED)
BETWEEN_US = (ProposalState.CHANGES_ASKED, ProposalState.DECLINED)


def deed_of(name: str, told: Mapping[str, Any], *, verdict: str = "") -> Deed | None:
    """The decision that one row of the ledger is, or None where it is none.

    A decision is one step that a person took and that settled something about the project. The KOC's side decides the plan (each text
    that is submitted, not each saved word), the days, places, agenda and seats of events, people, announcements, what to spend on, the
    report. The brand's side decides its answer, whether the endorsement is in force, the release of money, receipts, the settlement,
    material and channels. No decision: scores (advice to who decides), payments and parcels (they carry out what was decided), what
    happens by itself when its time has come, and what members decide for themselves, such as coming.

    `name` and `told` are name and payload of the fact; `verdict` is that of the endorsement, where there is one.
    """
    if name == CONFIRMED:
        again = not told.get("needs_reconfirmation")
        return _brand(Area.NAME, _("Confirmed a changed event anew")) if again else None
    if name in ALWAYS:
        return ALWAYS[name]
    ways, here, to = MOVES.get(name, {}), told.get("from_state", ""), told.get("to_state", "")
    if name == name_of(facts.ProposalMoved) and to == ProposalState.ENDORSED and verdict == Verdict.CONDITIONAL:
        return ENDORSED_ON_CONDITIONS
    return ways.get((here, to)) or ways.get((ANY, to))


def side_of(deed: Deed, *, by_colleague: bool) -> Side:
    """Whose decision it was: what is the KOC's to decide counts as the brand's when a colleague of the brand did it."""
    return Side.BRAND if by_colleague else deed.side


def is_between_us(name: str, told: Mapping[str, Any]) -> bool:
    """An answer that was not yet an endorsement, and the appeal against it: between who proposed it and the brand."""
    if name != name_of(facts.ProposalMoved):
        return False
    return told.get("to_state") in BETWEEN_US or told.get("from_state") == ProposalState.DECLINED
