"""What a staff role may do in Django admin. Signing in is allauth's business."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.backends import ModelBackend

from .rules.roles import granted, opens


class RoleBackend(ModelBackend):
    """Grants admin permissions from `members.rules.PERMISSIONS`, so that a role is one word and no table of rows."""

    def authenticate(self, request: Any, **credentials: Any) -> None:  # type: ignore[override]
        """Nobody signs in here, or each wrong password would be hashed twice."""
        return

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return _role(user_obj) != "" and granted(_role(user_obj), perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return _role(user_obj) != "" and opens(_role(user_obj), app_label)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        role = _role(user_obj)
        if not role:
            return set()
        every = (
            f"{model._meta.app_label}.{get_permission_codename(verb, model._meta)}"
            for model in apps.get_models()
            for verb in model._meta.default_permissions
        )
        return {name for name in every if granted(role, name)}

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()


def _role(user: Any) -> str:
    return user.role if user.is_authenticated and user.is_active and user.is_staff else ""
