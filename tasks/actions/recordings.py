"""Voices of a room: left by who speaks, withdrawn by who speaks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member

from ..facts import VoiceLeft, VoiceWithdrawn
from ..models import RecordedVoice, Workshop
from ..rules.recordings import LARGEST_VOICE, can_leave_voice, can_withdraw_voice, kind_of_voice

LATEST = timedelta(days=1)  # after the room: what a phone could not send at once


@transaction.atomic
def leave_voice(
    *, by: Member, workshop: Workshop, op_id: UUID, file: File, begun_at: datetime, seconds: int
) -> RecordedVoice:
    """A stretch of the own sound, sent by the own device. The same `op_id` again answers the first, `replayed`."""
    require(can_leave_voice(by, workshop), _("Only those who sit in the room are recorded."))
    mine = RecordedVoice.objects.filter(workshop=workshop, member=by, op_id=op_id)
    if (first := mine.first()) is not None:
        first.replayed = True
        return first
    if workshop.ended_at and timezone.now() > workshop.ended_at + LATEST:
        raise Conflict(_("This workshop is over."))
    head = file.read(12)
    file.seek(0)
    kind = kind_of_voice(head)
    if not kind or not 0 < (file.size or 0) <= LARGEST_VOICE:
        raise Invalid({"file": _("This is no sound as browsers record it, or too much of it.")})
    if workshop.live_at is None or not workshop.live_at <= begun_at <= timezone.now():
        raise Invalid({"begun_at": _("A time while the room was open.")})
    voice, new = mine.get_or_create(
        workshop=workshop,
        member=by,
        op_id=op_id,
        defaults={"content_type": kind, "begun_at": begun_at, "seconds": min(seconds, 24 * 3600), "file": file},
    )
    if not new:  # the same piece, sent twice at once
        voice.replayed = True
        return voice
    record(VoiceLeft(task_id=workshop.task_id, voice_id=voice.pk), by=by)
    push(f"room:{workshop.pk}", "room.voice", voice.pk)
    return voice


@transaction.atomic
def withdraw_voice(*, by: Member, voice: RecordedVoice) -> RecordedVoice:
    """The file is gone; that there was one is known."""
    require(can_withdraw_voice(by, voice), _("Only who speaks takes it back."))
    _delete(voice)
    record(VoiceWithdrawn(task_id=voice.workshop.task_id, voice_id=voice.pk), by=by)
    push(f"room:{voice.workshop_id}", "room.voice", voice.pk)
    return voice


def delete_voices_of(*, member_id: int) -> None:
    """Of somebody who leaves. Part of an action."""
    for voice in RecordedVoice.objects.filter(member=member_id, withdrawn_at__isnull=True):
        _delete(voice)


def _delete(voice: RecordedVoice) -> None:
    storage, name = voice.file.storage, voice.file.name
    here = RecordedVoice.objects.filter(pk=voice.pk, withdrawn_at__isnull=True)
    if here.update(file="", withdrawn_at=timezone.now()) and name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
    voice.refresh_from_db()
