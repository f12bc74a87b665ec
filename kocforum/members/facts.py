"""What members does tells the others. No fact carries a phone number, an address or a name."""

from __future__ import annotations

from dataclasses import field

from kocforum.ledger.facts import fact


@fact
class MemberSignedUp:
    """Somebody made an account; nothing about them is proved yet."""

    member_id: int


@fact
class PhoneVerified:
    """The member proved the mobile number with a code."""

    member_id: int


@fact
class EmailVerified:
    """The member proved the e-mail address with a code."""

    member_id: int


@fact
class ConsentGiven:
    """The member accepted one version of one text."""

    member_id: int
    agreement_id: int


@fact
class AgreementPublished:
    """A new version of a text is in force; every member is asked at the next visit."""

    agreement_id: int
    agreement_kind: str
    version: int


@fact
class ProfileEdited:
    """The member changed these fields of the own profile."""

    member_id: int
    fields: list[str] = field(default_factory=list)


@fact
class KocLevelSet:
    """A person of the staff granted, changed or withdrew the KOC level."""

    member_id: int
    level: str
    was: str
    reason: str


@fact
class RoleSet:
    """An administrator gave or took a staff role."""

    member_id: int
    role: str
    was: str


@fact
class MemberBanned:
    """The member may read and not write, until a time (ISO) or until lifted."""

    member_id: int
    ban_id: int
    until: str | None = None


@fact
class BanLifted:
    """The ban ended early."""

    member_id: int
    ban_id: int
    reason: str


@fact
class AccountClosed:
    """The member left. Personal data is erased already; what others hold open for them should end."""

    member_id: int
