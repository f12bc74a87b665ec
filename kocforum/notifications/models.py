"""What a member is told, once, and by which ways."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user) -> NotificationQuerySet:
        """One's own, and nobody else's."""
        return self.filter(member_id=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """Something happened on a thing that concerns a member. While it is unread, more of the same is counted into it."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField(
        help_text=_("The thing that the kind is about; shown only while it may be seen.")
    )
    params = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering: ClassVar = ["-last_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "kind", "object_id"],
                condition=Q(read_at__isnull=True),
                name="one_unread_notification_per_thing",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-last_at"], name="inbox")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Telling(models.Model):
    """A member was told of a fact by a kind. The row is what makes "nothing twice" true, whatever runs again."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    fact_id = models.BigIntegerField(db_index=True)
    notification = models.ForeignKey(
        Notification,
        null=True,
        on_delete=models.SET_NULL,
        related_name="tellings",
        help_text=_("Into which it was counted; so that it can be taken back."),
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind", "fact_id"], name="told_once_of_a_fact")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.fact_id}"


class Sending(models.Model):
    """A notification goes out by a channel besides the inbox. One row per round of news, so that a repeated job sends nothing twice."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="sendings")
    channel = models.CharField(max_length=20)
    round = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notification", "channel", "round"], name="one_sending_per_round_and_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} {self.channel}"


class Preference(models.Model):
    """A member's choice for one kind and one channel, where it differs from the kind's default."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    wanted = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind", "channel"], name="one_choice_per_kind_and_channel")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.channel}"
