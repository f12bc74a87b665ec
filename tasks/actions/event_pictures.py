"""Show what an event is about in pictures, and how one gets there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.uploads.enums import Kind
from kocforum.uploads.models import Upload

from ..models import Event
from ..models.events import EVENT_PICTURES, EVENT_WAY
from ..rules.events import can_run
from .pictures import replace_pictures
from .seats import hold_event


@transaction.atomic
def show_pictures(*, by: Member, event: Event, pictures: Sequence[Upload], way: Sequence[Upload]) -> None:
    """`pictures` in their order, and at most one of the `way`: a sketch or a cut-out of a map."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    if len(way) > 1 or any(one.kind != Kind.IMAGE for one in way):
        raise Invalid({"way": _("One picture shows the way. Leave the others out.")})
    held = hold_event(event.pk)
    replace_pictures(by=by, kind=EVENT_PICTURES, number=held.pk, uploads=pictures)
    replace_pictures(by=by, kind=EVENT_WAY, number=held.pk, uploads=way)
    push(f"event:{held.pk}", "event.changed", held.pk)
