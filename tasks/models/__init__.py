"""What the brand asks, whom, who took part, and what came of it."""

from .advice import Advice
from .audiences import Audience, ContactBudget, Invitation
from .calls import Call, Clarification
from .clubs import Club, ClubMembership
from .coding import Code, Codebook, Coder, Quote, Span, Theme, Verdict
from .crews import Announcement, CrewMember
from .endorsements import Endorsement, EndorsementChange
from .entries import Entry, EntryVersion, Manuscript, ManuscriptSave, Reader, RightsChange, RightsRequest, Writer
from .events import Event, EventQuestion, WaiverText
from .expenses import Expense, ExpenseMove
from .incidents import Incident, IncidentAddition
from .initiative_reports import Feedback, InitiativeReport
from .initiatives import Ask, Initiative, ProposalMove, ProposalVersion, Support
from .material import Loan, StockItem, StockMove
from .memories import Memory, TakingDown
from .milestones import Milestone
from .minutes import Minutes, MinutesAnswer
from .money import BudgetLine, Envelope, MoneyMove, Tranche
from .opinions import OpinionMap, Statement, StatementVote
from .participations import Participation
from .policy import AskingPolicy
from .presence import Stay
from .promotion import PromotionChannel, PromotionSlot
from .recordings import RecordedVoice
from .replies import Reply, ReplyRevision, SubQuestion
from .responses import BallotBox, QuotaHold, Response, ResponseDraft
from .reviews import Decision, Review
from .room_results import RoomResult
from .room_words import RoomWord
from .rooms import RoomEvent
from .rsvps import Rsvp
from .scans import Scan
from .surveys import BankQuestion, Option, Question, QuotaCell, Survey, Wording
from .tasks import Outcome, Task, TaskReport, TaskTransition
from .trust import TrustContest
from .workshops import ConsentText, Seat, Workshop

__all__ = [
    "Advice",
    "Announcement",
    "Ask",
    "AskingPolicy",
    "Audience",
    "BallotBox",
    "BankQuestion",
    "BudgetLine",
    "Call",
    "Clarification",
    "Club",
    "ClubMembership",
    "Code",
    "Codebook",
    "Coder",
    "ConsentText",
    "ContactBudget",
    "CrewMember",
    "Decision",
    "Endorsement",
    "EndorsementChange",
    "Entry",
    "EntryVersion",
    "Envelope",
    "Event",
    "EventQuestion",
    "Feedback",
    "Expense",
    "ExpenseMove",
    "Incident",
    "IncidentAddition",
    "Initiative",
    "InitiativeReport",
    "Memory",
    "TakingDown",
    "Milestone",
    "Invitation",
    "Loan",
    "Manuscript",
    "ManuscriptSave",
    "Minutes",
    "MinutesAnswer",
    "MoneyMove",
    "OpinionMap",
    "Option",
    "Outcome",
    "Participation",
    "PromotionChannel",
    "PromotionSlot",
    "ProposalMove",
    "ProposalVersion",
    "Question",
    "QuotaCell",
    "QuotaHold",
    "Quote",
    "RecordedVoice",
    "Reply",
    "ReplyRevision",
    "Response",
    "ResponseDraft",
    "Review",
    "Reader",
    "RightsChange",
    "RightsRequest",
    "RoomEvent",
    "RoomResult",
    "RoomWord",
    "Rsvp",
    "Scan",
    "Seat",
    "Span",
    "Statement",
    "StatementVote",
    "Stay",
    "StockItem",
    "StockMove",
    "SubQuestion",
    "Support",
    "Survey",
    "Task",
    "TaskReport",
    "TaskTransition",
    "Theme",
    "Tranche",
    "TrustContest",
    "Verdict",
    "WaiverText",
    "Wording",
    "Workshop",
    "Writer",
]
