"""The ledger: what happened, who must hear of it, and which answer a repeated request gets."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Fact(models.Model):
    """Something that happened, told once by the action that did it, and never changed afterwards."""

    name = models.CharField(
        _("name"), max_length=80, db_index=True, help_text=_("App and class, as in forum.ReportTold.")
    )
    payload = models.JSONField(_("payload"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Subject(models.Model):
    """What a fact is about, so that a thing can ask for its own history: one row per `…_id` field of the fact."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="subjects")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "object_id", "fact"], name="subject_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Delivery(models.Model):
    """One subscriber's claim to hear of one fact, at least once. Written in the transaction of the fact."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        DONE = "done", _("done")
        DEAD = "dead", _("given up")

    fact = models.ForeignKey(Fact, verbose_name=_("fact"), on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(_("subscriber"), max_length=160, help_text=_("Dotted path of the handler."))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(
        _("attempts"),
        default=0,
        help_text=_("Counted when an attempt begins; a job may only begin the attempt it was made for."),
    )
    due_at = models.DateTimeField(
        _("due"), default=timezone.now, help_text=_("Given again when this has passed and it is not done.")
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fact", "subscriber"], name="one_delivery_per_fact_and_subscriber")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(state="pending")),
            models.Index(fields=["done_at"], name="delivery_done", condition=models.Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} <- {self.fact_id}"


class Operation(models.Model):
    """The first result of a request that carried an `op_id`: its replay answers with the same row."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    op_id = models.UUIDField()
    kind = models.CharField(max_length=80)
    result_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "op_id"], name="one_result_per_person_and_op_id")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.op_id}"


class Schedule(models.Model):
    """When a periodic duty is due next. Advanced by compare-and-swap, so that two workers never do one duty twice."""

    name = models.CharField(_("duty"), max_length=160, unique=True, help_text=_("Dotted path of the function."))
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    last_done_at = models.DateTimeField(_("last done"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """A worker that is alive: its row is renewed every few seconds, and its jobs are given away when it falls silent."""

    worker = models.CharField(_("worker"), max_length=64, unique=True)
    place = models.CharField(_("host and process"), max_length=120)
    since = models.DateTimeField(_("since"), default=timezone.now)
    at = models.DateTimeField(_("last heartbeat"), default=timezone.now)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.place
