"""Show what an event is about in pictures, and how one gets there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.uploads.enums import Kind
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to

from ..models import Event
from ..models.events import EVENT_PICTURES, EVENT_WAY
from ..rules.events import can_run
from .pictures import change_pictures
from .seats import hold_event


@transaction.atomic
def show_pictures(
    *, by: Member, event: Event, pictures: Sequence[Upload], way: Sequence[Upload], dropped: Collection[int] = ()
) -> None:
    """Add `pictures`, and at most one of the `way`, a sketch or a cut-out of a map, which takes the place of the one before. What is
    there already may be named again; only what `dropped` names goes, so that two organisers lose nothing of each other."""
    require(can_run(by, event), _("The event belongs to its organisers."))
    held = hold_event(event.pk)
    here = [one.pk for one in attached_to(EVENT_WAY, [held.pk]).get(held.pk, [])]
    new = [one for one in way if one.pk not in here]
    if len(new) > 1 or any(one.kind != Kind.IMAGE for one in new):
        raise Invalid({"way": _("One picture shows the way. Leave the others out.")})
    change_pictures(by=by, kind=EVENT_PICTURES, number=held.pk, added=pictures, dropped=dropped)
    change_pictures(by=by, kind=EVENT_WAY, number=held.pk, added=new, dropped=here if new else dropped)
    push(f"event:{held.pk}", "event.changed", held.pk)
