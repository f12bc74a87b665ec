"""`/tasks/workshops/…/room/`: the room itself. Everything works as plain forms; open pages follow by themselves."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.uploads.actions import receive
from kocforum.uploads.enums import Rendition
from kocforum.uploads.models import Upload

from ..actions.rooms import act
from ..forms.rooms import command_of
from ..models import RoomEvent, Seat, Workshop
from ..models.rooms import ROOM_PICTURES
from ..queries.room_pages import room_page
from ..rules.workshops import can_enter, seat_of
from .doors import unindexed
from .workshops import workshop_or_404


@require_safe
@login_required
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The room, or (`?part=side`) what stands beside its board; whoever has no seat is shown the way to one."""
    workshop, seat = _inside(request, pk)
    if seat is None:
        return redirect("task", pk=pk)
    name = "_side" if request.GET.get("part") == "side" else "room"
    return unindexed(render(request, f"tasks/workshops/{name}.html", _context(workshop, seat)), workshop.task)


def _inside(request: HttpRequest, pk: int) -> tuple[Workshop, Seat | None]:
    workshop = workshop_or_404(request, pk)
    may = can_enter(request.user, workshop)
    if may is not True or not (workshop.is_live or workshop.ended_at):
        if may is not True:
            messages.info(request, str(may or ""))
        return workshop, None
    return workshop, seat_of(request.user, workshop)


def _context(workshop: Workshop, seat: Seat, **more: Any) -> dict[str, Any]:
    return {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "seat": seat,
        "op_id": uuid.uuid4(),
        "here": reverse("room_do", args=[workshop.task_id]),
        **room_page(workshop, seat),
        **more,
    }


@require_POST
@login_required
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One command. What was refused says why above the board, and the words are still in the form."""
    workshop, seat = _inside(request, pk)
    if seat is None:
        return redirect("task", pk=pk)
    op_id, kind, said = command_of(request.POST)
    try:
        if file := request.FILES.get("file"):
            said["image"] = receive(by=request.user, file=file).pk
        act(by=request.user, workshop=workshop, op_id=op_id, kind=kind, said=said)
    except Refused as refused:
        workshop.refresh_from_db()
        typed = {**request.POST.dict(), "image": said.get("image", "")}  # the file is here already
        context = _context(workshop, seat, refused=str(refused), typed=typed)
        return unindexed(render(request, "tasks/workshops/room.html", context, status=422), workshop.task)
    return redirect("room", pk=pk)


@require_safe
@login_required
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The way to a file of the room by its number, as events and the state name it; `?small` for notes."""
    found = Upload.objects.visible_to(request.user).filter(pk=number, attached_to=ROOM_PICTURES)
    file = get_object_or_404(found)
    here = RoomEvent.objects.filter(pk=file.number, workshop__task=pk)
    get_object_or_404(here)
    return redirect(file.address_of(Rendition.THUMBNAIL) if "small" in request.GET else file.url)
