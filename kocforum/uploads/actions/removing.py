"""Letting go of uploads that belong to nothing."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, require
from kocforum.ledger.recording import record

from .. import queries, rules
from ..enums import State
from ..facts import UploadDiscarded
from ..models import Upload

logger = logging.getLogger(__name__)
BATCH = 200


@transaction.atomic
def discard(*, by, upload: Upload) -> None:
    """Remove an own upload that belongs to nothing, with its files."""
    require(rules.can_discard(by, upload), _("Only the one who added a file can remove it."))
    if not _let_go(upload, by=by, orphaned=False):
        raise Conflict(_("This file is already part of something. Edit that to take the file off."))


def sweep_orphans() -> int:
    """Remove what has belonged to nothing for 48 hours, and files whose row was never written. Safe to repeat."""
    removed = 0
    for upload in queries.orphans()[:BATCH]:
        try:
            with transaction.atomic():
                removed += _let_go(upload, by=None, orphaned=True)
        except ProtectedError:
            logger.warning("Upload %s belongs to nothing, yet something holds on to it.", upload.pk)
    for days in (2, 3, 4):
        _sweep_folder(f"uploads/{timezone.now() - timezone.timedelta(days=days):%Y/%m/%d}")
    return removed


def _let_go(upload: Upload, *, by, orphaned: bool) -> bool:
    """Claim it by a conditional move, so that nobody attaches it meanwhile; then the row, and after commit the files."""
    claim = Upload.objects.filter(pk=upload.pk, number__isnull=True)
    if orphaned:
        claim = claim.filter(loose_since=upload.loose_since)
    else:
        claim = claim.exclude(state=State.DISCARDED)
    if not claim.update(state=State.DISCARDED):
        return False
    names = [file.name for file in Upload.objects.get(pk=upload.pk).files()]
    record(UploadDiscarded(upload_id=upload.pk, orphaned=orphaned), by=by)
    Upload.objects.filter(pk=upload.pk).delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
    return True


def _sweep_folder(day: str) -> None:
    if not default_storage.exists(day):
        return
    tokens = set(default_storage.listdir(day)[0])
    known = set(Upload.objects.filter(token__in=tokens).values_list("token", flat=True))
    for token in tokens - known:
        for name in default_storage.listdir(f"{day}/{token}")[1]:
            default_storage.delete(f"{day}/{token}/{name}")
        default_storage.delete(f"{day}/{token}")
