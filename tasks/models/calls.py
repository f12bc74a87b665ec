"""A call: an open question to which people answer at length, and how far the talk has come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import CallKind, Round, TaskState
from .tasks import Task


class CallQuerySet(models.QuerySet):
    def visible_to(self, user) -> CallQuerySet:
        """As its task."""
        return self.filter(task__in=Task.objects.visible_to(user))

    def running(self) -> CallQuerySet:
        return self.filter(task__state=TaskState.OPEN)

    def due_to_reveal(self) -> CallQuerySet:
        """Sealed still, and the promised moment has come, by the database's clock."""
        return self.running().filter(revealed_at__isnull=True, reveal_at__lte=Now())

    def due_for_the_community(self) -> CallQuerySet:
        """Sealed once and revealed to those who gave their own; now the others may read and join."""
        waiting = self.running().filter(sealed=True, round=Round.WRITING, revealed_at__isnull=False)
        return waiting.filter(Q(community_at__isnull=True) | Q(community_at__lte=Now()))


class Call(models.Model):
    """The brief of a call and its round. Revealing is one update; what may be read follows from it alone (L5)."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="call")
    kind = models.CharField(_("who writes"), max_length=8, choices=CallKind.choices, default=CallKind.OPEN)
    prompt = models.TextField(_("what you would like to be told"), max_length=4000)
    use = models.TextField(_("what happens with it"), max_length=1000, blank=True)
    sealed = models.BooleanField(
        _("sealed until it is revealed"), default=False, help_text=_("Nobody reads another's before giving the own.")
    )
    staff_reads = models.BooleanField(_("staff read sealed entries"), default=False)
    scaffold = models.JSONField(
        _("headings to answer"),
        default=list,
        blank=True,
        help_text=_("A list of {key, heading, hint, required}."),
    )
    round = models.CharField(_("round"), max_length=10, choices=Round.choices, default=Round.WRITING)
    reveal_at = models.DateTimeField(_("revealed at"), null=True, blank=True)
    community_at = models.DateTimeField(_("the community joins at"), null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    staff_wait = models.PositiveSmallIntegerField(
        _("staff wait for so many members"),
        default=3,
        help_text=_("Replies of staff stay folded until so many members have spoken under an entry."),
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(round=Round.WRITING) | Q(revealed_at__isnull=False),
                name="a_call_is_revealed_before_it_is_discussed",
            ),
            models.CheckConstraint(
                condition=Q(reveal_at__isnull=True)
                | Q(community_at__isnull=True)
                | Q(community_at__gte=F("reveal_at")),
                name="the_community_joins_after_the_reveal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}"

    @property
    def is_sealed(self) -> bool:
        """Nobody reads another's yet."""
        return self.sealed and self.revealed_at is None


class Clarification(models.Model):
    """What was added to a prompt that people had begun to answer: said with its time, the prompt stays."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="clarifications")
    text = models.TextField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
