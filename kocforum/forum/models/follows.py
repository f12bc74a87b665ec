"""Who wants to hear of a thread."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from .threads import Thread


class Follow(models.Model):
    """A member follows a thread: by opening it, answering it, or by choice. `muted` keeps the answer "no" when one took part."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="follows")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    muted = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "member"], name="one_follow_per_thread_and_member")
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-at"], name="follows_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.thread_id}"
