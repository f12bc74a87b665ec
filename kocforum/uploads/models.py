"""A picture, a video or a PDF that a member gave, and the thing that it is part of."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kocforum.members.enums import Role

from . import kinds
from .enums import CaptureSource, Kind, Rendition, State


def new_token() -> str:
    """128 random bits: an address that nobody guesses, beside the permission check that nobody passes."""
    return secrets.token_urlsafe(16)


def place_of(upload: Upload, name: str) -> str:
    """Files of one upload lie in one folder, folders by day, so that left-overs are found without reading everything."""
    return f"uploads/{upload.created_at:%Y/%m/%d}/{upload.token}/{name}"


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user) -> UploadQuerySet:
        """Own ones; those attached to a thing that this person may see; for community operators all but what is sealed. What belongs to
        nothing was shown to nobody, or is the receipt that another one took the place of: it is its owner's. So is a PDF anywhere."""
        kept = self.exclude(state=State.DISCARDED)
        seen = Q(pk__in=[])
        if user.is_authenticated and user.has_role(Role.OPERATOR):
            seen = ~Q(attached_to__in=kinds.sealed() | {""}) & ~Q(kind=Kind.PAPER)
        for kind, queryset_for in kinds.registered().items():
            seen |= Q(attached_to=kind, number__in=queryset_for(user).order_by().values("pk"))
        if user.is_authenticated:
            seen |= Q(owner=user)
        return kept.filter(seen)

    def loose(self) -> UploadQuerySet:
        """Those that belong to nothing and can still be taken."""
        return self.filter(number__isnull=True).exclude(state=State.DISCARDED)


class Upload(models.Model):
    """One picture or video. Only renditions made from its pixels are kept, never the bytes that were sent. Of a PDF they are kept,
    too, as `document`, with the `words` of its first page; display and thumbnail are a picture of that page.

    `captured_at` is what the file itself said, labelled by `captured_at_source`, and empty when it said nothing.
    Without an offset in the file, its wall clock is read in the site's time zone and `captured_offset` stays empty.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.RECEIVED)
    token = models.CharField(_("token"), max_length=32, unique=True, default=new_token, editable=False)
    original_name = models.CharField(_("name of the file"), max_length=120)
    sha256 = models.CharField(_("SHA-256 of what was sent"), max_length=64)
    size = models.PositiveBigIntegerField(_("bytes sent"))
    width = models.PositiveIntegerField(_("width"), help_text=_("Of the full view, upright."))
    height = models.PositiveIntegerField(_("height"))
    duration = models.FloatField(_("seconds"), null=True, blank=True)
    captured_at = models.DateTimeField(_("captured"), null=True, blank=True)
    captured_at_source = models.CharField(
        _("time taken from"), max_length=5, choices=CaptureSource.choices, default=CaptureSource.NONE
    )
    captured_offset = models.SmallIntegerField(_("minutes from UTC, as the file says"), null=True, blank=True)
    display = models.FileField(upload_to=place_of, max_length=160)
    medium = models.FileField(upload_to=place_of, max_length=160, blank=True)
    thumbnail = models.FileField(upload_to=place_of, max_length=160)
    poster = models.FileField(upload_to=place_of, max_length=160, blank=True)
    document = models.FileField(upload_to=place_of, max_length=160, blank=True)
    words = models.TextField(_("words of the first page"), blank=True)
    attached_to = models.CharField(
        _("part of"), max_length=20, blank=True, help_text=_("Kind of the thing, as in post.")
    )
    number = models.PositiveBigIntegerField(_("number of the thing"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    loose_since = models.DateTimeField(_("belongs to nothing since"), null=True, blank=True, default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(attached_to="", number__isnull=True, loose_since__isnull=False)
                | (~Q(attached_to="") & Q(number__isnull=False, loose_since__isnull=True)),
                name="an_upload_is_part_of_one_thing_or_loose",
            ),
            models.CheckConstraint(
                condition=Q(captured_at_source=CaptureSource.NONE, captured_at__isnull=True)
                | (~Q(captured_at_source=CaptureSource.NONE) & Q(captured_at__isnull=False)),
                name="a_capture_time_has_a_source",
            ),
            models.UniqueConstraint(
                fields=["attached_to", "number"],
                condition=Q(kind=Kind.VIDEO, number__isnull=False),
                name="one_video_on_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PAPER) & ~Q(document="") | ~Q(kind=Kind.PAPER) & Q(document=""),
                name="a_pdf_and_nothing_else_is_kept_as_it_was_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["attached_to", "number", "position"], name="uploads_of_a_thing"),
            models.Index(fields=["loose_since"], name="loose_uploads", condition=Q(number__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_video(self) -> bool:
        return self.kind == Kind.VIDEO

    @property
    def is_paper(self) -> bool:
        return self.kind == Kind.PAPER

    def address_of(self, rendition: str) -> str:
        """The path of one rendition; it answers only to people who may see this upload."""
        return reverse("upload", args=[self.token, rendition])

    @property
    def url(self) -> str:
        return self.address_of(Rendition.DISPLAY)

    @property
    def medium_url(self) -> str:
        """For narrow screens; until it is made, and for what is narrow itself, the full view."""
        return self.address_of(Rendition.MEDIUM) if self.medium else self.poster_url or self.url

    @property
    def thumbnail_url(self) -> str:
        return self.address_of(Rendition.THUMBNAIL)

    @property
    def poster_url(self) -> str:
        return self.address_of(Rendition.POSTER) if self.poster else ""

    @property
    def document_url(self) -> str:
        return self.address_of(Rendition.DOCUMENT) if self.document else ""

    @property
    def captured(self) -> dt.datetime | None:
        """The capture time on the clock of the place where it was taken, as far as the file told."""
        if self.captured_at is None:
            return None
        if self.captured_offset is None:
            return self.captured_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        return self.captured_at.astimezone(dt.timezone(dt.timedelta(minutes=self.captured_offset)))

    @property
    def caption(self) -> str:
        """When it was taken and who says so, in the reader's language; empty when nobody does."""
        if self.captured is None:
            return ""
        said = {"time": date_format(self.captured, "DATETIME_FORMAT"), "source": self.get_captured_at_source_display()}
        return gettext("Taken %(time)s (%(source)s)") % said

    @property
    def alt(self) -> str:
        """The words for those who do not see it."""
        return " · ".join(part for part in (str(self.get_kind_display()), self.caption) if part)

    def files(self) -> list[models.fields.files.FieldFile]:
        """Every rendition that exists."""
        return [file for file in (self.display, self.medium, self.thumbnail, self.poster, self.document) if file]
