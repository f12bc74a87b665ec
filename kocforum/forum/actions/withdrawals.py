"""Withdraw a post as what it is: a report, a corroboration, or words alone."""

from __future__ import annotations

from django.db import transaction

from kocforum.members.models import Member

from ..enums import PostKind
from ..models import Post
from .corroborations import withdraw_corroboration
from .posts import remove_post
from .reports import withdraw_report


@transaction.atomic
def withdraw_post(*, by: Member, post: Post) -> None:
    """Take one's own post back, with the record that it carries: every number that counted it recounts."""
    if post.kind == PostKind.CORROBORATION and hasattr(post, "corroboration"):
        withdraw_corroboration(by=by, corroboration=post.corroboration)
    elif post.kind == PostKind.OPENING and hasattr(post.thread, "report"):
        withdraw_report(by=by, report=post.thread.report)
    else:
        remove_post(by=by, post=post)
