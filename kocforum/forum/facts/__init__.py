"""What the forum tells the world, a module per noun. A field `x_id` puts the fact into x's history."""

from .boards import BoardOpened
from .moderation import (
    FlagResolved,
    PostApproved,
    PostFlagged,
    PostHeld,
    PostHidden,
    PostRestored,
    ThreadMoved,
    ThreadSettingChanged,
)
from .official import OfficialStatusSet
from .posts import PostEdited, PostRemoved, PostWritten, ThreadFollowed, ThreadOpened
from .reports import (
    CorroborationChanged,
    CorroborationWithdrawn,
    ReportAmended,
    ReportCorroborated,
    ReportHeld,
    ReportTold,
    ReportWithdrawn,
)
from .topics import (
    ClaimWritten,
    HostAppointed,
    HostInvited,
    InvitationDeclined,
    PassageCollected,
    QuestionAnswered,
    QuestionAsked,
    ReplySorted,
    ReportLinked,
    ReportUnlinked,
    SummaryPinned,
    TopicClosed,
    TopicOpened,
)
from .verifications import VerificationTold

__all__ = [
    "BoardOpened",
    "ClaimWritten",
    "CorroborationChanged",
    "CorroborationWithdrawn",
    "FlagResolved",
    "HostAppointed",
    "HostInvited",
    "InvitationDeclined",
    "OfficialStatusSet",
    "PassageCollected",
    "PostApproved",
    "PostEdited",
    "PostFlagged",
    "PostHeld",
    "PostHidden",
    "PostRemoved",
    "PostRestored",
    "PostWritten",
    "QuestionAnswered",
    "QuestionAsked",
    "ReplySorted",
    "ReportAmended",
    "ReportCorroborated",
    "ReportHeld",
    "ReportLinked",
    "ReportTold",
    "ReportUnlinked",
    "ReportWithdrawn",
    "SummaryPinned",
    "ThreadFollowed",
    "ThreadMoved",
    "ThreadOpened",
    "ThreadSettingChanged",
    "TopicClosed",
    "TopicOpened",
    "VerificationTold",
]
