"""A discussion: an opening post and its numbered answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import BoardVisibility, OfficialStatus, PostState, ThreadKind
from .boards import Board


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user) -> ThreadQuerySet:
        """Threads that this person may open: by board, and not hidden. Authors see their own waiting ones; moderators all.

        A removed thread stays as a tombstone, so that its permalinks and its answers do.
        """
        if user.is_authenticated and user.has_role("operator"):
            return self
        shown = Q(state__in=[PostState.VISIBLE, PostState.REMOVED])
        if not user.is_authenticated:
            return self.filter(shown, board__visibility=BoardVisibility.PUBLIC)
        readable = self if user.is_staff else self.exclude(board__visibility=BoardVisibility.STAFF)
        return readable.filter(shown | Q(author_id=user.pk, state=PostState.PENDING))

    def listed(self) -> ThreadQuerySet:
        """What lists and feeds show: nothing waiting, hidden or withdrawn."""
        return self.filter(state=PostState.VISIBLE)


class Thread(models.Model):
    """One discussion. Counters are kept by the actions, under the row's lock."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="threads")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=ThreadKind.choices, default=ThreadKind.TALK)
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)
    last_number = models.PositiveIntegerField(
        default=0, help_text=_("Highest post number ever given; numbers are never used again.")
    )
    reply_count = models.PositiveIntegerField(default=0, help_text=_("Visible answers, without the opening post."))
    last_post_at = models.DateTimeField(default=timezone.now)
    last_post_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(
        default=timezone.now, help_text=_("Part of the cache key of the page: moved by everything that readers see.")
    )
    version = models.PositiveIntegerField(
        default=0, help_text=_("Moved with every change that readers see; part of the cache key.")
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    pinned = models.BooleanField(default=False)
    official_status = models.CharField(
        max_length=16, choices=OfficialStatus.choices, blank=True, default=OfficialStatus.NONE
    )
    official_note = models.CharField(
        max_length=300, blank=True, help_text=_("The public sentence. Nothing of a ticket has a way in here.")
    )
    official_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering: ClassVar = ["-last_post_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["board", "state", "-pinned", "-last_post_at", "-id"], name="thread_board_list"),
            models.Index(fields=["state", "-last_post_at", "-id"], name="thread_latest"),
            models.Index(fields=["kind", "state", "-created_at"], name="thread_by_kind"),
            models.Index(fields=["author", "-created_at"], name="thread_author"),
            models.Index(fields=["official_status", "-official_at"], name="thread_official"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """The title, as long as its words stand: what was withdrawn or hidden gives them away no more."""
        gone = {PostState.REMOVED: _("A withdrawn thread"), PostState.HIDDEN: _("A hidden thread")}
        return str(gone.get(self.state, self.title))

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk])
