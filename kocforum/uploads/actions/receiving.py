"""Taking a file in."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import require
from kocforum.ledger.models import Operation
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record

from .. import kinds, rules
from ..facts import UploadReceived
from ..models import Upload
from .media import Prepared, fingerprint, prepare
from .media.names import clean_name
from .media.prepared import unfit
from .media.webp import NotClean

logger = logging.getLogger(__name__)


def receive(*, by, file: Any, meant_for: str = "", op_id: UUID | str | None = None) -> Upload:
    """Check, clean and keep a picture or a video that belongs to nothing yet. `file` is any seekable binary file. `meant_for` is the
    kind of thing that it will be part of; a few of those take a PDF, too.

    The work on the pixels is done before the transaction: on SQLite nobody else could write meanwhile.
    """
    require(rules.can_upload(by), _("You cannot add files."))
    if op_id is not None and Operation.objects.filter(by=by, op_id=op_id).exists():
        return _keep(by=by, op_id=op_id)
    try:
        prepared = prepare(file, papers_of=by if kinds.may_give_papers(meant_for, by) else None)
    except NotClean:
        logger.exception("A rendition was not clean and was thrown away.")
        raise unfit(_("We could not remove the hidden data of this file, so it was not kept. Please export it again."))
    row = _row(by, file, prepared)
    kept: Upload | None = None
    try:
        _write(row, prepared)
        kept = _keep(by=by, op_id=op_id, row=row)
    finally:
        prepared.close()
        if kept is not row:
            for written in row.files():
                written.storage.delete(written.name)
    return kept


def _row(by: Any, file: Any, prepared: Prepared) -> Upload:
    sha256, size = fingerprint(file)
    return Upload(
        owner=by,
        kind=prepared.kind,
        original_name=clean_name(getattr(file, "name", "")),
        sha256=sha256,
        size=size,
        width=prepared.width,
        height=prepared.height,
        duration=prepared.duration,
        words=prepared.words,
        captured_at=prepared.captured.at,
        captured_at_source=prepared.captured.source,
        captured_offset=prepared.captured.offset,
    )


def _write(row: Upload, prepared: Prepared) -> None:
    for rendition, (extension, data) in prepared.files.items():
        data.seek(0)
        getattr(row, rendition).save(f"{rendition}.{extension}", File(data), save=False)


@once(Upload)
@transaction.atomic
def _keep(*, by, row: Upload | None = None) -> Upload:
    if row is None:
        raise RuntimeError("A replay has its row.")
    row.save(force_insert=True)
    record(UploadReceived(upload_id=row.pk, kind=row.kind), by=by)
    return row
