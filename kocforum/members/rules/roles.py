"""What a staff role may do in Django admin: one short table in place of rows of groups."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ..enums import Role

# Patterns over Django's permission names `app.verb_model`. What an action decides asks its own rule besides.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.OPERATOR: (
        "forum.*",
        "search.*",
        "garage.*",
        "uploads.view_*",
        "notifications.view_*",
        "members.view_*",
        "ledger.view_fact",
    ),
    Role.RESEARCHER: (
        "forum.view_*",
        "forum.*_topic*",
        "insights.*",
        "tasks.*",
        "garage.*",
        "search.*",
        "members.view_member",
        "ledger.view_fact",
    ),
    Role.ENGINEER: ("insights.view_*", "garage.view_*"),
    Role.APPROVER: ("insights.view_*", "tasks.view_*"),
    Role.ADMIN: ("*",),
}


def granted(role: str, permission: str) -> bool:
    """True when the table gives this role this permission."""
    return any(fnmatchcase(permission, pattern) for pattern in PERMISSIONS.get(role, ()))


def opens(role: str, app_label: str) -> bool:
    """True when the role sees anything of this app."""
    return any(pattern == "*" or pattern.split(".", 1)[0] == app_label for pattern in PERMISSIONS.get(role, ()))
