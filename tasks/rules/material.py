"""Who lends material, who says what about it, and when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import Role
from kocforum.members.rules import can_write

from ..enums import AskKind, LoanState
from ..models import Endorsement, Initiative, Loan
from .initiatives import is_of, leads

MOST_OF_A_THING = 1_000_000
R, S, A = LoanState.RESERVED, LoanState.SHIPPED, LoanState.RECEIVED
HOUSE_MOVES: dict[str, tuple[str, ...]] = {
    R: (S, LoanState.RELEASED),
    S: (LoanState.RETURNED, LoanState.LOST, LoanState.CONSUMED),
    A: (LoanState.RETURNED, LoanState.LOST, LoanState.CONSUMED),
    LoanState.SENT_BACK: (LoanState.RETURNED, LoanState.LOST),
}
LEADER_MOVES: dict[str, tuple[str, ...]] = {S: (A,), A: (LoanState.SENT_BACK, LoanState.CONSUMED)}


def can_keep_stock(user: Any) -> Any:
    """Approvers: what they lend is what they count."""
    lends = bool(user.is_authenticated) and user.has_role(Role.APPROVER)
    return lends or Forbidden(_("Approvers lend material and places on channels."))


def can_lend(user: Any, initiative: Initiative) -> Any:
    """An approver whose own initiative it is not."""
    if (keeps := can_keep_stock(user)) is not True:
        return keeps
    return not is_of(user, initiative) or Forbidden(_("Nobody decides on the own proposal."))


def is_lent(endorsement: Endorsement | None) -> Any:
    """Nothing new is promised while the brand does not stand behind it."""
    if endorsement is None or not endorsement.is_in_force:
        return Conflict(_("The endorsement is not in force. Nothing new is lent."))
    return True


def lends_material(endorsement: Endorsement | None) -> Any:
    """What the decision did not grant is not sent."""
    if (lent := is_lent(endorsement)) is not True:
        return lent
    granted = AskKind.MATERIAL in endorsement.payload["lends"]
    return granted or Conflict(_("The decision lends no material to this initiative."))


def moves_of_loan(user: Any, loan: Loan) -> tuple[str, ...]:
    """Where this person can move it from where it is."""
    if leads(user, loan.initiative):
        here = LEADER_MOVES.get(loan.state, ())
        return tuple(to for to in here if to != LoanState.CONSUMED or not loan.item.returnable)
    if can_lend(user, loan.initiative) is True:
        here = HOUSE_MOVES.get(loan.state, ())
        return tuple(to for to in here if to != LoanState.CONSUMED or not loan.item.returnable)
    return ()


def can_move_loan(user: Any, loan: Loan, to: str) -> Any:
    """Colleagues send and count; who leads it says that it came, that it is used up, that it is on its way back."""
    own = leads(user, loan.initiative)
    if not own and (lends := can_lend(user, loan.initiative)) is not True:
        return lends
    if own and (writes := can_write(user)) is not True:
        return writes
    if to in moves_of_loan(user, loan):
        return True
    others = {state for moves in (HOUSE_MOVES if own else LEADER_MOVES).values() for state in moves}
    mine = {state for moves in (LEADER_MOVES if own else HOUSE_MOVES).values() for state in moves}
    if to in others - mine:
        return Forbidden(_("A colleague of the brand says this.") if own else _("Who leads the initiative says this."))
    return Conflict(_("It does not go there from where it is: %(state)s.") % {"state": loan.get_state_display()})
