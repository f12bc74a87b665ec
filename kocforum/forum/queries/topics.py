"""Reads of topics."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ..enums import PostKind, PostState
from ..models import HostInvitation, Post, Question, Report, SortedReply, Thread, Topic, TopicLink
from .threads import with_list_parts

# Links of a topic that numbers rest on: in force, to a report that stands.
COUNTED_LINKS = Q(
    links__unlinked_at__isnull=True,
    links__report__withdrawn_at__isnull=True,
    links__report__thread__state=PostState.VISIBLE,
)


def topics_to_list(user) -> QuerySet[Topic]:
    """Topics, the last change first, each with `report_count`."""
    links = Count("links", filter=COUNTED_LINKS)
    topics = Topic.objects.visible_to(user).select_related("host", "function", "failure_mode")
    return topics.annotate(report_count=links).order_by("-changed_at", "-id")


def find_topic(user, pk: int) -> Topic | None:
    """One topic that this person may open."""
    return (
        Topic.objects.visible_to(user)
        .select_related("host", "opened_by", "function", "failure_mode")
        .filter(pk=pk)
        .first()
    )


def threads_of_topic(topic: Topic, user) -> QuerySet[Thread]:
    """Threads of the linked reports that stand, in the order they were linked."""
    links = TopicLink.objects.filter(topic=topic, unlinked_at__isnull=True)
    threads = with_list_parts(Thread.objects.visible_to(user).listed().filter(report__topic_links__in=links))
    return threads.order_by("report__topic_links__id").distinct()


def candidates_for(topic: Topic, user, limit: int = 20) -> QuerySet[Thread]:
    """Reports of the same function (and failure mode, where the topic has one) that no topic holds yet."""
    held = TopicLink.objects.filter(report=OuterRef("report__pk"), unlinked_at__isnull=True)
    threads = with_list_parts(Thread.objects.visible_to(user).listed().filter(report__function=topic.function))
    if topic.failure_mode_id:
        threads = threads.filter(Q(report__failure_mode=topic.failure_mode) | Q(report__failure_mode__isnull=True))
    return threads.filter(~Exists(held)).order_by("-created_at")[:limit]


def unsorted_replies(topic: Topic, user, limit: int = 50) -> QuerySet[Post]:
    """The host's tray: replies and corroborations of linked threads that this host may read and nobody has sorted yet, oldest first."""
    sorted_ones = SortedReply.objects.filter(topic=topic, post=OuterRef("pk"))
    linked = Q(thread__report__topic_links__topic=topic, thread__report__topic_links__unlinked_at__isnull=True)
    # Asked of each linked thread: as a list of all that may be read, SQLite went through every thread there is.
    readable = Thread.objects.visible_to(user).filter(pk=OuterRef("thread"))
    return (
        Post.objects.filter(linked, state=PostState.VISIBLE, kind__in=[PostKind.REPLY, PostKind.CORROBORATION])
        .filter(~Exists(sorted_ones), Exists(readable))
        .select_related("author", "thread", "corroboration__observation")
        .order_by("created_at")[:limit]
    )


def open_questions_for(member) -> QuerySet[Question]:
    """What hosts ask this member."""
    open_ones = Question.objects.filter(asked_of=member, answered_at__isnull=True, withdrawn_at__isnull=True)
    return open_ones.select_related("topic", "post__thread", "asked_by")


def open_invitations_for(member) -> QuerySet[HostInvitation]:
    """Reports of this member that three owners spoke on."""
    return HostInvitation.objects.filter(member=member, state="open").select_related(
        "report__thread", "report__function"
    )


def topics_holding(report: Report) -> QuerySet[Topic]:
    return Topic.objects.filter(links__report=report, links__unlinked_at__isnull=True)
