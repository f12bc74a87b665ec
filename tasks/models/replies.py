"""The talk under an entry: typed replies, and the questions that its author opens and closes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.enums import PostState
from kocforum.garage.models import Vehicle

from ..enums import ReplyKind
from .entries import Entry


class SubQuestion(models.Model):
    """What the author of an entry asks of the others, until it is closed with a sentence."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="sub_questions")
    text = models.CharField(_("question"), max_length=200)
    answer = models.CharField(_("where it ended"), max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(answer=""), name="a_closed_question_says_where_it_ended"
            )
        ]

    def __str__(self) -> str:
        return self.text


class ReplyQuerySet(models.QuerySet):
    def visible_to(self, user) -> ReplyQuerySet:
        """Under an entry whose words may be read; a private question of staff only to the entry's writers and to staff."""
        entries = Entry.objects.visible_to(user)
        shown = Q(state=PostState.VISIBLE)
        if not user.is_authenticated:
            return self.filter(shown, private=False, entry__in=entries)
        if user.has_role("operator"):
            shown |= Q(state__in=[PostState.PENDING, PostState.HIDDEN])
        else:
            shown |= Q(author_id=user.pk, state=PostState.PENDING)
        found = self.filter(shown, entry__in=entries)
        if user.is_staff:
            return found
        mine = Entry.objects.by(user).values("pk")
        return found.filter(Q(private=False) | Q(entry__in=mine) | Q(author_id=user.pk))


class Reply(models.Model):
    """One reply. A confirmation carries a car, its model and version as they were, and the version of the text that it read."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(_("how it stands to the entry"), max_length=8, choices=ReplyKind.choices)
    body = models.TextField(_("text"), max_length=10_000, blank=True)
    html = models.TextField(blank=True, editable=False)
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.VISIBLE)
    sub_question = models.ForeignKey(
        SubQuestion, null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    vehicle = models.ForeignKey(Vehicle, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    model = models.CharField(max_length=60, blank=True)
    software = models.CharField(max_length=40, blank=True)
    entry_version = models.PositiveSmallIntegerField(default=1)
    words = models.PositiveIntegerField(default=0)
    of_staff = models.BooleanField(default=False, help_text=_("Its author spoke for the brand when it was written."))
    private = models.BooleanField(_("only the writer reads it"), default=False)
    pinned = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    edited_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply in a call")
        verbose_name_plural = _("replies in calls")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "vehicle"],
                condition=Q(kind=ReplyKind.CONFIRMS) & ~Q(state=PostState.REMOVED),
                name="one_confirmation_per_entry_and_vehicle",
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(pinned=True), name="one_pinned_reply_per_entry"),
            models.CheckConstraint(
                condition=~Q(model="") | ~Q(kind=ReplyKind.CONFIRMS), name="who_confirms_names_a_car"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["entry", "state", "id"], name="replies_of_entry")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.entry.get_absolute_url()}?reply={self.pk}#r{self.pk}"


class ReplyRevision(models.Model):
    """What a reply said before it was edited, once the first ten minutes were over."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reply", "number"], name="one_text_per_reply_and_revision")
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} r{self.number}"
