"""Rules of tickets: researchers promote and move, engineers move what lies in their department, owners never come near."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden

from ..enums import TicketState as S
from ..models import DepartmentMember, Ticket
from .states import SYSTEM_ONLY, moves_from

DEPARTMENT_MOVES = frozenset(
    {
        S.ACKNOWLEDGED,
        S.RETURNED,
        S.NEED_INFO,
        S.NOT_REPRODUCED,
        S.ROOT_CAUSE,
        S.FIX_PLANNED,
        S.FIX_READY,
        S.CLEARED,
        S.RELEASED,
        S.KEPT,
        S.ADOPTED,
        S.SHOWN,
    }
)


def can_see_desk(user: Any) -> bool:
    """All staff."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def can_promote(user: Any) -> bool:
    """Researchers make tickets of what the community gathered."""
    return bool(user.is_authenticated) and user.has_role("researcher")


def works_in(user: Any, ticket: Ticket) -> bool:
    """An engineer in the department that the ticket was routed to."""
    if not user.is_authenticated or not user.has_role("engineer") or not ticket.department_id:
        return False
    return DepartmentMember.objects.filter(department=ticket.department_id, member=user).exists()


def heads(user: Any, ticket: Ticket) -> bool:
    """The head of the department that the ticket was routed to."""
    if not user.is_authenticated or not ticket.department_id:
        return False
    return DepartmentMember.objects.filter(department=ticket.department_id, member=user, is_head=True).exists()


def can_move(user: Any, ticket: Ticket, to: str) -> bool | Forbidden:
    """Researchers every move; engineers their department's; nobody what only owners can say."""
    if not can_see_desk(user):
        return False
    if to in SYSTEM_ONLY:
        return Forbidden(_("Only owners can say that it is solved. The state follows from their verifications."))
    if user.has_role("researcher"):
        return True
    if to == S.CLOSED_NO_ACTION:
        return heads(user, ticket)
    return to in DEPARTMENT_MOVES and works_in(user, ticket)


def can_move_somewhere(user: Any, ticket: Ticket) -> bool:
    """Move it at all, wherever to."""
    return can_promote(user) or works_in(user, ticket) or heads(user, ticket)


def goes(ticket: Ticket, to: str, expected: str) -> bool | Conflict:
    """The ticket is where the person saw it, and the table leads from there to where it shall go."""
    here = ticket.get_state_display()
    if ticket.state != expected:
        return Conflict(_("The ticket is no longer where you saw it: it is %(state)s now.") % {"state": here})
    if to not in moves_from(ticket.kind, ticket.state):
        return Conflict(_("A ticket does not go from %(here)s to %(there)s.") % {"here": here, "there": S(to).label})
    return True


def can_work_on(user: Any, ticket: Ticket) -> bool:
    """Write notes and assign: researchers, and engineers of the ticket's department."""
    return can_promote(user) or works_in(user, ticket)


def can_read_evidence(user: Any, ticket: Ticket) -> bool:
    """The frozen evidence: researchers, and engineers of the ticket's department."""
    return can_work_on(user, ticket)


def can_distil(user: Any) -> bool:
    """Researchers write and sign the distilled report."""
    return can_promote(user)
