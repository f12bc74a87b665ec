"""Reports and corroborations."""

from kocforum.ledger.facts import fact


@fact
class ReportTold:
    """A report is public. `complete` is its completeness, 0 to 10."""

    report_id: int
    thread_id: int
    post_id: int
    vehicle_id: int | None
    outcome: str
    severity: str
    complete: int


@fact
class ReportHeld:
    """A report of injury or fire waits for staff, who must hear of it at once."""

    report_id: int
    thread_id: int
    severity: str


@fact
class ReportAmended:
    """One field changed after posting."""

    report_id: int
    thread_id: int
    field: str


@fact
class ReportWithdrawn:
    """Its owner took it back: numbers recount, a tombstone stays."""

    report_id: int
    thread_id: int


@fact
class ReportCorroborated:
    """A vehicle gave its first standing answer to a report."""

    report_id: int
    thread_id: int
    post_id: int
    corroboration_id: int
    vehicle_id: int
    stance: str
    outcome: str


@fact
class CorroborationChanged:
    report_id: int
    thread_id: int
    corroboration_id: int
    stance: str
    outcome: str


@fact
class CorroborationWithdrawn:
    report_id: int
    thread_id: int
    corroboration_id: int
