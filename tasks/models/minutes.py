"""The minutes of a room. What happened stands in its log; here stands what people say to it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import MinutesVerdict, WordKind
from .room_words import RoomWord
from .workshops import Workshop

THANKS_WITHIN = timedelta(days=3)


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user) -> MinutesQuerySet:
        """To those who sit in the room."""
        return self.filter(workshop__in=Workshop.objects.entered_by(user))

    def due_to_sign(self) -> MinutesQuerySet:
        """The time to answer has passed, and no objection waits for a host."""
        waiting = MinutesAnswer.objects.open_objections().values("minutes")
        return self.filter(signed_at__isnull=True, due_at__lte=Now()).exclude(pk__in=waiting)

    def without_thanks(self) -> MinutesQuerySet:
        """Signed a while ago, nobody of the brand has said a word to those who met, and the hosts were not asked to see to it."""
        thanked = RoomWord.objects.exclude(kind=WordKind.TALK).filter(removed_at__isnull=True).values("workshop")
        waiting = self.filter(signed_at__lt=Now() - THANKS_WITHIN, thanks_asked_at__isnull=True)
        return waiting.exclude(workshop__in=thanked)


class Minutes(models.Model):
    """`remarks`: what the hosts add to what the log says; a changed text is a new version. Signed, they stay as they are."""

    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="minutes")
    remarks = models.TextField(_("remarks of the hosts"), max_length=4000, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    drafted_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    thanks_asked_at = models.DateTimeField(null=True, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return f"{self.workshop_id} v{self.version}"


class MinutesAnswerQuerySet(models.QuerySet):
    def open_objections(self) -> MinutesAnswerQuerySet:
        return self.filter(verdict=MinutesVerdict.OBJECT, reply="")


class MinutesAnswer(models.Model):
    """One person's word to a version of the minutes. An objection has its reply before the minutes are signed."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="answers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=8, choices=MinutesVerdict.choices)
    text = models.CharField(_("how it was"), max_length=1000, blank=True)
    reply = models.CharField(_("what a host says to it"), max_length=1000, blank=True)
    reply_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = MinutesAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to minutes")
        verbose_name_plural = _("answers to minutes")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minutes", "member"], name="one_answer_per_minutes_and_member"),
            models.CheckConstraint(
                condition=~Q(verdict=MinutesVerdict.OBJECT) | ~Q(text=""), name="an_objection_says_how_it_was"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.member_id} {self.verdict}"
