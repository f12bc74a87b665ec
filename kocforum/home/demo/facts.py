"""What the ledger keeps of the demo."""

from kocforum.ledger.facts import fact


@fact
class DemoLoaded:
    """The demo community was loaded whole. Its being there is why a second load changes nothing."""

    members: int
    threads: int
