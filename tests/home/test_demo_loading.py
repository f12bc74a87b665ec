"""Loading the demo: its clock, and what happens when it cannot be loaded."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from django_tasks import task_backends

from kocforum.forum.models import Board
from kocforum.home.demo import clock, content, loader
from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from kocforum.uploads.models import Upload
from tests.people import make_member

LONG_AGO = dt.datetime(2025, 2, 3, 23, 30, tzinfo=dt.UTC)


def test_the_clock_is_set_back_inside_and_right_again_after():
    with clock.at(LONG_AGO):
        assert dt.timedelta(0) <= timezone.now() - LONG_AGO < dt.timedelta(seconds=5)
        assert timezone.localdate() == dt.date(2025, 2, 4)
    assert timezone.now() - LONG_AGO > dt.timedelta(days=300)


def test_the_clock_is_right_again_after_an_error():
    with pytest.raises(ZeroDivisionError), clock.at(LONG_AGO):
        1 / 0  # noqa: B018
    assert timezone.now().year > 2025


@pytest.mark.django_db
def test_a_load_that_fails_leaves_nothing(monkeypatch, settings):
    def plan_trouble(community):
        def trouble():
            community.media("koc", {"photos": [{"scene": "lot-rain"}]})
            raise RuntimeError("the lights went out")

        community.plan("300 12:00", trouble, by="koc")

    monkeypatch.setattr(loader, "plan_talking", plan_trouble)
    queue = task_backends["default"]
    boards = Board.objects.count()
    with pytest.raises(RuntimeError):
        loader.load()
    assert not Member.objects.filter(username__in=[m["username"] for m in content.read("people")["members"]]).exists()
    assert Board.objects.count() == boards
    assert not Upload.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not loader.is_loaded()
    assert task_backends["default"] is queue


@pytest.mark.django_db
def test_names_that_are_taken_are_said_and_nothing_is_loaded():
    make_member("koc")
    facts = Fact.objects.count()
    with pytest.raises(CommandError, match="koc"):
        call_command("demo", stdout=StringIO())
    assert Fact.objects.count() == facts


@pytest.mark.django_db
def test_production_does_not_take_known_passwords_by_accident():
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="known-passwords"):
        call_command("demo", stdout=StringIO())
    assert not Member.objects.filter(username="koc").exists()
