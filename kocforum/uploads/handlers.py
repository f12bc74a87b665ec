"""What follows from an upload without anybody waiting for it."""

from __future__ import annotations

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on

from . import actions
from .facts import UploadReceived
from .models import Upload


@on(UploadReceived)
def make_further_sizes(told: UploadReceived, row) -> None:
    """Image work of a job; the upload may be gone by then."""
    upload = Upload.objects.filter(pk=told.upload_id).first()
    if upload is not None:
        actions.make_sizes(upload=upload)


@every(hours=1)
def clear_orphans() -> None:
    """Remove what was uploaded and never used."""
    actions.sweep_orphans()
