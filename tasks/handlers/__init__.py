"""What follows from facts and from time, in jobs: people are asked and told, windows and rounds go on, who leaves is let go."""

from . import (
    asking,
    calls,
    check_ins,
    events,
    incidents,
    initiatives,
    material,
    memories,
    money,
    rooms,
    trust,
    workshops,
)

__all__ = [
    "asking",
    "calls",
    "check_ins",
    "events",
    "incidents",
    "initiatives",
    "material",
    "memories",
    "money",
    "rooms",
    "trust",
    "workshops",
]
