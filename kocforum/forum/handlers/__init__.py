"""What follows from facts, in jobs: members are told, and who leaves is let go."""

from . import answers, judgements, leaving, records, topics

__all__ = ["answers", "judgements", "leaving", "records", "topics"]
