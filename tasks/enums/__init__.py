"""Forms, goals and states of what the brand asks; kinds of questions; who reads the results."""

from .surveys import Privacy, QuestionType, ResponseState, ResultsPromise
from .tasks import DebtPolicy, Goal, InvitationState, Reason, TaskForm, TaskState

__all__ = [
    "DebtPolicy",
    "Goal",
    "InvitationState",
    "Privacy",
    "QuestionType",
    "Reason",
    "ResponseState",
    "ResultsPromise",
    "TaskForm",
    "TaskState",
]
