"""Words of owners on a new version."""

from kocforum.ledger.facts import fact


@fact
class VerificationTold:
    """An owner's word on a version stands in the original thread."""

    verification_id: int
    report_id: int
    thread_id: int
    post_id: int
    vehicle_id: int
    version: str
    outcome: str
    by_first_teller: bool
    invited: bool
