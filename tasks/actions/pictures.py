"""Pictures of something that several people write on: each adds their own, and anybody of them takes one off. Whoever calls has
asked whether `by` may, and holds the row of the thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from kocforum.members.models import Member
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to


@transaction.atomic
def change_pictures(
    *, by: Member, kind: str, number: int, added: Sequence[Upload], dropped: Collection[int] = ()
) -> None:
    """Take off what is named in `dropped`, add what is not part of it yet. What somebody else added meanwhile stays: who sends a form
    says nothing about what they were not shown."""
    before = attached_to(kind, [number]).get(number, [])
    detach(by=by, uploads=[one for one in before if one.pk in dropped], asked=True)
    there = {one.pk for one in before}
    attach(by=by, uploads=[one for one in added if one.pk not in there], kind=kind, object_id=number)


@transaction.atomic
def replace_pictures(*, by: Member, kind: str, number: int, uploads: Sequence[Upload | int]) -> None:
    """From now on these and no others are part of it."""
    wanted = {one if isinstance(one, int) else one.pk for one in uploads}
    before = attached_to(kind, [number]).get(number, [])
    detach(by=by, uploads=[gone for gone in before if gone.pk not in wanted], asked=True)
    of_others = {one.pk for one in before if one.owner_id != by.pk}
    own = [one for one in uploads if (one if isinstance(one, int) else one.pk) not in of_others]
    attach(by=by, uploads=own, kind=kind, object_id=number)
