"""What the brand asks, whom, who took part, and what came of it."""

from .advice import Advice
from .audiences import Audience, ContactBudget, Invitation
from .calls import Call, Clarification
from .coding import Code, Codebook, Coder, Quote, Span, Theme, Verdict
from .entries import Entry, EntryVersion, Manuscript, ManuscriptSave, RightsChange, Writer
from .participations import Participation
from .policy import AskingPolicy
from .replies import Reply, ReplyRevision, SubQuestion
from .responses import BallotBox, QuotaHold, Response, ResponseDraft
from .surveys import BankQuestion, Option, Question, QuotaCell, Survey, Wording
from .tasks import Outcome, Task, TaskReport, TaskTransition

__all__ = [
    "Advice",
    "AskingPolicy",
    "Audience",
    "BallotBox",
    "BankQuestion",
    "Call",
    "Clarification",
    "Code",
    "Codebook",
    "Coder",
    "ContactBudget",
    "Entry",
    "EntryVersion",
    "Invitation",
    "Manuscript",
    "ManuscriptSave",
    "Option",
    "Outcome",
    "Participation",
    "Question",
    "QuotaCell",
    "QuotaHold",
    "Quote",
    "Reply",
    "ReplyRevision",
    "Response",
    "ResponseDraft",
    "RightsChange",
    "Span",
    "SubQuestion",
    "Survey",
    "Task",
    "TaskReport",
    "TaskTransition",
    "Theme",
    "Verdict",
    "Wording",
    "Writer",
]
