"""A member's mobile number and e-mail address: attached by the sign-in pages, proved by a code."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict
from kocforum.ledger.recording import record

from ..facts import EmailVerified, PhoneVerified
from ..models import Member


@transaction.atomic
def attach_phone(*, member: Member, phone: str) -> Member:
    """Put a number that is not proved yet on an account. Nobody who never proved it stands in the way."""
    Member.objects.filter(phone=phone, phone_verified_at=None).exclude(pk=member.pk).update(phone=None)
    return _set_phone(member, phone, None)


@transaction.atomic
def verify_phone(*, member: Member, phone: str) -> Member:
    """The member typed the code that was sent to this number."""
    if member.phone == phone and member.phone_verified_at:
        return member
    Member.objects.filter(phone=phone, phone_verified_at=None).exclude(pk=member.pk).update(phone=None)
    _set_phone(member, phone, timezone.now())
    record(PhoneVerified(member_id=member.pk), by=member)
    return member


@transaction.atomic
def detach_phone(*, member: Member) -> Member:
    """Take the number off the account; another way to sign in must remain."""
    if not (member.email_verified_at or (member.email and member.has_usable_password())):
        raise Conflict(_("Confirm an e-mail address first, so that you can still sign in."))
    return _set_phone(member, None, None)


def _set_phone(member: Member, phone: str | None, verified_at) -> Member:
    try:
        with transaction.atomic():
            Member.objects.filter(pk=member.pk).update(phone=phone, phone_verified_at=verified_at)
    except IntegrityError:
        raise Conflict(_("This number belongs to another account.")) from None
    member.phone, member.phone_verified_at = phone, verified_at
    return member


@transaction.atomic
def attach_email(*, member: Member, email: str) -> Member:
    """The primary address changed; it is proved when `verify_email` says so."""
    if member.email.lower() != email.lower():
        Member.objects.filter(pk=member.pk).update(email=email, email_verified_at=None)
        member.email, member.email_verified_at = email, None
    return member


@transaction.atomic
def verify_email(*, member: Member, email: str) -> Member:
    """The member typed the code that was sent to this address, which is the primary one."""
    if member.email.lower() == email.lower() and member.email_verified_at:
        return member
    now = timezone.now()
    Member.objects.filter(pk=member.pk).update(email=email, email_verified_at=now)
    member.email, member.email_verified_at = email, now
    record(EmailVerified(member_id=member.pk), by=member)
    return member


@transaction.atomic
def detach_email(*, member: Member) -> Member:
    """No address is left on the account."""
    Member.objects.filter(pk=member.pk).update(email="", email_verified_at=None)
    member.email, member.email_verified_at = "", None
    return member
