"""Building blocks of every action that puts words into a thread. They check no rights and tell no fact: the action does.

One fact is told here, because every way of writing can end there: that a post waits for a moderator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.search.actions import forget, index
from kocforum.text import clean_line, clean_text, render
from kocforum.uploads.actions import attach
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import named_in

from ..enums import ContentVerdict, PostKind, PostState, ReviewMode, ThreadKind
from ..facts import PostHeld
from ..models import Board, Corroboration, Follow, Post, Report, Thread, Topic, TopicLink
from ..queries import documents
from ..queries.moderation import check
from .stages import recount_corroborated

LONGEST_BODY = 100_000


def checked_title(title: str) -> str:
    """One line of 2 to 120 characters."""
    title = clean_line(title)
    if len(title) < 2:
        raise Invalid({"title": _("A title of a few words helps others find this.")})
    if len(title) > 120:
        raise Invalid({"title": _("The title is too long: 120 characters at most.")})
    return title


def checked_body(body: str, *, required: bool = True) -> str:
    """Text without characters that deceive, not empty unless allowed, not endless."""
    body = clean_text(body)
    if required and not body.strip():
        raise Invalid({"body": _("There is nothing to read yet. Write a few words.")})
    if len(body) > LONGEST_BODY:
        raise Invalid({"body": _("This text is too long: 100,000 characters at most.")})
    return body


def settle_state(author: Member, board: Board, *texts: str) -> str:
    """Visible at once, or waiting: when the board is reviewed first, or the content check wants a look. Refused words raise Invalid."""
    verdict = check(*texts)
    if verdict == ContentVerdict.REFUSE:
        raise Invalid({"body": _("This text has words that are not allowed here. Please put it differently.")})
    if author.is_staff:
        return PostState.VISIBLE
    if board.review == ReviewMode.BEFORE or verdict == ContentVerdict.REVIEW:
        return PostState.PENDING
    return PostState.VISIBLE


def hold_thread(pk: int) -> None:
    """Take the thread's row first. Every action that changes a thread or what hangs on it does, so that two of them wait in
    one order and never for each other. It guards no promise: on SQLite it does nothing, there writers come one by one."""
    Thread.objects.select_for_update().filter(pk=pk).values_list("pk").first()


def hold_threads(pks: Iterable[int]) -> None:
    """Take several threads' rows at once, always in the order of their numbers, before anything that hangs on them (a topic
    that holds two of them is touched by each)."""
    list(Thread.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


def hold_report(report: Report) -> None:
    """Take the report's thread and read the report anew: it may have been withdrawn, amended or hidden since it was looked at."""
    hold_thread(report.thread_id)
    report.refresh_from_db()


def touch_thread(thread: Thread) -> None:
    """Everything that changes what readers see moves the version, which is part of the cached page's key; topics follow their reports."""
    now = timezone.now()
    Thread.objects.filter(pk=thread.pk).update(version=F("version") + 1, changed_at=now)
    holding = TopicLink.objects.filter(report__thread=thread, unlinked_at__isnull=True)
    Topic.objects.filter(pk__in=holding.values("topic")).update(version=F("version") + 1, changed_at=now)


def start_thread(
    *,
    author: Member | None,
    board: Board,
    title: str,
    body: str,
    state: str = PostState.VISIBLE,
    kind: str = ThreadKind.TALK,
    uploads: Sequence[Upload | int] = (),
    created_at: dt.datetime | None = None,
    shown: bool = True,
) -> tuple[Thread, Post]:
    """A thread with its opening post, number 1; the author follows it. What was imported has none.

    With `shown=False` nobody looks yet: whoever calls it gives the words to search, many at once.
    """
    at = created_at or timezone.now()
    thread = Thread.objects.create(
        author=author,
        board=board,
        title=title,
        kind=kind,
        state=state,
        created_at=at,
        last_post_at=at,
        last_post_by=author,
        changed_at=at,
    )
    post = add_post(
        thread=thread,
        author=author,
        body=body,
        kind=PostKind.OPENING,
        state=state,
        uploads=uploads,
        created_at=at,
        shown=shown,
    )
    return thread, post


