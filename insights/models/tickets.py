"""Tickets: the distilled, actionable insight inside the brand. No word of it has a way into the forum."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.models import Passage, Thread, Topic
from kocforum.garage.models import FailureMode, Function
from tasks.models import Quote, RoomResult, Task

from ..enums import EvidenceKind, Severity, TicketKind, TicketState
from .departments import Department


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user) -> TicketQuerySet:
        """Tickets are for staff only: researchers and operators see all, engineers and approvers those routed to their department."""
        if not user.is_authenticated or not user.is_staff:
            return self.none()
        if user.has_role("researcher", "operator", "approver"):
            return self
        return self.filter(department__people__member=user).distinct()


class Ticket(models.Model):
    """One insight with an owner, a state that moves by table, and evidence frozen at promotion."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, help_text=_("Random, not a count."))
    kind = models.CharField(_("kind"), max_length=8, choices=TicketKind.choices, default=TicketKind.DEFECT)
    title = models.CharField(_("title"), max_length=160)
    state = models.CharField(_("state"), max_length=16, choices=TicketState.choices, default=TicketState.CANDIDATE)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices, blank=True)
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    failure_mode = models.ForeignKey(FailureMode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    public_note = models.CharField(_("public sentence"), max_length=300, blank=True)
    acceptance_target = models.CharField(_("acceptance target"), max_length=200, blank=True)
    root_cause_ref = models.CharField(_("root cause document"), max_length=200, blank=True)
    fix_version = models.CharField(_("version with the fix"), max_length=120, blank=True)
    compliance_ref = models.CharField(_("clearance document"), max_length=200, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "-moved_at"], name="ticket_board")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class TicketEvidence(models.Model):
    """What a ticket rests on: threads, topics, collected passages, surveys, quotes from calls, results of rooms. The frozen copy is in the snapshots."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    passage = models.ForeignKey(Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    room_result = models.ForeignKey(RoomResult, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "thread"], condition=Q(thread__isnull=False), name="one_thread_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["ticket", "topic"], condition=Q(topic__isnull=False), name="one_topic_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["ticket", "passage"], condition=Q(passage__isnull=False), name="one_passage_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["ticket", "task"], condition=Q(task__isnull=False), name="one_task_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["ticket", "quote"], condition=Q(quote__isnull=False), name="one_quote_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["ticket", "room_result"], condition=Q(room_result__isnull=False), name="one_result_per_ticket"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"

    @property
    def thing(self) -> Thread | Topic | Passage | Task | Quote | RoomResult:
        """What stands behind the row, whatever its kind."""
        return getattr(self, EvidenceKind(self.kind).column)

    @property
    def thing_id(self) -> int:
        return getattr(self, f"{EvidenceKind(self.kind).column}_id")


class DistilledReport(models.Model):
    """The ticket in engineer's language, in three marked parts, drafted from the snapshot, edited and signed by a person."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="distilled_reports")
    version = models.PositiveSmallIntegerField(default=1)
    findings = models.JSONField(
        default=list,
        help_text=_("List of {text, reports, surveys, quotes, rooms}: each finding cites some of them, by number."),
    )
    counter_examples = models.TextField(_("what speaks against it"), blank=True)
    hypothesis = models.TextField(_("hypothesis"), blank=True)
    hypothesis_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recommendation = models.TextField(_("recommendation"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "version"], name="one_text_per_ticket_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} v{self.version}"


class Transition(models.Model):
    """A ticket moved. The audit chain holds the same, hashed; this row is for lists and clocks."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16, choices=TicketState.choices)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"


class InternalNote(models.Model):
    """A note between colleagues. Never public."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notes")
    body = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.body[:40]
