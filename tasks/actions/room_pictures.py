"""The files of a room: whose they are, which event shows them, and that what is taken off the board is readable no more."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.members.models import Member
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.enums import Kind
from kocforum.uploads.queries import attached_to, takeable

from ..models import RoomEvent, Workshop
from ..models.rooms import ROOM_PICTURES
from ..rules.sittings import Event


def look_at_the_picture(by: Member, event: Event) -> None:
    """Only an own picture that shows nowhere yet; its size goes into the log, so that pages keep its place while it loads."""
    number = event.payload.get("image")
    if number is None or event.kind not in {"note.add", "picture.add"}:
        return
    file = next(iter(takeable(by, [number])), None)
    if file is None or file.kind != Kind.IMAGE or file.number is not None:
        raise Invalid({"image": _("This picture is not yours, or is shown somewhere already. Please add it again.")})
    if event.kind == "picture.add":
        event.payload.update(width=file.width, height=file.height)


def show_or_hide_the_picture(room: Workshop, by: Member, row: RoomEvent) -> None:
    """After an event: attach what it brought, detach what it took off the board, attach again what was put back."""
    kind, said = row.kind, row.payload
    if kind == "undo":
        kind, said = said["kind"], said["payload"]
    if kind in {"note.add", "picture.add"}:
        _attach(row)
    elif kind in {"note.delete", "picture.delete", "note.restore"}:
        made = _made_by(room, said)
        if made is None:
            return
        if kind == "note.restore":
            _attach(made)
        else:
            for file in attached_to(ROOM_PICTURES, [made.pk]).get(made.pk, []):
                detach(by=file.owner or by, uploads=[file])


def _made_by(room: Workshop, said: dict[str, Any]) -> RoomEvent | None:
    """The event that put a note or a picture on the board, if a file came with it."""
    made = RoomEvent.objects.filter(workshop=room, seq=said.get("note") or said["picture"]).first()
    return made if made is not None and made.payload.get("image") else None


def _attach(row: RoomEvent) -> None:
    if row.actor is not None and row.payload.get("image"):
        attach(by=row.actor, uploads=[row.payload["image"]], kind=ROOM_PICTURES, object_id=row.pk)
