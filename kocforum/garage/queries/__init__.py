"""Reads of the garage."""

from .catalogue import functions_flat, lineage, match_model, models_for_choice
from .vehicles import in_garage, own_vehicles, version_on, versions_now
from .versions import normalise_version, version_key

__all__ = [
    "functions_flat",
    "in_garage",
    "lineage",
    "match_model",
    "models_for_choice",
    "normalise_version",
    "own_vehicles",
    "version_key",
    "version_on",
    "versions_now",
]
