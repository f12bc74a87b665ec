"""Members flag, moderators decide. Every act has a reason and leaves an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import FlagReason, FlagState, ModerationAct, PostKind, PostState, RiverStage
from ..facts import (
    FlagResolved,
    PostApproved,
    PostFlagged,
    PostHidden,
    PostRestored,
    PostWritten,
    ThreadMoved,
    ThreadOpened,
    ThreadSettingChanged,
)
from ..models import Board, Corroboration, Flag, ModerationEntry, Post, Report, Thread, Verification
from ..queries.moderation import was_published
from ..rules.posts import can_flag, can_moderate
from .corroborations import publish_corroboration
from .reports import index_report, publish_report
from .stages import reach, recount_corroborated
from .verifications import publish_verification
from .writing import hold_thread, index_post, show_post, touch_thread, unshow_post


def _require_moderator(by: Member, reason: str) -> str:
    require(can_moderate(by), _("Only moderators can do this."))
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid({"reason": _("Say why; it goes into the log.")})
    return reason


def _enter(by: Member, act: str, reason: str, *, thread: Thread, post: Post | None = None) -> None:
    ModerationEntry.objects.create(act=act, thread=thread, post=post, reason=reason, by=by)


@once(Flag)
@transaction.atomic
def flag_post(*, by: Member, post: Post, reason: str, note: str = "") -> Flag:
    """Tell the moderators that a post should not stand. Again while it is open: the same flag."""
    require(can_flag(by, post), _("You cannot report this post."))
    if reason not in FlagReason.values:
        raise Invalid({"reason": _("Choose what is wrong with it.")})
    flag, created = Flag.objects.get_or_create(
        post=post, by=by, state=FlagState.OPEN, defaults={"reason": reason, "note": clean_line(note)[:300]}
    )
    if created:
        record(PostFlagged(thread_id=post.thread_id, post_id=post.pk, flag_id=flag.pk, reason=reason), by=by)
    return flag


@transaction.atomic
def resolve_flag(*, by: Member, flag: Flag, uphold: bool, reason: str) -> Flag:
    """Uphold (the post is hidden) or dismiss. The flag of a post that others flagged too is settled alone."""
    reason = _require_moderator(by, reason)
    state = FlagState.UPHELD if uphold else FlagState.DISMISSED
    hold_thread(flag.post.thread_id)
    settled = Flag.objects.filter(pk=flag.pk, state=FlagState.OPEN).update(
        state=state, resolved_by=by, resolved_at=timezone.now()
    )
    if not settled:
        raise Conflict(_("Someone else has already settled this."))
    if uphold and flag.post.state == PostState.VISIBLE:
        hide_post(by=by, post=flag.post, reason=reason)
    record(FlagResolved(post_id=flag.post_id, flag_id=flag.pk, state=state), by=by)
    flag.refresh_from_db()
    return flag


def _move_post(post: Post, *, expected: set[str], to: str) -> str:
    """Change a post's state (and its thread's, for an opening post) if it still is what the moderator saw."""
    hold_thread(post.thread_id)
    before = post.state
    if before not in expected or not Post.objects.filter(pk=post.pk, state=before).update(state=to):
        raise Conflict(_("This post is no longer in the state that you saw."))
    if post.kind == PostKind.OPENING:
        Thread.objects.filter(pk=post.thread_id).update(state=to)
    post.refresh_from_db()
    post.thread.refresh_from_db()
    return before


@transaction.atomic
def hide_post(*, by: Member, post: Post, reason: str) -> Post:
    """Take a post out of sight; an opening post takes its thread along. A tombstone says that moderation did it."""
    reason = _require_moderator(by, reason)
    before = _move_post(post, expected={PostState.VISIBLE}, to=PostState.HIDDEN)
    unshow_post(post, was_visible=before == PostState.VISIBLE)
    if corroboration := Corroboration.objects.filter(post=post).select_related("report").first():
        recount_corroborated(corroboration.report)
    _enter(by, ModerationAct.HIDE, reason, thread=post.thread, post=post)
    record(PostHidden(thread_id=post.thread_id, post_id=post.pk, reason=reason), by=by)
    return post


@transaction.atomic
def restore_post(*, by: Member, post: Post, reason: str) -> Post:
    """Show a hidden post again."""
    reason = _require_moderator(by, reason)
    _move_post(post, expected={PostState.HIDDEN}, to=PostState.VISIBLE)
    if was_published(post):
        _show_again(post)
    else:  # refused at its review, and now let through after all
        show_post(post)
        _tell_published(post)
    _enter(by, ModerationAct.RESTORE, reason, thread=post.thread, post=post)
    record(PostRestored(thread_id=post.thread_id, post_id=post.pk, reason=reason), by=by)
    return post


def _show_again(post: Post) -> None:
    """Everything that its hiding took back comes again; nothing is told a second time."""
    show_post(post)
    if post.kind == PostKind.OPENING:
        _index_thread(post.thread)
    elif corroboration := Corroboration.objects.standing().filter(post=post).select_related("report").first():
        reach(RiverStage.CORROBORATED, report=corroboration.report)


def _index_thread(thread: Thread) -> None:
    if report := Report.objects.filter(thread=thread).first():
        index_report(report)
    for post in thread.posts.filter(state=PostState.VISIBLE).exclude(kind=PostKind.OPENING):
        index_post(post)


@transaction.atomic
def approve_post(*, by: Member, post: Post, reason: str = "") -> Post:
    """Let a waiting post be read; what it would have told at once is told now."""
    require(can_moderate(by), _("Only moderators can do this."))
    _move_post(post, expected={PostState.PENDING}, to=PostState.VISIBLE)
    _enter(by, ModerationAct.APPROVE, clean_line(reason)[:300], thread=post.thread, post=post)
    record(PostApproved(thread_id=post.thread_id, post_id=post.pk), by=by)
    if was_published(post):
        _show_again(post)
    else:
        show_post(post)
        _tell_published(post)
    return post


def _tell_published(post: Post) -> None:
    thread = post.thread
    if post.kind == PostKind.OPENING:
        record(ThreadOpened(thread_id=thread.pk, board_id=thread.board_id, post_id=post.pk), by=post.author)
        if report := Report.objects.filter(thread=thread).first():
            index_report(report)
            publish_report(report)
    elif corroboration := Corroboration.objects.filter(post=post).first():
        publish_corroboration(corroboration)
    elif verification := Verification.objects.filter(post=post).first():
        publish_verification(verification)
    else:
        record(
            PostWritten(
                thread_id=thread.pk,
                post_id=post.pk,
                number=post.number,
                kind=post.kind,
                reply_to_post_id=post.reply_to_id,
            ),
            by=post.author,
        )


@transaction.atomic
def refuse_post(*, by: Member, post: Post, reason: str) -> Post:
    """A waiting post is not let through; its author reads the reason."""
    reason = _require_moderator(by, reason)
    _move_post(post, expected={PostState.PENDING}, to=PostState.HIDDEN)
    _enter(by, ModerationAct.REFUSE, reason, thread=post.thread, post=post)
    record(PostHidden(thread_id=post.thread_id, post_id=post.pk, reason=reason), by=by)
    return post


def _setting(act: str, seen: dict[str, Any], change: Callable[[], dict[str, Any]]) -> Callable[..., Thread]:
    @transaction.atomic
    def set_thread(*, by: Member, thread: Thread, reason: str) -> Thread:
        reason = _require_moderator(by, reason)
        hold_thread(thread.pk)
        if not Thread.objects.filter(pk=thread.pk, **seen).update(**change()):
            raise Conflict(_("This thread is no longer in the state that you saw."))
        touch_thread(thread)
        _enter(by, act, reason, thread=thread)
        record(ThreadSettingChanged(thread_id=thread.pk, act=act, reason=reason), by=by)
        thread.refresh_from_db()
        return thread

    set_thread.__name__ = f"{act}_thread"
    return set_thread


lock_thread = _setting(ModerationAct.LOCK, {"locked_at__isnull": True}, lambda: {"locked_at": timezone.now()})
unlock_thread = _setting(ModerationAct.UNLOCK, {"locked_at__isnull": False}, lambda: {"locked_at": None})
pin_thread = _setting(ModerationAct.PIN, {"pinned": False}, lambda: {"pinned": True})
unpin_thread = _setting(ModerationAct.UNPIN, {"pinned": True}, lambda: {"pinned": False})


@transaction.atomic
def move_thread(*, by: Member, thread: Thread, board: Board, reason: str) -> Thread:
    """Move a thread to another board. Its address stays."""
    reason = _require_moderator(by, reason)
    left = thread.board_id
    hold_thread(thread.pk)
    if left == board.pk or not Thread.objects.filter(pk=thread.pk, board_id=left).update(board=board):
        raise Conflict(_("This thread is no longer on the board that you saw."))
    touch_thread(thread)
    _enter(by, ModerationAct.MOVE, reason, thread=thread)
    record(ThreadMoved(thread_id=thread.pk, from_board_id=left, to_board_id=board.pk, reason=reason), by=by)
    thread.refresh_from_db()
    return thread
