"""The whole site as a process for a browser: `python -m tests.stories.site prepare|people|crowd|colleagues|demo|serve PORT`.

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
        case ["demo"]:
            call_command("demo", verbosity=0)
        case ["serve", port]:
            from kocforum.server import serve

            serve("127.0.0.1", int(port))
