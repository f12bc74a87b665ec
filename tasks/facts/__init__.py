"""What this app tells the world."""

from .surveys import (
    BankChanged,
    ResponsesExported,
    ResponseWithdrawn,
    SurveyAnswered,
    SurveyEdited,
    WordingCorrected,
)
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
    "BankChanged",
    "BudgetSet",
    "InvitationDeclined",
    "InvitingResumed",
    "InvitingStopped",
    "MembersInvited",
    "MembersReminded",
    "OutcomeTold",
    "ResponseWithdrawn",
    "ResponsesExported",
    "SurveyAnswered",
    "SurveyEdited",
    "TaskDrafted",
    "TaskMoved",
    "WordingCorrected",
]
