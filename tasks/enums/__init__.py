"""Forms, goals and states of what the brand asks; kinds of questions; who reads the results."""

from .surveys import QuestionType, ResultsPromise
from .tasks import DebtPolicy, Goal, InvitationState, Reason, TaskForm, TaskState

__all__ = [
    "DebtPolicy",
    "Goal",
    "InvitationState",
    "QuestionType",
    "Reason",
    "ResultsPromise",
    "TaskForm",
    "TaskState",
]
