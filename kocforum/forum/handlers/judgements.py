"""Who hears of moderation: operators of flags, authors and flaggers of what became of it."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all, withdraw, withdraw_facts

from ..enums import FlagState, ModerationAct, PostKind
from ..facts import FlagResolved, PostApproved, PostFlagged, PostHeld, PostHidden, PostRemoved, PostRestored
from ..models import Flag, ModerationEntry, Post, Report
from ..queries.audience import operators
from ..queries.moderation import publishing_facts


def _where(post_id: int) -> tuple[Post, dict[str, Any]]:
    post = Post.objects.select_related("thread__board").get(pk=post_id)
    return post, {"thread": post.thread_id, "number": post.number, "board": post.thread.board.slug}


@on(PostFlagged)
def tell_operators_of_a_flag(told: PostFlagged, row: Any) -> None:
    """Everyone who can decide."""
    params = {"flag": told.flag_id, "reason": told.reason}
    members = [pk for pk in operators() if pk != row.by_id]
    notify_all(members=members, kind="flagged", object_id=told.post_id, params=params, fact_id=row.pk)


@on(FlagResolved)
def tell_what_became_of_a_flag(told: FlagResolved, row: Any) -> None:
    """Whoever flagged hears the outcome; for operators it is settled when no other flag is open."""
    _post, params = _where(told.post_id)
    params["state"] = told.state
    flagger = Flag.objects.values_list("by_id", flat=True).get(pk=told.flag_id)
    notify_all(members=[flagger], kind="flag_resolved", object_id=told.flag_id, params=params, fact_id=row.pk)
    if not Flag.objects.filter(post=told.post_id, state=FlagState.OPEN).exists():
        withdraw(kind="flagged", object_id=told.post_id)


@on(PostHidden)
def tell_the_author_why(told: PostHidden, row: Any) -> None:
    """With the reason; and unread news that lead to the post are taken back."""
    post, params = _where(told.post_id)
    act = (
        ModerationEntry.objects.filter(post=post, act__in=[ModerationAct.HIDE, ModerationAct.REFUSE], at__lte=row.at)
        .values_list("act", flat=True)
        .first()
    )
    params |= {"reason": told.reason, "act": act or ModerationAct.HIDE}
    _take_back(post)
    for kind in ("waiting", "approved", "restored"):
        withdraw(kind=kind, object_id=post.pk)
    _tell_author(post, "hidden", params, row)


@on(PostRemoved)
def take_back_news_of_a_withdrawn_post(told: PostRemoved, row: Any) -> None:
    """Nobody is called to a tombstone."""
    _take_back(Post.objects.get(pk=told.post_id))


@on(PostHeld)
def tell_that_it_waits(told: PostHeld, row: Any) -> None:
    """The author, so that nobody wonders where the words are; what led to the post waits as well."""
    post, params = _where(told.post_id)
    _take_back(post)
    _tell_author(post, "waiting", params, row)


@on(PostApproved)
def tell_that_it_was_let_through(told: PostApproved, row: Any) -> None:
    """In place of the news that it waits."""
    post, params = _where(told.post_id)
    withdraw(kind="waiting", object_id=post.pk)
    _tell_author(post, "approved", params, row)


@on(PostRestored)
def tell_that_it_stands_again(told: PostRestored, row: Any) -> None:
    """In place of the news that it was taken down."""
    post, params = _where(told.post_id)
    withdraw(kind="hidden", object_id=post.pk)
    _tell_author(post, "restored", params, row)


def _tell_author(post: Post, kind: str, params: dict[str, Any], row: Any) -> None:
    notify_all(members=[post.author_id], kind=kind, object_id=post.pk, params=params, fact_id=row.pk)


def _take_back(post: Post) -> None:
    """Unread news that called others to the post."""
    withdraw_facts(facts=publishing_facts(post))
    if post.kind != PostKind.OPENING:
        return
    for kind in ("follow", "official", "status"):
        withdraw(kind=kind, object_id=post.thread_id)
    if report := Report.objects.filter(thread=post.thread_id).first():
        for kind in ("corroborated", "verified"):
            withdraw(kind=kind, object_id=report.pk)
