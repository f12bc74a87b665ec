"""Clubs as lists and their pages show them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kocforum.forum.models import Thread
from kocforum.members.models import Member

from ..models import Club, ClubMembership, Event
from .events import held_events

THREADS_SHOWN, EVENTS_SHOWN, MEMBERS_SHOWN = 5, 5, 24


def clubs_in(user: Any, city: str = "") -> QuerySet[Club]:
    """Clubs with their size, of one city where it is named."""
    clubs = Club.objects.visible_to(user).with_size().select_related("model", "leader").order_by("city", "pk")
    return clubs.filter(city=city) if city else clubs


def cities_of_clubs(user: Any) -> list[str]:
    clubs = Club.objects.visible_to(user).exclude(city="")
    return list(clubs.order_by("city").values_list("city", flat=True).distinct())


def clubs_of(member: Any) -> QuerySet[Club]:
    """Those to which this person belongs."""
    if not member.is_authenticated:
        return Club.objects.none()
    return Club.objects.filter(memberships__member=member.pk).order_by("name")


def events_of_club(club: Club, user: Any) -> list[Event]:
    """What comes of initiatives that the club takes part in."""
    return list(Event.objects.visible_to(user).coming().filter(initiative__clubs=club)[:EVENTS_SHOWN])


def past_of_club(club: Club, user: Any) -> list[Event]:
    """What it was part of, the last first."""
    return list(held_events(user).filter(initiative__clubs=club)[:EVENTS_SHOWN])


def members_of(club: Club) -> list[Member]:
    """Who has belonged to it longest comes first."""
    numbers = ClubMembership.objects.filter(club=club).values_list("member", flat=True)[:MEMBERS_SHOWN]
    found = Member.objects.in_bulk(list(numbers))
    return [found[number] for number in numbers]


def talk_of(club: Club, user: Any) -> list[Thread]:
    """The last threads of its board."""
    threads = Thread.objects.visible_to(user).listed().filter(board=club.board_id)
    return list(threads.select_related("author").order_by("-last_post_at", "-pk")[:THREADS_SHOWN])
