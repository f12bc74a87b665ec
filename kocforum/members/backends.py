"""Who a session belongs to, and what a staff role may do in Django admin. How one signs in is allauth's business."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.apps import apps
from django.contrib.auth import get_permission_codename

from .models import Member
from .queries import member_of_session
from .rules.roles import granted, opens


class MemberBackend(AuthenticationBackend):
    """By name, number or address as allauth has it. A role grants admin permissions by `members.rules.roles`, so that it is one word and
    no table of rows."""

    def get_user(self, user_id: Any) -> Member | None:
        found = member_of_session(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None

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
