"""Who may knock at all. What exactly a person may do, the actions' rules say."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ..rules.tickets import can_see_desk


class StaffOnly(BasePermission):
    """401 without a sign-in, 403 for owners."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return can_see_desk(request.user)
