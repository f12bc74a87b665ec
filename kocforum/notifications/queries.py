"""Reads of the inbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kocforum.members.models import Member

from .channels import INBOX, channels
from .kinds import NotificationKind, kind_of, kinds
from .models import Notification, Preference


@dataclass(frozen=True)
class News:
    """A notification as it is shown."""

    notification: Notification
    sentence: str
    label: Any


def news_of(notifications: Iterable[Notification], user) -> list[News]:
    """Those whose thing this person may still see, said in the reader's language: two queries per kind at most."""
    notifications = list(notifications)
    wanted: dict[str, set[int]] = defaultdict(set)
    for notification in notifications:
        wanted[notification.kind].add(notification.object_id)
    seen: dict[str, set[int]] = {}
    details: dict[str, Mapping[int, Mapping[str, Any]]] = {}
    for slug, ids in wanted.items():
        kind = kind_of(slug)
        seen[slug] = set(kind.queryset_for(user).filter(pk__in=ids).values_list("pk", flat=True)) if kind else set()
        details[slug] = kind.details(seen[slug]) if kind and seen[slug] else {}
    names = _names_in(notifications)
    shown = []
    for notification in notifications:
        if notification.object_id in seen[notification.kind]:
            kind = kind_of(notification.kind)
            params = {
                **notification.params,
                **details[notification.kind].get(notification.object_id, {}),
                "name": names.get(notification.params.get("by"), ""),
            }
            shown.append(News(notification, kind.sentence(params, notification.count), kind.label))
    return shown


def _names_in(notifications: Iterable[Notification]) -> dict[int, str]:
    told_by = {by for notification in notifications if (by := notification.params.get("by"))}
    return {member.pk: member.name for member in Member.objects.filter(pk__in=told_by)} if told_by else {}


def unread_count(user) -> int:
    """What the badge says."""
    return Notification.objects.visible_to(user).unread().count()


def wants(member, slug: str, channel: str) -> bool:
    """Whether a member wants this kind by this channel: the own choice, else the kind's default."""
    kind = kind_of(slug)
    return kind is not None and member.pk in who_wants([member], kind, channel)


def who_wants(members: Iterable[Member], kind: NotificationKind, channel: str) -> set[int]:
    """Of many members those who want this kind by this channel, in one query."""
    asked = {member.pk for member in members}
    chosen = dict(
        Preference.objects.filter(member__in=asked, kind=kind.slug, channel=channel).values_list("member_id", "wanted")
    )
    return {pk for pk in asked if chosen.get(pk, channel in kind.channels)}


def who_sees(members: Iterable[Member], kind: NotificationKind, object_id: int) -> set[int]:
    """Of many members those who may see the thing: one look for all who are alike."""
    alike: dict[Any, list[Member]] = defaultdict(list)
    for member in members:
        alike[kind.alike(member)].append(member)
    return {
        member.pk
        for group in alike.values()
        if kind.queryset_for(group[0]).filter(pk=object_id).exists()
        for member in group
    }


def choices_of(member) -> list[dict[str, Any]]:
    """Every kind with its channels, as the settings page shows them."""
    chosen = {(row.kind, row.channel): row.wanted for row in Preference.objects.filter(member=member)}
    ways = {INBOX: None, **channels()}
    return [
        {
            "kind": kind,
            "ways": [
                {
                    "channel": slug,
                    "label": way.label if way else None,
                    "reaches": way.reaches(member) if way else True,
                    "wanted": chosen.get((kind.slug, slug), slug in kind.channels),
                }
                for slug, way in ways.items()
            ],
        }
        for kind in kinds().values()
        if not kind.staff_only or member.is_staff
    ]


def own_notifications(member) -> Iterable[dict[str, Any]]:
    """For the download of one's own data: what was told, as the numbers that were kept."""
    rows = Notification.objects.visible_to(member).order_by("id")
    return rows.values("kind", "object_id", "params", "count", "first_at", "last_at", "read_at").iterator()


def own_preferences(member) -> Iterable[dict[str, Any]]:
    """For the download of one's own data: what was chosen."""
    return Preference.objects.filter(member=member).order_by("id").values("kind", "channel", "wanted")
