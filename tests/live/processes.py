"""The embedded server with three addresses more: `python -m tests.live.processes prepare|serve PORT`.

`/probe/` is a page with live.js, `/push/` pushes from a page's thread, `/job/` tells a fact whose handler pushes, `/hang/` never answers,
`/serving/` says which process does.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
sys.modules.setdefault("tests.live.processes", sys.modules[__name__])  # started by -m, it is found under its name, too
settings.ROOT_URLCONF = "tests.live.processes"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from kocforum.ledger import duties  # noqa: E402
from kocforum.ledger.facts import fact  # noqa: E402
from kocforum.ledger.recording import record  # noqa: E402
from kocforum.ledger.subscribers import on  # noqa: E402
from kocforum.live.groups import register_group  # noqa: E402
from kocforum.live.pushing import push  # noqa: E402
from kocforum.urls import urlpatterns as house  # noqa: E402

PROBE = "probe:1"


@fact
class ProbeSent:
    probe_id: int


@on(ProbeSent)
def pass_on(told, row) -> None:
    push(PROBE, "probe.job", told.probe_id)


def pushing(request) -> HttpResponse:
    with transaction.atomic():
        push(PROBE, "probe.page", int(request.GET["id"]))
    return HttpResponse("pushed")


def telling(request) -> HttpResponse:
    with transaction.atomic():
        record(ProbeSent(probe_id=int(request.GET["id"])), by=None)
    return HttpResponse("told")


def hanging(request) -> HttpResponse:
    threading.Event().wait(600)
    return HttpResponse("late")


PAGE = """<!doctype html><title>probe</title><link rel="icon" href="data:,">
<p id="page" data-live="probe:1"></p><p id="other" data-live="probe:2"></p>
<script type="module" src="/watch.js"></script><script type="module" src="/live.js"></script>"""
BARE = '<!doctype html><title>bare</title><link rel="icon" href="data:,"><script type="module" src="/live.js"></script>'
WATCH = """
window.told = [];
for (const element of document.querySelectorAll("[data-live]"))
  for (const type of ["probe.page", "missed"])
    element.addEventListener(`live:${type}`, (event) => told.push([element.id, type, event.detail.id]));
"""


def serving(request) -> HttpResponse:
    return HttpResponse(str(os.getpid()))


def file(text: str, kind: str) -> Callable[..., HttpResponse]:
    return lambda request: HttpResponse(text, content_type=f"text/{kind}")


class Probes:
    """A queryset that holds every row: the group needs no table."""

    def filter(self, **_: object) -> Probes:
        return self

    def exists(self) -> bool:
        return True


register_group("probe", lambda user: Probes())
urlpatterns = [
    path("push/", pushing),
    path("job/", telling),
    path("hang/", hanging),
    path("serving/", serving),
    path("probe/", file(PAGE, "html")),
    path("bare/", file(BARE, "html")),
    path("watch.js", file(WATCH, "javascript")),
    path("live.js", file((settings.BASE_DIR / "static/js/live.js").read_text(), "javascript")),
    *house,
]

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare"]:
            for app in ("ledger", "members", "sessions", "authtoken", "django_tasks_database"):
                call_command("migrate", app, verbosity=0)
        case ["serve", port]:
            from kocforum.server import serve

            for name in [name for name in duties.known_duties() if not name.startswith("kocforum.ledger.")]:
                del duties._duties[name]  # its tables are not there
            serve("127.0.0.1", int(port))
