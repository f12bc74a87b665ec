"""What an upload is, how far it has come, where its time is from, and in which sizes it is served."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What people see: a still picture, a video, or a PDF by its first page."""

    IMAGE = "image", _("Picture")
    VIDEO = "video", _("Video")
    PAPER = "paper", _("PDF")


class State(models.TextChoices):
    """Received: can be shown at once. Ready: the further sizes are made too. Discarded: its files are going."""

    RECEIVED = "received", _("Received")
    READY = "ready", _("Ready")
    DISCARDED = "discarded", _("Discarded")


MOVES: dict[str, tuple[str, ...]] = {
    State.RECEIVED: (State.READY, State.DISCARDED),
    State.READY: (State.DISCARDED,),
    State.DISCARDED: (),
}


class CaptureSource(models.TextChoices):
    """Who says when it was taken. A label of provenance and never proof; `none` stays without a time."""

    EXIF = "exif", _("photo information")
    VIDEO = "video", _("video information")
    NONE = "none", _("not known")


class Rendition(models.TextChoices):
    """The last part of a media address. Every one is made by us from the pixels and the received bytes are not kept, but for the
    document: a PDF as it was sent, to be saved and never opened by this site."""

    DISPLAY = "display", _("Full view")
    MEDIUM = "medium", _("For narrow screens")
    THUMBNAIL = "thumbnail", _("Thumbnail")
    POSTER = "poster", _("Poster of a video")
    DOCUMENT = "document", _("The PDF as it was sent")
