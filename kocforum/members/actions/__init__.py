"""Every write to members. One module per noun; this is the list of what there is."""

from .accounts import close_account, discard_unfinished, enrol, sign_up
from .agreements import publish_agreement, record_consent
from .bans import ban, lift_ban
from .contacts import attach_email, attach_phone, detach_email, detach_phone, verify_email, verify_phone
from .levels import set_koc_level, set_role
from .profiles import edit_profile

__all__ = [
    "attach_email",
    "attach_phone",
    "ban",
    "close_account",
    "detach_email",
    "detach_phone",
    "discard_unfinished",
    "edit_profile",
    "enrol",
    "lift_ban",
    "publish_agreement",
    "record_consent",
    "set_koc_level",
    "set_role",
    "sign_up",
    "verify_email",
    "verify_phone",
]
