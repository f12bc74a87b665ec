"""Pictures of something that several people write on: each adds their own, and anybody of them takes one off."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from kocforum.members.models import Member
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to


@transaction.atomic
def replace_pictures(*, by: Member, kind: str, number: int, uploads: Sequence[Upload | int]) -> None:
    """From now on these and no others are part of it. Whoever calls has asked whether `by` may."""
    wanted = {one if isinstance(one, int) else one.pk for one in uploads}
    before = attached_to(kind, [number]).get(number, [])
    for gone in before:
        if gone.pk not in wanted:
            detach(by=gone.owner or by, uploads=[gone])
    of_others = {one.pk for one in before if one.owner_id != by.pk}
    own = [one for one in uploads if (one if isinstance(one, int) else one.pk) not in of_others]
    attach(by=by, uploads=own, kind=kind, object_id=number)
