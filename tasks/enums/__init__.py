"""Forms, goals and states of what the brand asks; kinds of questions; who reads the results; rounds of a call."""

from .calls import CallKind, EntryState, Readers, ReplyKind, Round
from .surveys import Privacy, QuestionType, ResponseState, ResultsPromise
from .tasks import DebtPolicy, Goal, InvitationState, Reason, TaskForm, TaskState

__all__ = [
    "CallKind",
    "DebtPolicy",
    "EntryState",
    "Goal",
    "InvitationState",
    "Privacy",
    "QuestionType",
    "Readers",
    "Reason",
    "ReplyKind",
    "ResponseState",
    "ResultsPromise",
    "Round",
    "TaskForm",
    "TaskState",
]
