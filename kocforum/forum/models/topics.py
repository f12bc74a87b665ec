"""A claim gathered from several reports, written and kept true by a host."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import FailureMode, Function

from ..enums import InvitationState, OfficialStatus, SortedAs, TopicState
from .posts import Post
from .reports import Report


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user) -> TopicQuerySet:
        """Topics with at least one report that this person may open, empty ones to whoever is signed in, and all to staff."""
        if user.is_authenticated and user.is_staff:
            return self.filter(hidden_at__isnull=True) if not user.has_role("operator") else self
        linked = TopicLink.objects.filter(topic=OuterRef("pk"), unlinked_at__isnull=True)
        seen = linked.filter(report__in=Report.objects.visible_to(user))
        return self.filter(Exists(seen) | ~Exists(linked), hidden_at__isnull=True)


class Topic(models.Model):
    """A common topic: defined by function and failure mode, never by conditions. Linking a report is not merging it."""

    title = models.CharField(_("title"), max_length=120)
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    failure_mode = models.ForeignKey(FailureMode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claim = models.TextField(_("claim"), max_length=600)
    summary = models.TextField(_("summary"), blank=True)
    summary_html = models.TextField(blank=True, editable=False)
    revision = models.PositiveSmallIntegerField(default=1)
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=TopicState.choices, default=TopicState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=0)
    hidden_at = models.DateTimeField(null=True, blank=True)
    official_status = models.CharField(
        max_length=16, choices=OfficialStatus.choices, blank=True, default=OfficialStatus.NONE
    )
    official_note = models.CharField(max_length=300, blank=True)
    official_at = models.DateTimeField(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering: ClassVar = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.pk])


class TopicLink(models.Model):
    """A report belongs to a topic: an edge with its author and an undo, while the report keeps its own thread."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="links")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="topic_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)
    unlinked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    unlinked_at = models.DateTimeField(null=True, blank=True)
    unlink_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "report"], condition=Q(unlinked_at__isnull=True), name="one_link_per_topic_and_report"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.report_id}"


class TopicRevision(models.Model):
    """What claim and summary said before a change."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    claim = models.TextField()
    summary = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "number"], name="one_text_per_topic_and_revision")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} r{self.number}"


class HostInvitation(models.Model):
    """The first teller is asked to host, once per report, when three owners speak."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="host_invitation")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=InvitationState.choices, default=InvitationState.OPEN)
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.report_id} {self.state}"


class Question(models.Model):
    """A host asks one owner about one field of their report or corroboration."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="questions")
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="+", help_text=_("The report's or corroboration's post.")
    )
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    field = models.CharField(max_length=40, help_text=_("A field name, or dimension:<slug>."))
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "field"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_question_per_field",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}?"


class SortedReply(models.Model):
    """A host looked at a reply of a linked thread and said what it is for the topic; unsorted ones lie in the tray."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="sorted_replies")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    sorted_as = models.CharField(max_length=10, choices=SortedAs.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "post"], name="one_sorting_per_topic_and_post")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.sorted_as}"


__all__ = ["HostInvitation", "InvitationState", "Question", "SortedReply", "Topic", "TopicLink", "TopicRevision"]
