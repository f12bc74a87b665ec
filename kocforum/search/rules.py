"""Who may change what search knows."""

from __future__ import annotations

from typing import Any

from kocforum.members.enums import Role


def can_keep_words(user: Any) -> bool:
    """Operators and administrators; None is the system itself."""
    return user is None or user.has_role(Role.OPERATOR)
