"""What the garage tells the world."""

from kocforum.ledger.facts import fact


@fact
class VehicleAdded:
    vehicle_id: int
    model: str


@fact
class VehicleEdited:
    vehicle_id: int
    fields: list[str]


@fact
class VersionInstalled:
    """A software version came onto a car."""

    vehicle_id: int
    version: str
    installed_on: str


@fact
class VehicleLeft:
    """A car was sold or removed; what was told with it stays."""

    vehicle_id: int
    leaving: str


@fact
class VehiclesMatched:
    """Cars that were known by their owners' words are of a model of the catalogue."""

    vehicle_ids: list[int]
    model: str


@fact
class VersionsMatched:
    """Installations that were known by their number are of a version of the catalogue."""

    version: str
    count: int
