"""What the brand says in public."""

from kocforum.ledger.facts import fact


@fact
class OfficialStatusSet:
    """The public status of a report's thread or of a topic changed."""

    thread_id: int | None
    report_id: int | None
    topic_id: int | None
    status: str
    note: str
