"""A passage that a host or staff selected in a post and collected."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from .posts import Post
from .topics import Topic


class PassageQuerySet(models.QuerySet):
    def visible_to(self, user) -> PassageQuerySet:
        """One's own, those of topics one hosts, and all for staff."""
        if not user.is_authenticated:
            return self.none()
        mine = self.filter(post__in=Post.objects.visible_to(user))
        return mine if user.is_staff else mine.filter(models.Q(by=user) | models.Q(topic__host=user))


class Passage(models.Model):
    """Words of a post, exactly as they stood at a revision, counted in code points."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="passages")
    post_revision = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    note = models.CharField(max_length=200, blank=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="passages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.text[:40]
