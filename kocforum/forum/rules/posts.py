"""Rules of threads and posts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import PostKind, PostState
from ..models import Board, Post, Thread


def can_moderate(user) -> bool:
    """Operators and administrators."""
    return user.is_authenticated and user.has_role("operator")


def can_open_thread(user, board: Board):
    """Everyone who may write, in boards that they may read; some boards are opened by staff only."""
    if (writes := can_write(user)) is not True:
        return writes
    if board.only_staff_opens and not user.is_staff:
        return Forbidden(_("Only staff open threads on this board. You can answer in them."))
    return True


def can_post(user, thread: Thread):
    """Everyone who may write, in a thread that is open."""
    if (writes := can_write(user)) is not True:
        return writes
    if thread.locked_at and not can_moderate(user):
        return Conflict(_("This thread is closed, so it takes no more answers."))
    if thread.state == PostState.REMOVED:
        return Conflict(_("This thread was withdrawn, so it takes no more answers."))
    if thread.state == PostState.HIDDEN:
        return Conflict(_("This thread was hidden by moderation, so it takes no more answers."))
    return True


def can_edit_post(user, post: Post):
    """Authors edit their own words while the post stands and the thread is open."""
    if not user.is_authenticated or post.author_id != user.pk:
        return False
    if (writes := can_write(user)) is not True:
        return writes
    if post.state not in {PostState.VISIBLE, PostState.PENDING}:
        return Conflict(_("This post no longer stands, so it cannot be edited."))
    if post.thread.locked_at and not can_moderate(user):
        return Conflict(_("This thread is closed, so its posts stay as they are."))
    return True


def can_remove_post(user, post: Post):
    """Authors withdraw their own posts; an answer on behalf of the brand stays."""
    if not user.is_authenticated or post.author_id != user.pk:
        return False
    if post.kind == PostKind.OFFICIAL:
        return Forbidden(_("An official answer stays. Correct it with another one."))
    if post.state not in {PostState.VISIBLE, PostState.PENDING}:
        return Conflict(_("This post is already gone."))
    return True


def can_flag(user, post: Post):
    """Any member who may write; not one's own post."""
    if (writes := can_write(user)) is not True:
        return writes
    return post.author_id != user.pk or Forbidden(_("This is your own post. You can edit or withdraw it."))


def can_answer_officially(user) -> bool:
    """Staff who speak for the brand."""
    return user.is_authenticated and user.has_role("operator", "researcher", "engineer")
