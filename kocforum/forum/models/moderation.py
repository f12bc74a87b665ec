"""Flags of members, acts of moderators, words that the content check knows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import ContentVerdict, FlagReason, FlagState, ModerationAct
from .posts import Post
from .threads import Thread


class Flag(models.Model):
    """A member says that a post should not stand. All flags lie in one queue in admin."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("reason"), max_length=8, choices=FlagReason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=FlagState.choices, default=FlagState.OPEN)
    at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "by"], condition=Q(state="open"), name="one_open_flag_per_post_and_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.post}"


class ModerationEntry(models.Model):
    """One act of moderation, its reason, who and when. Written by the action, never changed."""

    act = models.CharField(_("act"), max_length=8, choices=ModerationAct.choices)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="moderation")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="moderation")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("moderation entry")
        verbose_name_plural = _("moderation log")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.reason}"


class ContentRule(models.Model):
    """A word or phrase that the content check looks for."""

    phrase = models.CharField(_("word or phrase"), max_length=80, unique=True)
    verdict = models.CharField(
        _("what happens"), max_length=8, choices=ContentVerdict.choices, default=ContentVerdict.REVIEW
    )
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("content rule")
        verbose_name_plural = _("content rules")
        ordering: ClassVar = ["phrase"]

    def __str__(self) -> str:
        return self.phrase