def add_post(
    *,
    thread: Thread,
    author: Member | None,
    body: str,
    kind: str = PostKind.REPLY,
    state: str = PostState.VISIBLE,
    reply_to: Post | None = None,
    uploads: Sequence[Upload | int] = (),
    created_at: dt.datetime | None = None,
    shown: bool = True,
) -> Post:
    """The next numbered post. The number comes from the thread's own row, which the update locks."""
    at = created_at or timezone.now()
    Thread.objects.filter(pk=thread.pk).update(last_number=F("last_number") + 1)
    thread.refresh_from_db(fields=["last_number"])
    post = Post.objects.create(
        thread=thread,
        number=thread.last_number,
        author=author,
        kind=kind,
        state=state,
        body=body,
        html=render(body),
        reply_to=reply_to,
        created_at=at,
    )
    attach_uploads(by=author, post=post, uploads=[*uploads, *_pasted(author, body)])
    if author is not None:
        Follow.objects.get_or_create(thread=thread, member=author)
    if state == PostState.VISIBLE and shown:
        show_post(post)
    elif state == PostState.PENDING:
        record(PostHeld(thread_id=thread.pk, post_id=post.pk), by=author)
    return post


def withhold_post(post: Post, *, by: Member) -> None:
    """What could be read waits for a moderator, because of a change: nobody says later what would have waited at first."""
    if not Post.objects.filter(pk=post.pk, state=PostState.VISIBLE).update(state=PostState.PENDING):
        return
    if post.kind == PostKind.OPENING:
        Thread.objects.filter(pk=post.thread_id).update(state=PostState.PENDING)
    post.refresh_from_db()
    unshow_post(post, was_visible=True)
    if corroboration := Corroboration.objects.filter(post=post).select_related("report").first():
        recount_corroborated(corroboration.report)
    record(PostHeld(thread_id=post.thread_id, post_id=post.pk), by=by)


def _pasted(author: Member | None, body: str) -> list[int]:
    """Pictures that were put into the text itself: without this nobody else would see them, and they would be swept away."""
    return [upload.pk for upload in named_in(author, body)]


def attach_uploads(*, by: Member, post: Post, uploads: Sequence[Upload | int]) -> None:
    """Put received files at a post, in order. Only one's own, and each at one post."""
    attach(by=by, uploads=uploads, kind="post", object_id=post.pk)


def show_post(post: Post) -> None:
    """A post became readable: counters, last word, search, open pages."""
    thread = post.thread
    if post.kind != PostKind.OPENING:
        Thread.objects.filter(pk=thread.pk).update(reply_count=F("reply_count") + 1)
        Thread.objects.filter(pk=thread.pk, last_post_at__lte=post.created_at).update(
            last_post_at=post.created_at, last_post_by=post.author
        )
    touch_thread(thread)
    index_post(post)
    push(f"thread:{thread.pk}", "post.created", post.pk)


def unshow_post(post: Post, *, was_visible: bool) -> None:
    """A post is no longer readable: what it added is taken back."""
    thread = post.thread
    if was_visible and post.kind != PostKind.OPENING:
        Thread.objects.filter(pk=thread.pk, reply_count__gt=0).update(reply_count=F("reply_count") - 1)
        newest = Post.objects.filter(thread=thread, state=PostState.VISIBLE).order_by("-created_at", "-number").first()
        if newest:
            Thread.objects.filter(pk=thread.pk).update(last_post_at=newest.created_at, last_post_by=newest.author)
    touch_thread(thread)
    forget(kind="post", object_id=post.pk)
    if post.kind == PostKind.OPENING:
        forget(kind="thread", object_id=thread.pk)
        if report := Report.objects.filter(thread=thread).first():
            forget(kind="report", object_id=report.pk)
    push(f"thread:{thread.pk}", "post.changed", post.pk)


def index_post(post: Post) -> None:
    """Give the post's words to search: the opening post as the thread, answers as posts of it."""
    if post.kind == PostKind.OPENING:
        report = Report.objects.filter(thread=post.thread).first()
        if report is None:
            index(kind="thread", **documents.of_thread(post.thread, post.body))
            return
        document = documents.of_report(report, post.body)
        index(kind="report", **document)
        index(kind="thread", **{**document, "object_id": post.thread_id, "parent_id": None})
    else:
        index(kind="post", **documents.of_post(post))


def rewrite_post(post: Post, body: str) -> None:
    """New words in an existing post: pictures in them, HTML and search follow."""
    if post.author is not None:
        attach_uploads(by=post.author, post=post, uploads=_pasted(post.author, body))
    post.body = body
    post.html = render(body)
    post.save(update_fields=["body", "html"])
    if post.state == PostState.VISIBLE:
        index_post(post)
    touch_thread(post.thread)
    push(f"thread:{post.thread_id}", "post.changed", post.pk)
