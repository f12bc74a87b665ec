"""What the brand asks, whom, who took part, and what came of it."""

from .advice import Advice
from .audiences import Audience, ContactBudget, Invitation
from .participations import Participation
from .policy import AskingPolicy
from .responses import BallotBox, QuotaHold, Response, ResponseDraft
from .surveys import BankQuestion, Option, Question, QuotaCell, Survey, Wording
from .tasks import Outcome, Task, TaskReport, TaskTransition

__all__ = [
    "Advice",
    "AskingPolicy",
    "Audience",
    "BallotBox",
    "BankQuestion",
    "ContactBudget",
    "Invitation",
    "Option",
    "Outcome",
    "Participation",
    "Question",
    "QuotaCell",
    "QuotaHold",
    "Response",
    "ResponseDraft",
    "Survey",
    "Task",
    "TaskReport",
    "TaskTransition",
    "Wording",
]
