"""Topics, their hosts, and what hosts do."""

from kocforum.ledger.facts import fact


@fact
class HostInvited:
    """Three owners spoke on a report: its first teller may host a topic."""

    report_id: int
    member_id: int


@fact
class InvitationDeclined:
    report_id: int
    member_id: int


@fact
class TopicClosed:
    """Gathering ended, or began again."""

    topic_id: int
    state: str


@fact
class TopicOpened:
    topic_id: int
    function: str
    failure_mode: str


@fact
class HostAppointed:
    topic_id: int
    member_id: int


@fact
class ReportLinked:
    topic_id: int
    report_id: int
    thread_id: int


@fact
class ReportUnlinked:
    topic_id: int
    report_id: int
    thread_id: int
    reason: str


@fact
class ClaimWritten:
    topic_id: int
    revision: int


@fact
class SummaryPinned:
    topic_id: int
    revision: int


@fact
class QuestionAsked:
    topic_id: int
    question_id: int
    post_id: int
    member_id: int
    field: str


@fact
class QuestionAnswered:
    topic_id: int
    question_id: int
    post_id: int
    field: str


@fact
class ReplySorted:
    topic_id: int
    post_id: int
    sorted_as: str


@fact
class PassageCollected:
    passage_id: int
    post_id: int
    thread_id: int
    topic_id: int | None
