"""Lists of threads, and one thread with a page of its posts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, Sum

from ..enums import OfficialStatus, PostState, ThreadKind
from ..models import Board, Corroboration, Follow, ObservedCondition, Post, Thread, TopicLink

POSTS_PER_PAGE = 20
THREADS_PER_PAGE = 20


def with_list_parts(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """What a line of a list shows, without a query per line."""
    return threads.select_related(
        "board", "author", "last_post_by", "report__observation__model", "report__function", "report__failure_mode"
    )


def threads_of_board(board: Board, user) -> QuerySet[Thread]:
    """A board's list: pinned first, then the last word."""
    return with_list_parts(Thread.objects.visible_to(user).listed().filter(board=board)).order_by(
        "-pinned", "-last_post_at", "-id"
    )


def latest_threads(user) -> QuerySet[Thread]:
    """All boards, the last word first."""
    return with_list_parts(Thread.objects.visible_to(user).listed()).order_by("-last_post_at", "-id")


def gathering_reports(user) -> QuerySet[Thread]:
    """Reports that others are answering: with a corroboration, the last word first."""
    answered = Corroboration.objects.standing().filter(report__thread=OuterRef("pk"))
    return latest_threads(user).filter(Exists(answered), kind=ThreadKind.REPORT)


def reports_awaiting(user) -> QuerySet[Thread]:
    """Reports that nobody has answered with a car yet, the newest first."""
    answered = Corroboration.objects.standing().filter(report__thread=OuterRef("pk"))
    return latest_threads(user).filter(~Exists(answered), kind=ThreadKind.REPORT).order_by("-created_at", "-id")


def officially_answered(user) -> QuerySet[Thread]:
    """Threads that the brand has answered with a status, the newest answer first."""
    return (
        latest_threads(user)
        .exclude(official_status=OfficialStatus.NONE)
        .order_by(F("official_at").desc(nulls_last=True), "-id")
    )


def followed_threads(user) -> QuerySet[Thread]:
    """What a member follows."""
    if not user.is_authenticated:
        return Thread.objects.none()
    return latest_threads(user).filter(Exists(Follow.objects.filter(thread=OuterRef("pk"), member=user, muted=False)))


def threads_told_by(member, user) -> QuerySet[Thread]:
    """What a member opened, as this reader may see it."""
    return latest_threads(user).filter(author=member).order_by("-created_at", "-id")


def find_thread(user, pk: int) -> Thread | None:
    """One thread that this person may open, with the versions of the topics that hold it; what may not be known does not exist."""
    threads = Thread.objects.visible_to(user).select_related("board", "author", "report")
    return threads.annotate(topic_version=topic_versions()).filter(pk=pk).first()


def topic_versions() -> Subquery:
    """Of a thread: the versions of the topics that hold its report, summed up; they stand beside it."""
    holding = TopicLink.objects.filter(report__thread=OuterRef("pk"), unlinked_at__isnull=True)
    return Subquery(holding.order_by().values("report__thread").annotate(sum=Sum("topic__version")).values("sum"))


def posts_of(thread: Thread) -> QuerySet[Post]:
    """All posts of a thread in order, tombstones included, with what a page shows of each: four queries for any number."""
    return (
        thread.posts.select_related(
            "author", "reply_to__author", "corroboration__observation", "verification__observation"
        )
        .prefetch_related(
            Prefetch("corroboration__observation__conditions", _conditions()),
            Prefetch("verification__observation__conditions", _conditions()),
        )
        .order_by("number")
    )


def _conditions() -> QuerySet[ObservedCondition]:
    return ObservedCondition.objects.select_related("value__dimension").order_by(
        "value__dimension__position", "value__position"
    )


def page_of_number(number: int) -> int:
    """The page on which a post stands. Tombstones keep their place, so the number decides alone."""
    return (max(number, 1) - 1) // POSTS_PER_PAGE + 1


def page_of_posts(thread: Thread, page: int) -> tuple[list[Post], Paginator]:
    """The posts of a numbered page. Numbers have no gaps, so no counting is needed."""
    first = (page - 1) * POSTS_PER_PAGE
    posts = list(posts_of(thread).filter(number__gt=first, number__lte=first + POSTS_PER_PAGE))
    return posts, Paginator(range(max(thread.last_number, 1)), POSTS_PER_PAGE)


def posts_after(thread: Thread, number: int) -> list[Post]:
    """Visible posts after a number, for a page that is already open."""
    return list(posts_of(thread).filter(number__gt=number, state=PostState.VISIBLE)[:POSTS_PER_PAGE])
