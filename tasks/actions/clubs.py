"""Found a club, join it, leave it, hand it over."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.actions.boards import open_board
from kocforum.forum.models import Board
from kocforum.garage.models import VehicleModel
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text
from kocforum.text import slug as slug_of

from ..facts import ClubFounded, ClubJoined, ClubLed, ClubLeft
from ..models import Club, ClubMembership
from ..rules.clubs import belongs_to, can_found_club, can_hand_over, can_join, can_leave, can_take_the_lead
from .content import wants_a_look

ALL_CLUBS = "clubs"
LAST = 900  # boards of clubs stand behind those of the house


@once(Club)
@transaction.atomic
def found_club(*, by: Member, name: str, city: str = "", model: VehicleModel | None = None, about: str = "") -> Club:
    """Whoever founds it leads it. Its board is there at once, below the board of all clubs."""
    require(can_found_club(by), _("You cannot found a club."))
    name, city, about = clean_line(name)[:40], clean_line(city)[:40], clean_text(about).strip()[:600]
    problems: dict[str, object] = {}
    if not name:
        problems["name"] = _("A club needs a name.")
    elif Club.objects.filter(name=name).exists():
        problems["name"] = _("There is a club of this name already.")
    if not city and model is None:
        problems["city"] = _("Say what its members have in common: a city, a car, or both.")
    if problems:
        raise Invalid(problems)
    wants_a_look(name, about, field="about")
    slug = _free_slug(name)
    board = open_board(
        by=by, slug=f"club-{slug}", name=name, about=about[:160], under=_board_of_all_clubs(by), position=LAST
    )
    club = Club.objects.create(slug=slug, name=name, city=city, model=model, about=about, leader=by, board=board)
    ClubMembership.objects.create(club=club, member=by)
    record(ClubFounded(club_id=club.pk, board_id=board.pk), by=by)
    return club


def _board_of_all_clubs(by: Member) -> Board:
    """Made with the first club. Nobody writes there but the house."""
    found = Board.objects.filter(slug=ALL_CLUBS).first()
    return found or open_board(
        by=by,
        slug=ALL_CLUBS,
        name="车友会",
        name_en="Clubs",
        about="各地、各车型的车友会。",
        about_en="Clubs by city and by car.",
        only_staff_opens=True,
        position=LAST,
    )


def _free_slug(name: str) -> str:
    """`苏州远山车友会` is `su-zhou-yuan-shan-che-you-hui`, the next of the same sound ends in -2."""
    plain = slug_of(name, 30) or "club"
    taken = set(Club.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next(slug for slug in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def join_club(*, by: Member, club: Club) -> ClubMembership:
    """Belong to it; once."""
    require(can_join(by, club), _("You cannot join this club."))
    membership, new = ClubMembership.objects.get_or_create(club=club, member=by)
    if new:
        record(ClubJoined(club_id=club.pk, member_id=by.pk), by=by)
    return membership


@transaction.atomic
def leave_club(*, by: Member, club: Club) -> None:
    """Belong to it no longer."""
    require(can_leave(by, club), _("Please sign in first."))
    if ClubMembership.objects.filter(club=club, member=by).delete()[0]:
        record(ClubLeft(club_id=club.pk, member_id=by.pk), by=by)


@transaction.atomic
def hand_over_club(*, by: Member, club: Club, to: Member) -> Club:
    """Another of its members leads it from now on."""
    require(can_hand_over(by, club), _("Only who leads a club hands it over."))
    if not belongs_to(to, club) or not to.is_active:
        raise Invalid({"to": _("Only somebody who belongs to the club can lead it.")})
    return club if to.pk == by.pk else _lead(club, to, by=by, seen=by.pk)


@transaction.atomic
def take_the_lead(*, by: Member, club: Club) -> Club:
    """Lead a club that nobody leads."""
    require(
        can_take_the_lead(by, club),
        _("A club that nobody leads is led on by one of its members, a senior KOC or a leader."),
    )
    return _lead(club, by, by=by, seen=None)


def _lead(club: Club, member: Member | None, *, by: Member | None, seen: int | None) -> Club:
    if not Club.objects.filter(pk=club.pk, leader=seen).update(leader=member):
        raise Conflict(_("Somebody else leads the club by now."))
    record(ClubLed(club_id=club.pk, member_id=member.pk if member else None), by=by)
    club.refresh_from_db()
    return club


@transaction.atomic
def leave_all_clubs(*, member_id: int) -> None:
    """Of somebody who leaves the community: clubs that they led wait for another leader."""
    for club in Club.objects.filter(leader=member_id):
        _lead(club, None, by=None, seen=member_id)
    for membership in ClubMembership.objects.filter(member=member_id):
        membership.delete()
        record(ClubLeft(club_id=membership.club_id, member_id=member_id), by=None)
