"""Who may do what with news."""

from __future__ import annotations


def can_read(user, notification) -> bool:
    """One's own only."""
    return user.is_authenticated and notification.member_id == user.pk
