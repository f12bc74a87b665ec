"""The whole site as a process for a browser: `python -m tests.stories.site VERB`, as they stand at the end; `serve` takes a port.

Static files come straight from their sources. `people` are a small catalogue, staff and a few owners with their cars.
"""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.WHITENOISE_USE_FINDERS = True
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()

from django.core.management import call_command  # noqa: E402

OWNERS = ("he", "su", "ma")
KNOWN_TICKET = "ticket-of-the-first-guest"
CROWD = tuple(f"owner{number}" for number in range(12))


def people() -> None:
    from tests.people import make_car, make_catalogue, make_member, make_staff

    make_catalogue()
    make_staff("operator")
    make_staff("researcher", role="researcher")
    for name in OWNERS:
        make_car(make_member(name))


def crowd() -> None:
    """Twelve more members, who answer at once."""
    from tests.people import make_member

    for name in CROWD:
        make_member(name)


def colleagues() -> None:
    """Two more researchers."""
    from tests.people import make_staff

    for name in ("second", "third"):
        make_staff(name, role="researcher")


def coded() -> None:
    """An open call with one long entry, and two hundred codes."""
    from tasks.actions.codes import codebook_of_call
    from tasks.models import Code
    from tests.tasks.calls import given, open_call

    call = open_call(title="读一读")
    body = "\n\n".join(f"第 {number} 段 🌧️ 停在半路。" for number in range(60))
    given(call, "he", body=body)
    book = codebook_of_call(call)
    Code.objects.bulk_create(Code(codebook=book, name=f"码 {number}") for number in range(200))


def meeting() -> None:
    """The people, and an open room in which the owners sit with the researcher."""
    from tests.tasks.workshops import room

    people()
    room(OWNERS)


def gathering() -> None:
    """An open event of zhou's with six places, at whose gate he helps; the ticket of the first is known."""
    from tasks.actions.crews import choose_crew
    from tests.tasks.initiatives import comes, koc, member, opened_event

    event = opened_event(capacity=40)
    choose_crew(by=koc(), event=event, username=member("he").username, role="gate")
    for number in range(6):
        comes(event, f"guest{number}", 2)
    first = event.rsvps.order_by("pk").first()
    event.rsvps.filter(pk=first.pk).update(ticket=KNOWN_TICKET)


def initiators() -> None:
    """A KOC with a deputy; those who read, decide and pay."""
    from tests.tasks.initiatives import koc, member
    from tests.tasks.money import staff

    koc()
    member("su")
    for role in ("engineer", "approver", "finance"):
        staff(role)


def days_pass() -> None:
    """Every event lies behind us."""
    from datetime import timedelta

    from django.db.models import F

    from tasks.actions.passing import end_due
    from tasks.models import Event

    Event.objects.update(starts_at=F("starts_at") - timedelta(days=30), ends_at=F("ends_at") - timedelta(days=30))
    assert end_due()


def money() -> None:
    """An initiative of zhou's with ¥500, and who approves and pays."""
    from tests.tasks.money import granted, staff

    granted(50_000)
    staff("finance")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare"]:
            call_command("migrate", verbosity=0)
        case ["people"]:
            people()
        case ["crowd"]:
            crowd()
        case ["colleagues"]:
            colleagues()
        case ["coded"]:
            coded()
        case ["meeting"]:
            meeting()
        case ["initiators"]:
            initiators()
        case ["days_pass"]:
            days_pass()
        case ["gathering"]:
            gathering()
        case ["money"]:
            money()
        case ["demo"]:
            call_command("demo", verbosity=0)
        case ["serve", port]:
            from kocforum.server import serve

            serve("127.0.0.1", int(port))
