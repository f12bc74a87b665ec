"""A task: what the brand asks, why, until when, and what came of it. Its form adds what is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CharField, F, FilteredRelation, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.enums import OfficialStatus
from kocforum.forum.models import Thread

from ..enums import Goal, Readers, TaskForm, TaskState

SHOWN = (TaskState.OPEN, TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user) -> TaskQuerySet:
        """All to staff; to others what was opened to everybody, what they were asked, and what they took part in."""
        if user.is_authenticated and user.is_staff:
            return self
        asked_all = Q(audience__everyone=True) & ~Q(readers=Readers.CONFIDENTIAL)
        for_all = Q(state__in=SHOWN) & (asked_all | Q(readers=Readers.EVERYBODY))
        if not user.is_authenticated:
            return self.filter(for_all)
        mine = Q(invitation_of_mine__isnull=False) | Q(participation_of_mine__isnull=False)
        return self.of(user).filter(for_all | Q(state__in=[*SHOWN, TaskState.CANCELLED]) & mine)

    def of(self, member) -> TaskQuerySet:
        """With the member's own `invitation_of_mine` and `participation_of_mine` at hand, one row of each at most."""
        return self.alias(
            invitation_of_mine=FilteredRelation("invitations", condition=Q(invitations__member=member.pk)),
            participation_of_mine=FilteredRelation("participations", condition=Q(participations__member=member.pk)),
        )

    def with_part_of(self, user) -> TaskQuerySet:
        """With the reader's own part: `asked_as`, the state of the invitation, and `took_part_on`; None for none."""
        if not user.is_authenticated:
            return self.annotate(asked_as=Value(None, CharField()), took_part_on=Value(None, models.DateField()))
        return self.of(user).annotate(
            asked_as=F("invitation_of_mine__state"), took_part_on=F("participation_of_mine__on")
        )

    def running(self) -> TaskQuerySet:
        """Open, and inside the window by the database's clock."""
        return self.filter(state=TaskState.OPEN, closes_at__gt=Now())

    def due_to_open(self) -> TaskQuerySet:
        return self.filter(state=TaskState.SCHEDULED, opens_at__lte=Now())

    def due_to_close(self) -> TaskQuerySet:
        return self.filter(state=TaskState.OPEN, closes_at__lte=Now())

    def owed(self) -> TaskQuerySet:
        """Closed, and those who took part heard nothing yet."""
        return self.filter(state__in=[TaskState.CLOSED, TaskState.ANALYSED])

    def late(self) -> TaskQuerySet:
        """Feedback debt: the day on which the report was promised has passed."""
        return self.owed().filter(report_due_at__lte=Now())


class Task(models.Model):
    """One thing asked, in one form. Its state moves by table and action alone; the window is the database's clock's."""

    form = models.CharField(_("form"), max_length=12, choices=TaskForm.choices)
    goal = models.CharField(_("goal"), max_length=12, choices=Goal.choices)
    title = models.CharField(_("title"), max_length=120)
    why = models.TextField(_("why it is asked"), max_length=600, blank=True)
    decision = models.CharField(
        _("what is decided with it"),
        max_length=300,
        blank=True,
        help_text=_(
            "What will be done differently depending on the answer. Needed before it opens; shown to everybody."
        ),
    )
    basis = models.CharField(
        _("what it rests on"), max_length=300, blank=True, help_text=_("For colleagues: the evidence that led here.")
    )
    state = models.CharField(_("state"), max_length=10, choices=TaskState.choices, default=TaskState.DRAFT)
    minutes = models.DecimalField(_("minutes for each person"), max_digits=5, decimal_places=1, default=Decimal("0.5"))
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    report_due_at = models.DateTimeField(_("report promised for"), null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    thread = models.ForeignKey(
        Thread,
        verbose_name=_("thread beside which it stands"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    on_front = models.BooleanField(_("stands on the front page"), default=False)
    readers = models.CharField(
        _("who reads it"), max_length=12, choices=Readers.choices, default=Readers.ASKED, help_text=_("Besides staff.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[TaskState.DRAFT, TaskState.CANCELLED]) | ~Q(decision=""),
                name="a_task_names_its_decision_before_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TaskState.DRAFT, TaskState.CANCELLED]) | Q(closes_at__isnull=False),
                name="a_task_has_an_end_before_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="a_task_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "closes_at"], name="task_window")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.pk])

    @property
    def is_confidential(self) -> bool:
        return self.readers == Readers.CONFIDENTIAL

    @property
    def seconds(self) -> int:
        """What it costs each person, as budgets count it."""
        return int(self.minutes * 60)

    @property
    def is_open(self) -> bool:
        """As far as this process's clock says; what decides is `TaskQuerySet.running`."""
        return self.state == TaskState.OPEN and (self.closes_at is None or self.closes_at > timezone.now())

    @property
    def is_owed(self) -> bool:
        """Closed, and not reported."""
        return self.state in {TaskState.CLOSED, TaskState.ANALYSED}

    @property
    def is_late(self) -> bool:
        return self.is_owed and self.report_due_at is not None and self.report_due_at <= timezone.now()


class TaskTransition(models.Model):
    """A task moved. The log is only added to; `by` is nobody when its time had come."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=TaskState.choices)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"


class TaskReport(models.Model):
    """What those who took part are told at the end: the numbers, frozen, what changes, and what does not and why."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="report")
    changed = models.TextField(_("what changes"), max_length=2000, blank=True)
    unchanged = models.TextField(_("what does not, and why"), max_length=2000, blank=True)
    figures = models.JSONField(
        default=dict, help_text=_("The results as they were told; corrections stand beside them.")
    )
    staff_hours = models.DecimalField(_("hours of staff"), max_digits=5, decimal_places=1, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(changed="") | ~Q(unchanged=""), name="a_report_says_what_changes_or_why_not"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id}"


class Outcome(models.Model):
    """What came of a task, for everybody to read: a name, where it leads, how far it is. Written by whoever acts on it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="outcomes")
    key = models.CharField(max_length=40, help_text=_("Whose it is, as the app above names it; one row each."))
    label = models.CharField(max_length=160)
    url = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=16, choices=OfficialStatus.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "key"], name="one_outcome_per_task_and_key")]

    def __str__(self) -> str:
        return self.label
