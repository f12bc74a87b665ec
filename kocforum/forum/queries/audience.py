"""Who hears of what: numbers of members, for news."""

from __future__ import annotations

from kocforum.members.enums import Role
from kocforum.members.models import Member

from ..enums import PostState
from ..models import Corroboration, Follow, Post, Report, Topic


def followers_of(thread_id: int) -> list[int]:
    """Those who follow a thread and did not mute it."""
    return list(Follow.objects.filter(thread=thread_id, muted=False).order_by("pk").values_list("member_id", flat=True))


def muted_by(thread_id: int, member_id: int | None) -> bool:
    """True when a member wants to hear nothing of a thread."""
    return Follow.objects.filter(thread=thread_id, member=member_id, muted=True).exists()


def hosts_of(report_id: int) -> list[int]:
    """Hosts of the topics that hold a report."""
    holding = Topic.objects.filter(links__report=report_id, links__unlinked_at__isnull=True, host__isnull=False)
    return list(holding.values_list("host_id", flat=True).distinct())


def participants_of(thread_id: int, report: Report | None) -> list[int]:
    """Followers, and for a report its teller and the owners whose answers stand; each once, those who muted left out."""
    members = followers_of(thread_id)
    if report:
        members.append(report.thread.author_id)
        standing = Corroboration.objects.standing().filter(report=report)
        members += standing.values_list("author_id", flat=True)
    muted = set(Follow.objects.filter(thread=thread_id, muted=True).values_list("member_id", flat=True))
    return [pk for pk in dict.fromkeys(members) if pk and pk not in muted]


def stands(post_id: int) -> bool:
    """Whether a post can still be read by the time its news go out: nobody is called to a tombstone."""
    return Post.objects.filter(pk=post_id, state=PostState.VISIBLE).exists()


def operators() -> list[int]:
    """Staff who look after the community."""
    return list(Member.objects.staff_with(Role.OPERATOR).values_list("pk", flat=True))
