"""Kinds, states and stances of the forum, each with what it promises."""

from .boards import BoardVisibility, ReviewMode
from .moderation import ContentVerdict, FlagReason, FlagState, ModerationAct
from .observations import Outcome, Precision, Severity, Signal, Stance, Venue
from .official import OfficialStatus
from .posts import PostKind, PostState, ThreadKind
from .river import RiverStage
from .topics import InvitationState, SortedAs, TopicState

__all__ = [
    "BoardVisibility",
    "ContentVerdict",
    "FlagReason",
    "FlagState",
    "InvitationState",
    "ModerationAct",
    "OfficialStatus",
    "Outcome",
    "PostKind",
    "PostState",
    "Precision",
    "ReviewMode",
    "RiverStage",
    "Severity",
    "Signal",
    "SortedAs",
    "Stance",
    "ThreadKind",
    "TopicState",
    "Venue",
]
