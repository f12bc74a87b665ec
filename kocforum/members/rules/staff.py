"""What staff may do to members."""

from __future__ import annotations

from typing import Any

from ..enums import Role
from ..models import Ban, Member


def _is_staff_with(by: Any, *roles: str) -> bool:
    return bool(getattr(by, "is_authenticated", False)) and by.has_role(*roles)


def can_set_koc_level(by: Any, member: Member) -> bool:
    """Operators and researchers, for members who are still here; nobody raises the own level."""
    return _is_staff_with(by, Role.OPERATOR, Role.RESEARCHER) and member.closed_at is None and by.pk != member.pk


def can_ban(by: Any, member: Member) -> bool:
    """Operators, never themselves; staff only by an administrator."""
    if not _is_staff_with(by, Role.OPERATOR) or by.pk == member.pk or member.closed_at is not None:
        return False
    return not member.is_staff or by.has_role(Role.ADMIN)


def can_lift_ban(by: Any, ban: Ban) -> bool:
    """Operators; nobody lifts the own ban."""
    return _is_staff_with(by, Role.OPERATOR) and by.pk != ban.member_id


def can_set_role(by: Any, member: Member) -> bool:
    """Administrators, never for themselves, so that the last one cannot lock the door from outside."""
    return _is_staff_with(by, Role.ADMIN) and by.pk != member.pk and member.is_active


def can_publish_agreement(by: Any) -> bool:
    """Administrators."""
    return _is_staff_with(by, Role.ADMIN)
