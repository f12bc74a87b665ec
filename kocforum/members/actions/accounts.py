"""An account begins and ends."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict
from kocforum.ledger.recording import record

from ..facts import AccountClosed, MemberSignedUp
from ..models import Agreement, Member
from ..rules import forget_writing
from .agreements import record_consent

# Rows that sign-in libraries keep about a person: addresses, keys, codes, tokens, open sessions.
_SIGN_IN_APPS = frozenset({"account", "mfa", "socialaccount", "usersessions", "authtoken"})


@transaction.atomic
def sign_up(*, member: Member, agreements: Iterable[Agreement]) -> Member:
    """A new account accepted the texts and begins. The row itself is made by the sign-up form's library."""
    record_consent(by=member, agreements=agreements)
    record(MemberSignedUp(member_id=member.pk), by=member)
    return member


@transaction.atomic
def enrol(
    *,
    username: str,
    password: str | None = None,
    display_name: str = "",
    phone: str | None = None,
    email: str = "",
    role: str = "",
    koc_level: str = "",
    koc_reason: str = "",
    city: str = "",
    bio: str = "",
    language: str = "",
    superuser: bool = False,
) -> Member:
    """Make a verified member with every current consent, for the demo, for imports and for staff who bring somebody in."""
    now = timezone.now()
    member = Member(
        username=username,
        display_name=display_name,
        phone=phone,
        email=email,
        phone_verified_at=now if phone else None,
        email_verified_at=now if email or not phone else None,
        role=role,
        is_staff=bool(role) or superuser,
        is_superuser=superuser,
        koc_level=koc_level,
        koc_reason=koc_reason,
        koc_since=timezone.localdate() if koc_level else None,
        city=city,
        bio=bio,
        language=language,
    )
    member.set_password(password)
    member.save()
    if email:
        # The sign-in library's own row; a member with an address and without it would be asked to prove it again.
        member.emailaddress_set.create(email=email.lower(), verified=True, primary=True)
    return sign_up(member=member, agreements=Agreement.objects.current())


@transaction.atomic
def discard_unfinished(*, username: str = "", phone: str | None = None, email: str = "") -> int:
    """Let go of sign-ups that never proved anything and stand in the way of this name, number or address."""
    gone = list(Member.objects.in_the_way(username=username, phone=phone, email=email).values_list("pk", flat=True))
    for member in Member.objects.filter(pk__in=gone):
        member.delete()
    return len(gone)


@transaction.atomic
def close_account(*, by: Member) -> Member:
    """The member leaves: what is personal is erased now, what they wrote stays under no name, every door shuts."""
    member = Member.objects.select_for_update().get(pk=by.pk)
    if member.closed_at is not None:
        raise Conflict(_("This account is closed already."))
    _shut_doors(member)
    member.username = f"former-{member.pk}"
    member.phone = None
    for field in ("display_name", "email", "bio", "city", "language", "theme", "role", "koc_level", "koc_reason"):
        setattr(member, field, "")
    member.phone_verified_at = member.email_verified_at = member.last_login = member.koc_since = None
    member.is_active = member.is_staff = member.is_superuser = False
    member.closed_at = timezone.now()
    member.set_unusable_password()
    member.save()
    record(AccountClosed(member_id=member.pk), by=member)
    forget_writing(by)
    return member


def _shut_doors(member: Member) -> None:
    """Sessions end by the changed password and the inactive account besides; this leaves nothing to guess."""
    member.groups.clear()
    member.user_permissions.clear()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for relation in member._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label not in _SIGN_IN_APPS:
            continue
        rows = model._default_manager.filter(**{relation.field.name: member})
        if model._meta.app_label == "usersessions":
            for key in rows.values_list("session_key", flat=True):
                store(key).delete()
        rows.delete()
