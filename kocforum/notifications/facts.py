"""What notifications tell the world."""

from kocforum.ledger.facts import fact


@fact
class NotificationRaised:
    """Members have news of one thing; a round counts how often more of the same came while it was unread."""

    kind: str
    object_id: int
    notification_ids: list[int]
    rounds: list[int]


@fact
class NotificationsRead:
    member_id: int
    count: int


@fact
class PreferenceSet:
    member_id: int
    kind: str
    channel: str
    wanted: bool
