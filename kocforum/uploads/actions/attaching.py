"""Making uploads part of a thing, and taking them off again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record

from .. import kinds, rules
from ..enums import Kind
from ..facts import UploadsAttached, UploadsDetached
from ..models import Upload


@transaction.atomic
def attach(*, by, uploads: Iterable[Upload | int], kind: str, object_id: int) -> list[Upload]:
    """Make own uploads part of one thing, in this order, behind those that it has; of those, the named ones move.

    Somebody else's upload does not exist for `by` (400 at `uploads`); one that is part of another thing is a conflict.
    """
    if kind not in kinds.registered():
        raise LookupError(f"Nobody registered the kind {kind!r}.")
    ids = list(dict.fromkeys(upload if isinstance(upload, int) else upload.pk for upload in uploads))
    if not ids:
        return []
    own = {row.pk: row for row in Upload.objects.filter(pk__in=[pk for pk in ids if abs(pk) < 2**63], owner=by)}
    if len(own) < len(ids):
        raise Invalid({"uploads": _("One of these files is not yours or is no longer there. Please add it again.")})
    if not kinds.takes_papers(kind) and any(row.is_paper for row in own.values()):
        raise Invalid({"uploads": _("A PDF can only be a receipt. Please add a picture here: a screenshot will do.")})
    here = Upload.objects.filter(attached_to=kind, number=object_id)
    others = here.exclude(pk__in=ids).count()
    _check_room(list(own.values()), others)
    places = Case(*(When(pk=pk, then=Value(others + place)) for place, pk in enumerate(ids)))
    there = here.filter(pk__in=ids).update(position=places)
    try:
        # One statement with its condition: of two things that take the same upload at once, one gets it.
        with transaction.atomic():
            taken = Upload.objects.filter(pk__in=ids, owner=by).loose()
            count = taken.update(attached_to=kind, number=object_id, loose_since=None, position=places)
    except IntegrityError:
        raise _one_video()
    if there + count != len(ids):
        raise Conflict(_("One of these files is already part of something else."))
    if count:
        record(UploadsAttached(uploads=ids, attached_to=kind, number=object_id), by=by)
    rows = Upload.objects.in_bulk(ids)
    return [rows[pk] for pk in ids]


@transaction.atomic
def detach(*, by, uploads: Iterable[Upload], asked: bool = False) -> int:
    """Take uploads off the thing they are part of. They can be used again until the orphans are cleared.

    `asked`: the caller has asked its own rule whether `by` may, as of a thing on which several people write."""
    by_thing: dict[tuple[str, int], list[int]] = {}
    for upload in uploads:
        require(asked or rules.can_detach(by, upload), _("Only the one who added a file can take it away."))
        if upload.number is not None:
            by_thing.setdefault((upload.attached_to, upload.number), []).append(upload.pk)
    count = 0
    for (kind, number), ids in by_thing.items():
        freed = Upload.objects.filter(pk__in=ids, attached_to=kind, number=number).update(
            attached_to="", number=None, position=0, loose_since=timezone.now()
        )
        if freed:
            record(UploadsDetached(uploads=ids, attached_to=kind, number=number), by=by)
        count += freed
    return count


def _check_room(rows: list[Upload], others: int) -> None:
    if len(rows) + others > rules.limit("PER_THING"):
        raise Invalid({"uploads": _("At most %(n)s files can be added here.") % {"n": rules.limit("PER_THING")}})
    if sum(row.kind == Kind.VIDEO for row in rows) > 1:
        raise _one_video()


def _one_video() -> Invalid:
    return Invalid({"uploads": _("One video can be added here. Please choose the one that shows it best.")})
