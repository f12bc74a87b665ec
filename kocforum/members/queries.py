"""What is read about members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kocforum.compiled import Compiled

from .models import Agreement, Member


def member_of_session(pk: int) -> Member | None:
    """Who a session belongs to, with what stands against writing: nearly every page asks that next, and so it costs no query."""
    return next(iter(_signed_in.objects(member=pk, now=timezone.now())), None)


@Compiled
def _signed_in(member: Any, now: Any) -> QuerySet:
    return Member.objects.with_obstacles(now).filter(pk=member)


@dataclass(frozen=True)
class Doors:
    """How a member can come in, for the settings page."""

    keys: int
    authenticator: bool
    recovery_codes: bool
    sessions: int


def doors_of(member: Member) -> Doors:
    """Passkeys, authenticator app and open sessions, in one query."""
    row = Member.objects.filter(pk=member.pk).aggregate(
        keys=Count("authenticator", filter=Q(authenticator__type="webauthn"), distinct=True),
        totp=Count("authenticator", filter=Q(authenticator__type="totp"), distinct=True),
        codes=Count("authenticator", filter=Q(authenticator__type="recovery_codes"), distinct=True),
        sessions=Count("usersession", distinct=True),
    )
    return Doors(row["keys"], bool(row["totp"]), bool(row["codes"]), row["sessions"])


def agreement_in_force(kind: str, version: int | None = None) -> Agreement | None:
    """The text of this kind that holds now, or a former version."""
    texts = Agreement.objects.filter(kind=kind)
    return (texts.filter(version=version) if version else texts.current()).first()


def former_versions(agreement: Agreement) -> list[int]:
    """Numbers of the other versions, newest first."""
    others = Agreement.objects.filter(kind=agreement.kind).exclude(pk=agreement.pk)
    return list(others.order_by("-version").values_list("version", flat=True))
