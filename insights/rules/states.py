"""The table of moves: from where to where, and what the public reads of each state."""

from __future__ import annotations

from kocforum.forum.enums import OfficialStatus

from ..enums import TicketKind
from ..enums import TicketState as S

OPEN = frozenset(
    {
        S.CANDIDATE,
        S.TRIAGED,
        S.PROMOTED,
        S.ROUTED,
        S.ACKNOWLEDGED,
        S.RETURNED,
        S.NEED_INFO,
        S.NOT_REPRODUCED,
        S.ROOT_CAUSE,
        S.FIX_PLANNED,
        S.FIX_READY,
        S.CLEARED,
        S.BETA,
        S.RELEASED,
        S.PARTIAL,
        S.NOT_FIXED,
        S.REGRESSED,
    }
)
# Nobody marks the own homework: owners' words alone move a ticket here.
SYSTEM_ONLY = frozenset({S.VERIFIED, S.PARTIAL, S.NOT_FIXED, S.REGRESSED})
WAITS_FOR_OWNERS = frozenset({S.RELEASED, S.VERIFIED, S.PARTIAL, S.NOT_FIXED})

_MOVES: dict[S, set[S]] = {
    S.CANDIDATE: {S.TRIAGED, S.DECLINED, S.MERGED},
    S.TRIAGED: {S.PROMOTED, S.DECLINED, S.MERGED},
    S.PROMOTED: {S.ROUTED},
    S.ROUTED: {S.ACKNOWLEDGED, S.RETURNED},
    S.RETURNED: {S.TRIAGED},
    S.ACKNOWLEDGED: {S.RETURNED, S.NEED_INFO, S.NOT_REPRODUCED, S.ROOT_CAUSE, S.FIX_PLANNED},
    S.NEED_INFO: {S.ACKNOWLEDGED},
    S.NOT_REPRODUCED: {S.ACKNOWLEDGED},
    S.ROOT_CAUSE: {S.FIX_PLANNED},
    S.FIX_PLANNED: {S.FIX_READY},
    S.FIX_READY: {S.CLEARED},
    S.CLEARED: {S.BETA, S.RELEASED},
    S.BETA: {S.RELEASED},
    S.RELEASED: {S.VERIFIED, S.PARTIAL, S.NOT_FIXED},
    S.PARTIAL: {S.ACKNOWLEDGED, S.VERIFIED, S.NOT_FIXED},
    S.NOT_FIXED: {S.ACKNOWLEDGED, S.VERIFIED, S.PARTIAL},
    S.VERIFIED: {S.REGRESSED},
    S.REGRESSED: {S.ACKNOWLEDGED},
}
# What went well is kept or adopted, a wish is shown or adopted; both may be built and released like a fix.
_ENDS = {TicketKind.STRENGTH: {S.KEPT, S.ADOPTED}, TicketKind.WISH: {S.SHOWN, S.ADOPTED}}
_BEFORE_AN_END = {S.TRIAGED, S.PROMOTED, S.ROUTED, S.ACKNOWLEDGED}


def moves_from(kind: str, state: str) -> list[S]:
    """Where a ticket of this kind can go from here, in the order of the states."""
    here = S(state)
    there = set(_MOVES.get(here, ()))
    if here in _BEFORE_AN_END:
        there |= _ENDS.get(TicketKind(kind), set())
    if here in OPEN:
        there.add(S.CLOSED_NO_ACTION)
    return [state for state in S if state in there]


# None: the public status stays what it is.
PUBLIC_STATUS: dict[S, OfficialStatus | None] = {
    S.CANDIDATE: OfficialStatus.NOTICED,
    S.TRIAGED: OfficialStatus.NOTICED,
    S.DECLINED: OfficialStatus.DECLINED,
    S.MERGED: None,
    S.PROMOTED: OfficialStatus.ACCEPTED,
    S.ROUTED: OfficialStatus.ACCEPTED,
    S.ACKNOWLEDGED: OfficialStatus.WORKING,
    S.RETURNED: OfficialStatus.NOTICED,
    S.NEED_INFO: OfficialStatus.NEED_INFO,
    S.NOT_REPRODUCED: OfficialStatus.NOT_REPRODUCED,
    S.ROOT_CAUSE: OfficialStatus.WORKING,
    S.FIX_PLANNED: OfficialStatus.WORKING,
    S.FIX_READY: OfficialStatus.WORKING,
    S.CLEARED: OfficialStatus.WORKING,
    S.BETA: OfficialStatus.BETA,
    S.RELEASED: OfficialStatus.RELEASED,
    S.VERIFIED: OfficialStatus.VERIFIED,
    S.PARTIAL: None,
    S.NOT_FIXED: None,
    S.REGRESSED: OfficialStatus.WORKING,
    S.KEPT: OfficialStatus.KEPT,
    S.ADOPTED: OfficialStatus.ADOPTED,
    S.SHOWN: OfficialStatus.SHOWN,
    S.CLOSED_NO_ACTION: OfficialStatus.DECLINED,
}

# Fields that a move needs. In PUBLIC_REASON the reason is what owners read, unless a public sentence is given besides.
NEEDS: dict[S, tuple[str, ...]] = {
    S.TRIAGED: ("severity", "function"),
    S.DECLINED: ("reason",),
    S.MERGED: ("merged_into",),
    S.PROMOTED: ("counter_examples",),
    S.ROUTED: ("department",),
    S.RETURNED: ("reason",),
    S.NEED_INFO: ("reason",),
    S.NOT_REPRODUCED: ("reason",),
    S.ROOT_CAUSE: ("root_cause_ref",),
    S.FIX_PLANNED: ("acceptance_target",),
    S.FIX_READY: ("fix_version",),
    S.CLEARED: ("compliance_ref",),
    S.BETA: ("release",),
    S.CLOSED_NO_ACTION: ("reason",),
}
PUBLIC_REASON = frozenset({S.DECLINED, S.NEED_INFO, S.NOT_REPRODUCED, S.CLOSED_NO_ACTION})
