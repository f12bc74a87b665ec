"""Who helps at an event, and what its organisers tell whoever comes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import CrewRole
from .events import Event


class CrewMember(models.Model):
    """Somebody who helps at an event. Who leads the initiative, and the deputy, stand in no row."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="crew")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(_("what they do"), max_length=9, choices=CrewRole.choices)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("helper at an event")
        verbose_name_plural = _("helpers at events")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "member"], name="one_role_per_event_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.member_id}"


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user) -> AnnouncementQuerySet:
        """To whoever comes, waits or is offered a place, and to those who run the event."""
        if not user.is_authenticated:
            return self.none()
        standing = Q(event__rsvps__member=user.pk, event__rsvps__state__in=["going", "waitlisted", "offered"])
        return self.filter(
            pk__in=self.model.objects.filter(standing | Q(event__in=Event.objects.run_by(user))).values("pk")
        )


class Announcement(models.Model):
    """A word of the organisers to everybody who has a place or waits for one."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="announcements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.CharField(_("what to know"), max_length=600)
    at = models.DateTimeField(default=timezone.now)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return self.words
