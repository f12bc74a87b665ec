"""Who may do what with a car."""

from __future__ import annotations


def can_match(user) -> bool:
    """Staff who keep the catalogue."""
    return user.is_authenticated and user.has_role("operator", "researcher")


def can_keep(user, vehicle) -> bool:
    """Only the owner, and only while the car is in the garage."""
    return user.is_authenticated and vehicle.owner_id == user.pk and vehicle.left_at is None
