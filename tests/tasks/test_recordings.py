"""Recording in a room: with a yes of everybody who is there, each the own voice, withdrawn at any time (W15)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from tasks.actions.leaving import forget_member
from tasks.actions.presence import note_presence
from tasks.actions.recordings import leave_voice, withdraw_voice
from tasks.models import RecordedVoice, Workshop
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.test_pages import client_of
from tests.tasks.workshops import does, goes_to, person, room, seen, workshop_of

pytestmark = pytest.mark.django_db

SOUND = b"\x1aE\xdf\xa3" + b"\x00" * 2000


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def comes(here: Workshop, *names: str) -> None:
    note_presence(workshop=here, here={person(name).pk for name in names})


def state(here: Workshop) -> str:
    return seen(here, "zhou")["recording"]["state"]


def voice_of(here: Workshop, who: str, sound: bytes = SOUND, **values) -> RecordedVoice:
    said = {"op_id": uuid.uuid4(), "begun_at": timezone.now(), "seconds": 61, **values}
    return leave_voice(by=person(who), workshop=here, file=SimpleUploadedFile("voice", sound), **said)


def recording_room() -> Workshop:
    here = room(phase="discuss")
    comes(here, "researcher", "zhou", "he")
    does(here, "researcher", "recording.ask")
    for name in ("zhou", "he"):
        does(here, name, "recording.agree")
    does(here, "researcher", "recording.start")
    return workshop_of(here.task)


def test_w15_it_records_only_with_a_yes_of_everybody_who_is_there():
    here = room(phase="discuss")
    comes(here, "researcher", "zhou", "he")
    with pytest.raises(Forbidden):
        does(here, "zhou", "recording.ask")
    with pytest.raises(Conflict):
        does(here, "researcher", "recording.start")
    does(here, "researcher", "recording.ask")
    does(here, "zhou", "recording.agree")
    with pytest.raises(Conflict) as refused:
        does(here, "researcher", "recording.start")
    assert person("he").name in str(refused.value)
    does(here, "he", "recording.agree")
    does(here, "researcher", "recording.start")
    assert state(here) == "on"


def test_w15_one_no_ends_it_and_the_consents_with_it():
    here = recording_room()
    does(here, "he", "recording.refuse")
    assert seen(here, "zhou")["recording"] == {"state": "off", "agreed": []}
    with pytest.raises(Conflict):
        does(here, "researcher", "recording.start")


def test_w15_it_waits_for_who_comes_late():
    here = room(("zhou", "he", "su"), phase="discuss")
    comes(here, "researcher", "zhou")
    does(here, "researcher", "recording.ask")
    does(here, "zhou", "recording.agree")
    does(here, "researcher", "recording.start")
    comes(here, "researcher", "zhou", "su")
    assert state(here) == "asked"
    with pytest.raises(Conflict):
        does(here, "researcher", "recording.start")
    does(here, "su", "recording.agree")
    does(here, "researcher", "recording.start")
    comes(here, "researcher", "zhou", "su")  # nobody new
    assert state(here) == "on"
    goes_to(here, "ended")
    assert state(here) == "off"


def test_w15_recording_changes_no_role():
    here = room(phase="discuss")
    before = {one["username"]: one["role"] for one in seen(here, "zhou")["people"]}
    comes(here, "researcher", "zhou", "he")
    does(here, "researcher", "recording.ask")
    assert {one["username"]: one["role"] for one in seen(here, "zhou")["people"]} == before


def test_a_voice_is_left_by_who_agreed_once_and_heard_by_those_who_met(kept_here):
    here = recording_room()
    number = uuid.uuid4()
    first, again = voice_of(here, "zhou", op_id=number), voice_of(here, "zhou", op_id=number)
    assert first == again and RecordedVoice.objects.count() == 1
    he, stranger = client_of(person("he")), client_of(make_member("stranger"))
    answer = he.get(first.get_absolute_url())
    assert b"".join(answer.streaming_content) == SOUND and answer["Content-Type"] == "audio/webm"
    assert answer["Cache-Control"] == "private, no-store"
    assert stranger.get(first.get_absolute_url()).status_code == 404
    assert stranger.post(f"/tasks/workshops/{here.task_id}/voices/").status_code == 404
    goes_to(here, "ended")
    assert first.get_absolute_url() in he.get(f"/tasks/workshops/{here.task_id}/after/").content.decode()


def test_who_did_not_agree_or_takes_it_back_leaves_no_voice():
    here = recording_room()
    does(here, "he", "recording.refuse")
    with pytest.raises(Conflict):
        voice_of(here, "he")
    assert voice_of(here, "zhou").pk  # what was said until then, with a yes
    quiet = room(("su",), phase="discuss")
    with pytest.raises(Conflict):
        voice_of(quiet, "su")
    make_member("stranger")
    with pytest.raises(Forbidden):
        voice_of(here, "stranger")


def test_what_is_no_sound_or_of_another_time_is_refused():
    here = recording_room()
    for sound in (b"<html>hello</html>", b"\x89PNG\r\n", b""):
        with pytest.raises(Invalid):
            voice_of(here, "zhou", sound)
    for moment in (timezone.now() + timedelta(hours=1), timezone.now() - timedelta(days=2)):
        with pytest.raises(Invalid):
            voice_of(here, "zhou", begun_at=moment)
    zhou = client_of(person("zhou"))
    sent = {"op_id": "x", "begun_at": "gestern", "seconds": "-1"}
    assert zhou.post(f"/tasks/workshops/{here.task_id}/voices/", sent).status_code == 400
    good = {
        "op_id": str(uuid.uuid4()),
        "begun_at": timezone.now().isoformat(),
        "seconds": "61",
        "file": SimpleUploadedFile("voice", SOUND),
    }
    assert zhou.post(f"/tasks/workshops/{here.task_id}/voices/", good).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_w15_withdrawn_is_gone_and_only_who_speaks_withdraws(kept_here):
    here = recording_room()
    voice = voice_of(here, "zhou")
    name = kept_here / voice.file.name
    assert name.exists()
    with pytest.raises(Forbidden):
        withdraw_voice(by=person("researcher"), voice=voice)
    client_of(person("zhou")).post(f"/tasks/voices/{voice.pk}/withdraw/")
    assert not name.exists()
    assert client_of(person("he")).get(voice.get_absolute_url()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_who_leaves_the_community_takes_the_voice_along(kept_here):
    here = recording_room()
    name = kept_here / voice_of(here, "zhou").file.name
    forget_member(member_id=person("zhou").pk)
    assert not name.exists() and not RecordedVoice.objects.filter(withdrawn_at__isnull=True).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_piece_that_is_sent_twice_at_once_is_kept_once():
    here, number = recording_room(), uuid.uuid4()
    done = at_once(*[lambda: voice_of(here, "zhou", op_id=number)] * 4)
    assert len({one.pk for one in done}) == 1 and RecordedVoice.objects.count() == 1
