"""Who leaves a voice with a room, and takes it back (W15)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict

from ..models import RecordedVoice, RoomEvent, Workshop
from .minutes import seat_inside

LARGEST_VOICE = 60 * 2**20  # bytes: two hours of speech as browsers encode it
VOICES = {b"\x1aE\xdf\xa3": "audio/webm", b"OggS": "audio/ogg"}  # how such a file begins
BOX = b"ftyp"  # and, from its fifth byte on, an MP4


def can_leave_voice(member: Any, workshop: Workshop) -> Any:
    """Who sits in the room and agreed to be recorded there. A last refusal after the last yes counts."""
    if seat_inside(member, workshop) is None:
        return False
    said = RoomEvent.objects.filter(
        workshop=workshop, actor=member.pk, kind__in=["recording.ask", "recording.agree", "recording.refuse"]
    )
    last = said.order_by("-seq").values_list("kind", flat=True).first()
    if last in {None, "recording.refuse"}:
        return Conflict(_("You have not agreed to be recorded here."))
    started = RoomEvent.objects.filter(workshop=workshop, kind="recording.start").exists()
    return started or Conflict(_("Nothing was recorded here."))


def can_withdraw_voice(member: Any, voice: RecordedVoice) -> bool:
    """Whose voice it is, at any time."""
    return bool(member.is_authenticated) and voice.member_id == member.pk


def kind_of_voice(head: bytes) -> str:
    """What the first bytes say that a file is, or ""."""
    if head[4:8] == BOX:
        return "audio/mp4"
    return next((kind for begins, kind in VOICES.items() if head.startswith(begins)), "")
