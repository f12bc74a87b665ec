"""What allauth tells about addresses becomes an action of ours."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import email_changed, email_confirmed, email_removed
from django.dispatch import receiver

from . import actions


@receiver(email_confirmed)
def prove_address(email_address: Any, **kwargs: Any) -> None:
    """A code was typed; a primary address is the member's own from now."""
    if email_address.primary:
        actions.verify_email(member=email_address.user, email=email_address.email)


@receiver(email_changed)
def follow_primary_address(user: Any, to_email_address: Any, **kwargs: Any) -> None:
    """Another address is the primary one now."""
    actions.attach_email(member=user, email=to_email_address.email)
    if to_email_address.verified:
        actions.verify_email(member=user, email=to_email_address.email)


@receiver(email_removed)
def forget_address(user: Any, email_address: Any, **kwargs: Any) -> None:
    """The primary address was removed."""
    if user.email.lower() == email_address.email.lower() or not user.email:
        actions.detach_email(member=user)
