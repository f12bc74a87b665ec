"""The demo community, loaded once for all tests of a module that ask for it, and gone after them."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone


@pytest.fixture(scope="module")
def today() -> dt.date:
    """The day of loading. Midnight may pass while these tests run."""
    return timezone.localdate()


@pytest.fixture(scope="module")
def said(today, django_db_setup, django_db_blocker, tmp_path_factory):
    """What the command said."""
    media = tmp_path_factory.mktemp("demo")
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": media}}
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media, STORAGES={**settings.STORAGES, "default": storage}):
            call_command("demo", stdout=out, stderr=out)
        yield out.getvalue()
        transaction.set_rollback(True)
