"""Who may do what, as far as the person alone decides."""

from .names import imitates_staff, trouble_with_display_name, trouble_with_user_name
from .roles import PERMISSIONS, granted
from .staff import can_ban, can_lift_ban, can_publish_agreement, can_set_koc_level, can_set_role
from .writing import MustFirst, can_write, forget_writing, is_banned, standing_ban

__all__ = [
    "PERMISSIONS",
    "MustFirst",
    "can_ban",
    "can_lift_ban",
    "can_publish_agreement",
    "can_set_koc_level",
    "can_set_role",
    "can_write",
    "forget_writing",
    "granted",
    "imitates_staff",
    "is_banned",
    "standing_ban",
    "trouble_with_display_name",
    "trouble_with_user_name",
]
