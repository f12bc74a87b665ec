"""What this app tells the world."""

from .surveys import ResponseWithdrawn, SurveyAnswered, SurveyEdited
from .tasks import (
    AdviceGiven,
    AudienceFrozen,
    BudgetSet,
    InvitationDeclined,
    InvitingResumed,
    InvitingStopped,
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
    "InvitingResumed",
    "InvitingStopped",
    "MembersInvited",
    "MembersReminded",
    "OutcomeTold",
    "ResponseWithdrawn",
    "SurveyAnswered",
    "SurveyEdited",
    "TaskDrafted",
    "TaskMoved",
]
