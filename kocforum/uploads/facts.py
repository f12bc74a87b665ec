"""What uploads tell the world."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class UploadReceived:
    """A picture, a video or a PDF was checked and kept. It belongs to nothing yet."""

    upload_id: int
    kind: str


@fact
class UploadSized:
    """The sizes that nobody had to wait for are made."""

    upload_id: int


@fact
class UploadsAttached:
    """Uploads became part of a thing: `attached_to` is its kind, `number` its row."""

    uploads: list[int]
    attached_to: str
    number: int


@fact
class UploadsDetached:
    """Uploads were taken off a thing and wait to be used again or to be removed."""

    uploads: list[int]
    attached_to: str
    number: int


@fact
class UploadDiscarded:
    """An upload that belonged to nothing was removed with its files, by its owner or by age (`orphaned`)."""

    upload_id: int
    orphaned: bool = False
