"""Members are found by name: they stand below search, so search listens to them, and not the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kocforum.ledger.models import Fact
from kocforum.ledger.subscribers import on
from kocforum.members.facts import AccountClosed, EmailVerified, MemberSignedUp, PhoneVerified, ProfileEdited
from kocforum.members.models import Member

from .actions import forget, index

MEMBER = "member"


def document_of(member: Member) -> dict[str, Any]:
    """What of a member is found: both names, the city, what they say about themselves."""
    said = " ".join(part for part in (member.username, member.bio, member.city) if part)
    return {
        "kind": MEMBER,
        "object_id": member.pk,
        "title": member.name,
        "body": said,
        "at": member.date_joined,
        "author_id": member.pk,
    }


def member_documents() -> Iterator[dict[str, Any]]:
    """Every member who proved a number or an address, for `manage.py reindex`."""
    for member in Member.objects.visible_to(None).iterator():
        if member.is_verified:
            yield {key: value for key, value in document_of(member).items() if key != "kind"}


@on(MemberSignedUp, PhoneVerified, EmailVerified, ProfileEdited)
def find_member(told: Any, row: Fact) -> None:
    """Somebody can be found once they proved who they are, by the names of today."""
    member = Member.objects.visible_to(None).filter(pk=told.member_id).first()
    if member is not None and member.is_verified:
        index(**document_of(member))


@on(AccountClosed)
def forget_member(told: AccountClosed, row: Fact) -> None:
    """Who left is found no longer."""
    forget(kind=MEMBER, object_id=told.member_id)
