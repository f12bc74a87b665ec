"""What those who were there keep of the day of an event: pictures, words, a thread of their own; and who asks to take one down."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.models import Thread

from ..enums import MemoryState
from .events import Event

MEMORY_PICTURES = "memory"


class MemoryQuerySet(models.QuerySet):
    def visible_to(self, user) -> MemoryQuerySet:
        """Whoever may see the event sees what is shown; authors all of their own, organisers what they hid, moderators everything."""
        there = self.filter(event__in=Event.objects.visible_to(user)).exclude(state=MemoryState.REMOVED)
        if not user.is_authenticated:
            return there.shown()
        if user.has_role("operator"):
            return there
        hidden = Q(state=MemoryState.HIDDEN, event__in=Event.objects.run_by(user).values("pk"))
        return there.filter(Q(state=MemoryState.SHOWN) | Q(author=user.pk) | hidden)

    def hidden(self) -> MemoryQuerySet:
        """By whomever; also what its author then took down."""
        return self.filter(Q(state__in=[MemoryState.HIDDEN, MemoryState.MODERATED]) | Q(was_hidden=True))

    def shown(self) -> MemoryQuerySet:
        return self.filter(state=MemoryState.SHOWN)

    def standing(self) -> MemoryQuerySet:
        """Not taken down by its author: hidden ones count, too."""
        return self.exclude(state=MemoryState.REMOVED)


class Memory(models.Model):
    """One person's pictures and words of the day. `reason`: why it is hidden; its author reads it. `organisers_reason`: why the
    organisers had hidden it before moderation did. `was_hidden`: its author took it down when the organisers had hidden it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="memories")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(_("a few words"), max_length=4000, blank=True)
    html = models.TextField(blank=True, editable=False)
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=9, choices=MemoryState.choices, default=MemoryState.SHOWN)
    reason = models.CharField(max_length=300, blank=True)
    organisers_reason = models.CharField(max_length=300, blank=True)
    was_hidden = models.BooleanField(default=False)
    revision = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = MemoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("memory of an event")
        verbose_name_plural = _("memories of events")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=MemoryState.REMOVED) | Q(words="", html="", thread__isnull=True),
                name="nothing_is_kept_of_what_was_taken_down",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MemoryState.HIDDEN, MemoryState.MODERATED]) | ~Q(reason=""),
                name="a_hidden_memory_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=MemoryState.MODERATED) | Q(organisers_reason=""),
                name="only_moderation_hides_over_the_organisers",
            ),
            models.CheckConstraint(
                condition=Q(state=MemoryState.REMOVED) | Q(was_hidden=False),
                name="what_stands_says_itself_whether_it_is_hidden",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["event", "state", "-id"], name="memories_of_an_event")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("event_memory", args=[self.event_id, self.pk])


class TakingDownQuerySet(models.QuerySet):
    def visible_to(self, user) -> TakingDownQuerySet:
        """To who asked, to the organisers of the event, and to moderators; never to whose memory it is about."""
        if not user.is_authenticated:
            return self.none()
        others = self.exclude(memory__author=user.pk)
        if user.has_role("operator"):
            return others
        return others.filter(Q(by=user.pk) | Q(memory__event__in=Event.objects.run_by(user).values("pk")))

    def waiting(self) -> TakingDownQuerySet:
        return self.filter(answered_at__isnull=True)


class TakingDown(models.Model):
    """Somebody, who is in a picture perhaps, asks to take a memory down. Answered once: it is down, or it stays, and why."""

    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="asks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TakingDownQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish to take a memory down")
        verbose_name_plural = _("wishes to take memories down")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["memory", "by"],
                condition=Q(answered_at__isnull=True),
                name="one_waiting_wish_per_memory_and_member",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, granted__isnull=True)
                | Q(answered_at__isnull=False, granted__isnull=False),
                name="an_answered_wish_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.memory_id} {self.by_id}"
