"""Forms, goals and states of what the brand asks; kinds of questions; who reads the results; rounds of a call; a room."""

from .calls import CallKind, EntryState, Readers, ReplyKind, Round
from .events import CrewRole, EventState, RsvpState, ScanResult
from .incidents import IncidentKind
from .initiatives import AskKind, EndorsementState, ProposalState, SupportKind, Verdict
from .material import LoanState
from .memories import MemoryState
from .minutes import MinutesVerdict, ResultKind, ResultState, WordKind
from .money import EnvelopeState, ExpenseState, LineKind, MoneyMoveKind
from .promotion import PromotionPlace, SlotState
from .surveys import Privacy, QuestionType, ResponseState, ResultsPromise
from .tasks import DebtPolicy, Goal, InvitationState, Reason, TaskForm, TaskState
from .trust import Area, ContestState, PromiseKind, PromiseState, Side
from .workshops import Meeting, Phase, RoomVerdict, SeatRole, SeatState

__all__ = [
    "Area",
    "AskKind",
    "ContestState",
    "PromiseKind",
    "PromiseState",
    "Side",
    "CallKind",
    "CrewRole",
    "DebtPolicy",
    "EndorsementState",
    "EntryState",
    "EnvelopeState",
    "EventState",
    "ExpenseState",
    "Goal",
    "IncidentKind",
    "InvitationState",
    "LineKind",
    "LoanState",
    "Meeting",
    "MemoryState",
    "MinutesVerdict",
    "MoneyMoveKind",
    "Phase",
    "Privacy",
    "PromotionPlace",
    "ProposalState",
    "QuestionType",
    "Readers",
    "Reason",
    "ReplyKind",
    "ResponseState",
    "ResultKind",
    "ResultState",
    "ResultsPromise",
    "RoomVerdict",
    "Round",
    "RsvpState",
    "ScanResult",
    "SeatRole",
    "SeatState",
    "SlotState",
    "SupportKind",
    "TaskForm",
    "TaskState",
    "Verdict",
    "WordKind",
]
