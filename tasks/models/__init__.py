"""What the brand asks, whom, who took part, and what came of it."""

from .advice import Advice
from .audiences import Audience, ContactBudget, Invitation
from .participations import Participation
from .policy import AskingPolicy
from .surveys import Answer, Option, Question, Response, Survey
from .tasks import Outcome, Task, TaskReport, TaskTransition

__all__ = [
    "Advice",
    "Answer",
    "AskingPolicy",
    "Audience",
    "ContactBudget",
    "Invitation",
    "Option",
    "Outcome",
    "Participation",
    "Question",
    "Response",
    "Survey",
    "Task",
    "TaskReport",
    "TaskTransition",
]
