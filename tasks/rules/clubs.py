"""Who founds a club, who joins, who leads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import KocLevel
from kocforum.members.rules import can_write

from ..models import Club, ClubMembership


def has_standing(member: Any) -> bool:
    """A senior KOC or a leader: people gave this level for what was done. Colleagues have none, whatever they did before."""
    return (
        bool(member.is_authenticated)
        and not member.is_staff
        and KocLevel(member.koc_level).rank >= KocLevel.SENIOR.rank
    )


def can_found_club(member: Any) -> Any:
    """Whoever may write and has standing."""
    if (writes := can_write(member)) is not True:
        return writes
    return has_standing(member) or Forbidden(
        _("A club is founded by a senior KOC or a KOC leader. Find one in your city, and found it together.")
    )


def belongs_to(member: Any, club: Club) -> bool:
    return bool(member.is_authenticated) and ClubMembership.objects.filter(club=club, member=member.pk).exists()


def can_join(member: Any, club: Club) -> Any:
    """Everybody who may write."""
    return can_write(member)


def can_leave(member: Any, club: Club) -> Any:
    """Everybody but its leader, who hands it over first."""
    if not member.is_authenticated:
        return False
    if club.leader_id == member.pk:
        return Conflict(_("Hand the club over to somebody before you leave it."))
    return True


def can_hand_over(member: Any, club: Club) -> bool:
    return bool(member.is_authenticated) and club.leader_id == member.pk


def can_take_the_lead(member: Any, club: Club) -> bool:
    """One of its members with standing, while nobody leads it."""
    return club.leader_id is None and has_standing(member) and belongs_to(member, club)
