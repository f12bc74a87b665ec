"""Loads the demo community: all of it or nothing, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from kocforum.ledger.models import Delivery, Fact
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from . import content
from .asking import plan_asking
from .calling import plan_calling
from .catalogue import set_up
from .community import Community
from .facts import DemoLoaded
from .gathering import plan_passages, plan_topics
from .leading import plan_leading
from .loops import plan_loops
from .meeting import plan_meeting
from .people import plan_people
from .surveying import plan_surveying
from .talking import plan_talking
from .today import plan_today

Progress = Callable[[int, int], None]
BEFORE_ANYBODY = "440 09:00"


class NotEmpty(Exception):
    """Somebody of the demo's names is there already; `names` says who."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def is_loaded() -> bool:
    """Whether the demo is in this database."""
    return Fact.objects.filter(name="demo.DemoLoaded").exists()


def load(told: Progress = lambda done, of: None) -> Community:
    """Let the whole community happen in one transaction. Fails with NotEmpty where its names are taken."""
    taken = Member.objects.filter(username__in=[table["username"] for table in content.read("people")["members"]])
    if names := sorted(taken.values_list("username", flat=True)):
        raise NotEmpty(names)
    community = Community(timezone.localdate())
    try:
        with _quiet(), translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            _tell(community, told)
    except BaseException:
        community.throw_files_away()
        raise
    return community


def _tell(community: Community, told: Progress) -> None:
    community.plan(BEFORE_ANYBODY, partial(set_up, community))
    plan_people(community)
    plan_talking(community)
    plan_topics(community)
    plan_passages(community)
    plan_loops(community)
    plan_asking(community)
    plan_surveying(community)
    plan_calling(community)
    plan_meeting(community)
    plan_leading(community)
    plan_today(community)
    community.live(told)
    record(DemoLoaded(members=len(community.members), threads=len(community.threads)), by=None)


def left_undone() -> list[Delivery]:
    """What followed from the story and failed. The site's worker tries it again."""
    return list(Delivery.objects.exclude(error="").select_related("fact"))


@contextmanager
def _quiet() -> Iterator[None]:
    """No letters, and no pushes to other processes: nobody has a page of this open."""
    kept = settings.EMAIL_BACKEND, settings.REDIS_URL
    settings.EMAIL_BACKEND, settings.REDIS_URL = "django.core.mail.backends.dummy.EmailBackend", ""
    try:
        yield
    finally:
        settings.EMAIL_BACKEND, settings.REDIS_URL = kept
