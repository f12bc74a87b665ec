"""Rows of the forum, a module per noun."""

from .boards import Board
from .conditions import Dimension, DimensionValue
from .corroborations import Corroboration, CorroborationRevision
from .follows import Follow
from .moderation import ContentRule, Flag, ModerationEntry
from .observations import Observation, ObservedCondition
from .passages import Passage
from .posts import Post, PostRevision
from .reports import Report, ReportRevision
from .stages import Stage
from .threads import Thread
from .topics import HostInvitation, Question, SortedReply, Topic, TopicLink, TopicRevision
from .verifications import Verification

__all__ = [
    "Board",
    "ContentRule",
    "Corroboration",
    "CorroborationRevision",
    "Dimension",
    "DimensionValue",
    "Flag",
    "Follow",
    "HostInvitation",
    "ModerationEntry",
    "Observation",
    "ObservedCondition",
    "Passage",
    "Post",
    "PostRevision",
    "Question",
    "Report",
    "ReportRevision",
    "SortedReply",
    "Stage",
    "Thread",
    "Topic",
    "TopicLink",
    "TopicRevision",
    "Verification",
]
