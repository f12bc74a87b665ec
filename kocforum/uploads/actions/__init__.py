"""Every write of uploads."""

from .attaching import attach, detach
from .receiving import receive
from .removing import discard, sweep_orphans
from .sizing import make_sizes

__all__ = ["attach", "detach", "discard", "make_sizes", "receive", "sweep_orphans"]
