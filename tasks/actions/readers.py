"""Who read an entry to its end is counted, once each."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from kocforum.members.models import Member

from ..models import Entry, Reader
from ..rules.calls import counts_as_reader


@transaction.atomic
def count_reader(*, by: Member, entry: Entry) -> None:
    """A second reading changes nothing, and so does that of its writers and of staff."""
    if not counts_as_reader(by, entry):
        return
    _row, made = Reader.objects.get_or_create(entry=entry, member=by)
    if made:
        Entry.objects.filter(pk=entry.pk).update(reader_count=F("reader_count") + 1)
