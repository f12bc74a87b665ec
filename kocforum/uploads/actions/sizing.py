"""The sizes that nobody has to wait for."""

from __future__ import annotations

from django.core.files import File
from django.db import transaction
from PIL import Image

from kocforum.ledger.recording import record

from ..enums import Rendition, State
from ..facts import UploadSized
from ..models import Upload
from .media.pictures import MEDIUM, fit, webp_of


def make_sizes(*, upload: Upload) -> bool:
    """Make the rendition for narrow screens where the full view is wider. A second run finds nothing to do."""
    if upload.state != State.RECEIVED:
        return False
    source = upload.poster or upload.display
    with source.storage.open(source.name) as file, Image.open(file, formats=["WEBP"]) as full:
        narrower = webp_of(fit(full, MEDIUM)) if max(full.size) > MEDIUM * 1.25 else None
    if narrower is not None:
        upload.medium.save(f"{Rendition.MEDIUM}.webp", File(narrower), save=False)
    if _done(upload):
        return True
    if upload.medium:
        upload.medium.storage.delete(upload.medium.name)
    return False


@transaction.atomic
def _done(upload: Upload) -> bool:
    moved = Upload.objects.filter(pk=upload.pk, state=State.RECEIVED).update(
        state=State.READY, medium=upload.medium.name or ""
    )
    if moved:
        record(UploadSized(upload_id=upload.pk), by=None)
    return bool(moved)
