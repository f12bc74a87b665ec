"""What this app tells the world."""

from .surveys import PollAnswered, PollEdited
from .tasks import (
    AdviceGiven,
    AudienceFrozen,
    BudgetSet,
    InvitationDeclined,
    MembersInvited,
    MembersReminded,
    OutcomeTold,
    TaskDrafted,
    TaskMoved,
)

__all__ = [
    "AdviceGiven",
    "AudienceFrozen",
    "BudgetSet",
    "InvitationDeclined",
    "MembersInvited",
    "MembersReminded",
    "OutcomeTold",
    "PollAnswered",
    "PollEdited",
    "TaskDrafted",
    "TaskMoved",
]
