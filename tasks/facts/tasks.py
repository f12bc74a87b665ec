"""Facts of the shell around the four forms: ids, states and counts only."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class AdviceGiven:
    """Staff answered the advisor's questions and read what it proposes."""

    advice_id: int
    form: str


@fact
class TaskDrafted:
    task_id: int
    form: str


@fact
class TaskMoved:
    """A task went from one state to another. By nobody: its time had come."""

    task_id: int
    from_state: str
    to_state: str


@fact
class AudienceFrozen:
    """Who is asked is known, and stays so."""

    task_id: int
    size: int


@fact
class InvitingStopped:
    """A colleague ended the invitations of a task that goes on."""

    task_id: int


@fact
class InvitingResumed:
    """And let them go on."""

    task_id: int


@fact
class MembersInvited:
    """One wave of invitations went out."""

    task_id: int
    invitation_ids: list[int]


@fact
class MembersReminded:
    """One wave of reminders went out, to those who had not answered."""

    task_id: int
    invitation_ids: list[int]


@fact
class InvitationDeclined:
    invitation_id: int
    task_id: int


@fact
class BudgetSet:
    """A member said how many minutes a month the brand may ask for."""

    member_id: int
    minutes: int


@fact
class OutcomeTold:
    """What came of a task, with where it leads."""

    task_id: int
    outcome_id: int
    state: str
