"""Answer, edit, withdraw."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..enums import PostKind, PostState
from ..facts import PostEdited, PostRemoved, PostWritten
from ..models import Post, PostRevision, Thread
from ..rules.posts import can_edit_post, can_post, can_remove_post
from .writing import (
    add_post,
    checked_body,
    checked_title,
    hold_thread,
    rewrite_post,
    settle_state,
    unshow_post,
    withhold_post,
)


@once(Post)
@transaction.atomic
def write_post(
    *, by: Member, thread: Thread, body: str, reply_to: Post | None = None, uploads: Sequence[int] = ()
) -> Post:
    """Answer in a thread, with `reply_to` a certain post of it."""
    hold_thread(thread.pk)
    thread.refresh_from_db(fields=["state", "locked_at", "board"])
    require(can_post(by, thread), _("You cannot answer here."))
    body = checked_body(body)
    if reply_to is not None and reply_to.thread_id != thread.pk:
        raise Invalid({"reply_to": _("The post that you answer is in another thread.")})
    post = add_post(
        thread=thread,
        author=by,
        body=body,
        reply_to=reply_to,
        uploads=uploads,
        state=settle_state(by, thread.board, body),
    )
    if post.state == PostState.VISIBLE:
        record(
            PostWritten(
                thread_id=thread.pk,
                post_id=post.pk,
                number=post.number,
                kind=post.kind,
                reply_to_post_id=reply_to.pk if reply_to else None,
            ),
            by=by,
        )
    return post


@transaction.atomic
def edit_post(*, by: Member, post: Post, body: str, title: str | None = None, revision: int | None = None) -> Post:
    """Change one's own words. The old ones stay as a revision; `revision` is the one that the editor saw.

    Two windows at once: the conditional update lets the first through, the second gets a Conflict and keeps its text.
    """
    require(can_edit_post(by, post), _("You can edit your own posts only."))
    hold_thread(post.thread_id)
    seen = revision or post.revision
    advanced = Post.objects.filter(pk=post.pk, revision=seen, state=post.state).update(
        revision=seen + 1, edited_at=timezone.now()
    )
    if not advanced:
        raise Conflict(_("This post was changed elsewhere in the meantime. Compare before you save."))
    has_own_words = post.kind in {PostKind.CORROBORATION, PostKind.VERIFICATION} or hasattr(post.thread, "report")
    body = checked_body(body, required=not (has_own_words and post.kind != PostKind.REPLY))
    state = settle_state(by, post.thread.board, title or "", body)
    PostRevision.objects.create(post=post, number=seen, body=post.body, replaced_by=by)
    if title is not None and post.kind == PostKind.OPENING:
        Thread.objects.filter(pk=post.thread_id).update(title=checked_title(title))
        post.thread.refresh_from_db(fields=["title"])
    rewrite_post(post, body)
    post.refresh_from_db()
    record(PostEdited(thread_id=post.thread_id, post_id=post.pk, revision=post.revision), by=by)
    if state == PostState.PENDING:
        withhold_post(post, by=by)
    return post


@transaction.atomic
def remove_post(*, by: Member, post: Post) -> Post:
    """Withdraw one's own post. Its number stays as a tombstone; an opening post takes the thread out of the lists, answers stay."""
    require(can_remove_post(by, post), _("You can withdraw your own posts only."))
    hold_thread(post.thread_id)
    was_visible = post.state == PostState.VISIBLE
    withdrawn = Post.objects.filter(pk=post.pk, state=post.state).update(state=PostState.REMOVED)
    if not withdrawn:
        raise Conflict(_("This post was changed elsewhere in the meantime."))
    if post.kind == PostKind.OPENING:
        Thread.objects.filter(pk=post.thread_id).update(state=PostState.REMOVED)
    post.refresh_from_db()
    unshow_post(post, was_visible=was_visible)
    record(PostRemoved(thread_id=post.thread_id, post_id=post.pk), by=by)
    return post
