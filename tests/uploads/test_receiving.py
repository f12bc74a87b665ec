"""The API of uploads: what is answered, to whom, and what a repeated request gets."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from kocforum.errors import Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.models import Ban, Member
from kocforum.uploads import actions
from kocforum.uploads.actions.media.names import clean_name
from kocforum.uploads.actions.media.webp import NotClean
from kocforum.uploads.handlers import make_further_sizes
from kocforum.uploads.models import Upload

from .made import PLACE, clip, drawn, given, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(owner):
    client = APIClient()
    client.force_authenticate(owner)
    return client


def send(client, content: bytes, **values):
    name = values.pop("name", "photo.jpg")
    return client.post("/api/v1/uploads/", {"file": given(content, name), **values}, format="multipart")


def _all_files() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def test_a_photo_is_answered_with_what_a_page_needs(api, owner):
    answer = send(api, photo(drawn((640, 480))))
    assert answer.status_code == 201
    upload = Upload.objects.get()
    assert answer.json() == {
        "id": upload.pk,
        "kind": "image",
        "width": 640,
        "height": 480,
        "captured_at": "2026-11-20T21:14:05+08:00",
        "captured_at_source": "exif",
        "url": f"/uploads/{upload.token}/display",
        "thumbnail_url": f"/uploads/{upload.token}/thumbnail",
    }
    assert (upload.owner, upload.state, upload.attached_to, upload.number) == (owner, "received", "", None)


def test_a_photo_without_a_time_gets_none(api):
    answer = send(api, photo(taken=None)).json()
    assert (answer["captured_at"], answer["captured_at_source"]) == (None, "none")


def test_a_video_is_answered_with_its_length_and_poster(api, tmp_path):
    answer = send(api, clip(tmp_path / "a.mp4", about=PLACE).read_bytes(), name="a.mp4").json()
    assert (answer["kind"], answer["duration"], answer["captured_at_source"]) == ("video", 1.0, "video")
    assert answer["poster_url"].endswith("/poster")
    assert answer["captured_at"] == "2026-11-20T21:14:05+08:00"


def test_the_row_knows_the_bytes_that_were_sent_and_the_fact_is_told(owner):
    content = photo()
    upload = actions.receive(by=owner, file=given(content, "../../泊车 现场.jpg"))
    assert (upload.sha256, upload.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert upload.original_name == "泊车 现场.jpg"
    fact = Fact.objects.get()
    assert (fact.name, fact.payload, fact.by) == (
        "uploads.UploadReceived",
        {"upload_id": upload.pk, "kind": "image"},
        owner,
    )


def test_the_same_op_id_answers_the_first_upload(api):
    op_id = str(uuid.uuid4())
    first, again = send(api, photo(), op_id=op_id), send(api, photo(), op_id=op_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Upload.objects.count() == 1 and len(_all_files()) == 2


@pytest.mark.parametrize("content", [b"", b"x" * 99, photo()[:400], b"<svg/>"])
def test_a_bad_file_is_a_sentence_at_the_field(api, content):
    answer = send(api, content)
    assert answer.status_code == 400
    assert list(answer.json()) == ["file"] and len(answer.json()["file"][0]) > 10
    assert not Upload.objects.exists() and not _all_files()


def test_a_missing_file_is_named(api):
    answer = api.post("/api/v1/uploads/", {}, format="multipart")
    assert (answer.status_code, list(answer.json())) == (400, ["file"])


def test_a_body_that_no_file_explains_is_refused_unread(api):
    answer = api.post(
        "/api/v1/uploads/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**10)
    )
    assert answer.status_code == 400 and "200 MB" in answer.json()["file"][0]


def test_visitors_unverified_and_banned_people_cannot_upload(person):
    client = APIClient()
    assert send(client, photo()).status_code == 401
    newcomer = person("new", email_verified_at=None)
    client.force_authenticate(newcomer)
    assert send(client, b"not even a picture").status_code == 403
    banned = person("banned")
    Ban.objects.create(member=banned, reason="Spam")
    client.force_authenticate(banned)
    answer = send(client, photo())
    assert answer.status_code == 403 and "Spam" in answer.json()["detail"]
    assert not Upload.objects.exists()


def test_a_pile_of_unused_files_has_an_end(owner, settings):
    settings.UPLOADS = {"LOOSE_PER_MEMBER": 1}
    actions.receive(by=owner, file=given(photo()))
    with pytest.raises(Forbidden, match="waiting"):
        actions.receive(by=owner, file=given(photo()))


def test_only_the_owner_sees_and_removes_a_loose_upload(api, picture, stranger):
    address = f"/api/v1/uploads/{picture.pk}/"
    other = APIClient()
    assert other.get(address).status_code == 401
    other.force_authenticate(stranger)
    assert other.get(address).status_code == other.delete(address).status_code == 404
    assert api.get(address).json()["id"] == picture.pk
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_removing_takes_the_files_along(api, picture, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        api.delete(f"/api/v1/uploads/{picture.pk}/")
    assert not Upload.objects.exists() and not _all_files()


def test_an_attached_upload_is_seen_with_its_thing_and_not_removed(api, picture, owner, stranger, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=owner.pk)
    other = APIClient()
    other.force_authenticate(stranger)
    assert other.get(f"/api/v1/uploads/{picture.pk}/").status_code == 200
    assert other.delete(f"/api/v1/uploads/{picture.pk}/").status_code == 404
    assert api.delete(f"/api/v1/uploads/{picture.pk}/").status_code == 409


def test_nothing_stays_on_disk_when_the_row_cannot_be_written(owner, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("kocforum.uploads.actions.receiving.record", fail)
    with pytest.raises(RuntimeError):
        actions.receive(by=owner, file=given(photo()))
    assert not _all_files() and not Upload.objects.exists()


def test_a_file_that_cannot_be_cleaned_is_not_kept(owner, monkeypatch):
    def dirty(file, **meant_for):
        raise NotClean

    monkeypatch.setattr("kocforum.uploads.actions.receiving.prepare", dirty)
    with pytest.raises(Invalid, match="hidden data"):
        actions.receive(by=owner, file=given(photo()))
    assert not _all_files()


def test_further_sizes_are_made_once_and_in_a_job(owner):
    upload = actions.receive(by=owner, file=given(photo(drawn((1600, 1200)))))
    assert not upload.medium and upload.medium_url == upload.url
    for _twice in range(2):
        make_further_sizes(type("Told", (), {"upload_id": upload.pk}), None)
    upload.refresh_from_db()
    assert upload.state == "ready" and upload.medium_url.endswith("/medium")
    assert len(_all_files()) == 3
    assert Fact.objects.filter(name="uploads.UploadSized").count() == 1


def test_the_job_of_a_received_picture_makes_it_ready(picture, run_deliveries):
    run_deliveries()
    picture.refresh_from_db()
    assert picture.state == "ready"


def test_small_pictures_need_no_further_size(picture):
    assert actions.make_sizes(upload=picture)
    picture.refresh_from_db()
    assert picture.state == "ready" and not picture.medium


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../x", "x"),
        ("..\\..\\etc\\passwd.png", "passwd.png"),
        ("con.png", "_con.png"),
        ("a\nb\r\nSet-Cookie: x.jpg", "a b Set-Cookie_ x.jpg"),
        ("x.html", "x.html"),
        ("gpj\u202e.exe", "gpj.exe"),
        ("", "file"),
        (None, "file"),
        ("...", "file"),
        (".jpg", "jpg"),
        ("泊车 现场.jpg", "泊车 现场.jpg"),
        ("a\0b.png", "ab.png"),
        ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
        ("x" * 300 + ".jpeg", "x" * 95 + ".jpeg"),
        ("x." + "y" * 300, "x." + "y" * 10),
    ],
)
def test_names_are_made_harmless(name, clean):
    assert clean_name(name) == clean


def test_receiving_costs_a_known_number_of_queries(owner, django_assert_num_queries):
    member = Member.objects.get(pk=owner.pk)
    with django_assert_num_queries(9):
        actions.receive(by=member, file=given(photo()))


def test_a_capture_time_without_offset_is_read_on_the_clock_of_the_site(owner):
    upload = actions.receive(by=owner, file=given(photo(offset=None)))
    assert upload.captured.isoformat() == "2026-11-20T21:14:05+08:00"
    assert upload.captured_offset is None
    assert abs(upload.created_at - timezone.now()) < dt.timedelta(minutes=1)
    assert "Taken" in upload.caption and "photo information" in upload.alt
