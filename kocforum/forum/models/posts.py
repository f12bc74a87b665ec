"""Numbered posts. Their safe HTML is made once, when they are written."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import PostKind, PostState
from .threads import Thread


class PostQuerySet(models.QuerySet):
    def visible_to(self, user) -> PostQuerySet:
        """Posts whose words this person may read: in a visible thread, and visible themselves, or one's own waiting ones."""
        if user.is_authenticated and user.has_role("operator"):
            return self
        threads = Thread.objects.visible_to(user)
        shown = Q(state=PostState.VISIBLE)
        if user.is_authenticated:
            shown |= Q(author_id=user.pk, state=PostState.PENDING)
        return self.filter(shown, thread__in=threads)


class Post(models.Model):
    """One numbered post of a thread. `number` is stable for ever; a post that is not visible leaves a tombstone."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=14, choices=PostKind.choices, default=PostKind.REPLY)
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.VISIBLE)
    body = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering: ClassVar = ["thread_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "number"], name="one_post_per_thread_and_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["author", "-created_at"], name="post_author"),
            models.Index(fields=["state", "created_at"], name="post_review", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.thread_id, self.number])


class PostRevision(models.Model):
    """What a post said before an edit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "number"], name="one_text_per_post_and_revision")
        ]

    def __str__(self) -> str:
        return f"{self.post} r{self.number}"
