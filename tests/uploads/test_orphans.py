"""What was uploaded and never used goes away, files included; what is used stays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from kocforum.ledger.duties import known_duties
from kocforum.ledger.models import Fact
from kocforum.uploads import actions
from kocforum.uploads.models import Upload

from .made import given, photo

pytestmark = pytest.mark.django_db


def kept() -> set[str]:
    root = Path(default_storage.location)
    return {path.parent.name for path in root.rglob("*") if path.is_file()}


def days_later(days: float):
    return time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=False)


def test_after_two_days_what_belongs_to_nothing_is_removed(owner, things, django_capture_on_commit_callbacks):
    used, unused = (actions.receive(by=owner, file=given(photo())) for _n in range(2))
    actions.attach(by=owner, uploads=[used], kind="page", object_id=1)
    with days_later(1.9), django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_orphans() == 0
    with days_later(2.1), django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_orphans() == 1
        assert actions.sweep_orphans() == 0
    assert list(Upload.objects.all()) == [used]
    assert kept() == {used.token}
    fact = Fact.objects.get(name="uploads.UploadDiscarded")
    assert (fact.payload, fact.by) == ({"upload_id": unused.pk, "orphaned": True}, None)


def test_the_days_count_from_when_it_was_taken_off(owner, picture, things):
    actions.attach(by=owner, uploads=[picture], kind="page", object_id=1)
    picture.refresh_from_db()
    with days_later(3):
        actions.detach(by=owner, uploads=[picture])
    with days_later(4):
        assert actions.sweep_orphans() == 0
    with days_later(5.1):
        assert actions.sweep_orphans() == 1


def test_a_removal_that_was_interrupted_is_finished(picture):
    Upload.objects.filter(pk=picture.pk).update(state="discarded")
    with days_later(2.1):
        assert actions.sweep_orphans() == 1
    assert not Upload.objects.exists()


def test_files_whose_row_was_never_written_are_removed(picture):
    folder = f"uploads/{timezone.now():%Y/%m/%d}/lost"
    default_storage.save(f"{folder}/display.webp", ContentFile(b"x"))
    actions.sweep_orphans()
    assert "lost" in kept()
    Upload.objects.filter(pk=picture.pk).update(attached_to="page", number=1, loose_since=None)
    with days_later(2.5):
        actions.sweep_orphans()
    assert kept() == {picture.token}


def test_the_clearing_is_a_periodic_duty():
    assert "kocforum.uploads.handlers.clear_orphans" in known_duties()
