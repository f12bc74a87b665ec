"""What one person, or a few together, wrote to a call: the text that is read, its versions, and the manuscript."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import EntryState, Round, TaskState
from .calls import Call
from .tasks import Task

RIGHTS = ("quote_inside", "quote_public", "marketing", "keep_when_left")
ENTRIES_KIND = "entry"  # of its pictures, and in search
ENDED = (TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED)


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user) -> EntryQuerySet:
        """Whose words this person may read: the one door for page, search, API, live, letters, pictures, admin.

        One's own always. Others' when they were given and the call is open to this reader: never sealed, or revealed and
        the own one is given, or the talk has begun (L5). Staff before that only where the brief says so.
        """
        given = Q(state=EntryState.GIVEN)
        unsealed = Q(call__sealed=False) | (
            Q(call__revealed_at__isnull=False) & (~Q(call__round=Round.WRITING) | Q(call__task__state__in=ENDED))
        )
        tasks = Q(call__task__in=Task.objects.visible_to(user))
        if not user.is_authenticated:
            return self.filter(given & unsealed & tasks)
        if user.has_role("operator"):
            given = given | Q(state__in=[EntryState.PENDING, EntryState.HIDDEN])
        own = Writer.objects.filter(member=user.pk, accepted_at__isnull=False)
        gave = own.filter(entry__call=OuterRef("call"), entry__state=EntryState.GIVEN)
        unsealed |= Q(call__revealed_at__isnull=False) & Exists(gave)
        if user.is_staff:
            unsealed |= Q(call__staff_reads=True)
        mine = Exists(own.filter(entry=OuterRef("pk")))
        return self.filter(mine | given & unsealed & tasks)

    def given(self) -> EntryQuerySet:
        return self.filter(state=EntryState.GIVEN)

    def kept(self) -> EntryQuerySet:
        """Among the stories that stay, while their authors let them be read anywhere."""
        return self.given().filter(kept_at__isnull=False, quote_public=True)

    def by(self, member) -> EntryQuerySet:
        """Which this member writes, alone or with others."""
        return self.filter(writers__member=member.pk, writers__accepted_at__isnull=False)


class Entry(models.Model):
    """One text to one call. `version` counts what readers saw; the manuscript lies beside it until it is given."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="entries")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.BEGUN)
    title = models.CharField(_("title"), max_length=120, blank=True)
    body = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    outline = models.JSONField(default=list, blank=True, editable=False)
    words = models.PositiveIntegerField(default=0, help_text=_("Chinese characters and words of other scripts."))
    version = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    after_reveal = models.BooleanField(default=False, help_text=_("Its writer could read others before."))
    quote_inside = models.BooleanField(_("colleagues of the brand may quote it"), default=False)
    quote_public = models.BooleanField(_("it may be quoted in public"), default=False)
    marketing = models.BooleanField(_("it may be used in advertising"), default=False)
    keep_when_left = models.BooleanField(_("it stays when I leave the community"), default=False)
    summary = models.TextField(_("where the talk stands"), max_length=2000, blank=True)
    summed_up_at = models.DateTimeField(null=True, blank=True)
    change_of_mind = models.TextField(_("what the talk changed in my view"), max_length=2000, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text=_("Why it was returned or hidden."))
    reply_count = models.PositiveIntegerField(default=0)
    car_count = models.PositiveIntegerField(default=0, help_text=_("Cars that confirm it, each once."))
    reader_count = models.PositiveIntegerField(default=0, help_text=_("Members who read it to the end, each once."))
    kept_at = models.DateTimeField(null=True, blank=True, help_text=_("When it came among the stories that stay."))
    created_at = models.DateTimeField(default=timezone.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering: ClassVar = ["given_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "author"],
                condition=~Q(state=EntryState.WITHDRAWN),
                name="one_standing_entry_per_call_and_author",
            ),
            models.CheckConstraint(
                condition=~Q(state=EntryState.GIVEN) | Q(given_at__isnull=False, version__gte=1),
                name="what_is_given_has_a_version",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["call", "state", "given_at"], name="entries_of_call")]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("entry", args=[self.call.task_id, self.pk])

    @property
    def is_given(self) -> bool:
        return self.state == EntryState.GIVEN


class Writer(models.Model):
    """Who writes an entry: the author, and others with the share that was agreed. An invitation until it is accepted."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="writers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    share = models.PositiveSmallIntegerField(_("share, %"), default=100)
    part = models.CharField(_("what they did"), max_length=80, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "member"], name="one_share_per_entry_and_member"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="a_share_is_1_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.share} %"


class Reader(models.Model):
    """A member read an entry to its end. Only counted: nobody sees who."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="readers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "member"], name="one_reader_per_entry_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.member_id}"


class EntryVersion(models.Model):
    """What readers saw of an entry at one version. Spans, quotes and replies stay on theirs."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_text_per_entry_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"


class Manuscript(models.Model):
    """What is being written, on the server. `revision` moves with every save; who saves from an older one is shown both."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="manuscript")
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("manuscript")
        verbose_name_plural = _("manuscripts")

    def __str__(self) -> str:
        return f"{self.entry_id} r{self.revision}"


class ManuscriptSave(models.Model):
    """One saved state of a manuscript, to go back to. `aside`: a text that met a newer one; nothing that was typed is lost."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="saves")
    revision = models.PositiveIntegerField(
        help_text=_("The revision that it made, or from which it came where it lies aside.")
    )
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    aside = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "revision"], condition=Q(aside=False), name="one_save_per_entry_and_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} r{self.revision}"


class RightsRequest(models.Model):
    """A colleague asks the author for a right, each once. Whatever the author says then, or a "not for me", closes it for good; and so
    does saying nothing, in effect."""

    class Right(models.TextChoices):
        QUOTE_PUBLIC = "quote_public", _("quoted in public")
        MARKETING = "marketing", _("used in advertising")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="rights_requests")
    right = models.CharField(max_length=12, choices=Right.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "right"], name="a_right_is_asked_for_once_per_entry")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.right}"


class RightsChange(models.Model):
    """What may be done with an entry was changed by its author. Only added to."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="rights_log")
    rights = models.JSONField(help_text=_("All rights as they stand after the change."))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.at:%Y-%m-%d}"
