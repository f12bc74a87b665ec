"""The gate of an event: the page of its phones, and the list on paper."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Forbidden, Refused
from kocforum.text import clean_line

from ..actions.scans import ScanDraft, receive_scans
from ..enums import ScanResult
from ..models import Event, Scan
from ..queries.gates import arrivals_of, minors_of, roster_of, stands_since, walk_ins_of
from ..rules.events import can_keep_gate
from .doors import number_in
from .events import event_or_404

WORKER = "js/gate/worker.js"


def _kept_gate(request: HttpRequest, pk: int) -> Event:
    """An event whose gate this person keeps. To everybody else there is none."""
    found = event_or_404(request, pk)
    if isinstance(can_keep_gate(request.user, found), Forbidden):
        raise Http404
    return found


@require_safe
@login_required
def gate(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a phone at the gate. It names nobody: the list is kept by the phone, and works without a network."""
    found = _kept_gate(request, pk)
    return render(
        request, "tasks/events/gate.html", {"section": "events", "event": found, "arrivals": arrivals_of(found)}
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Keeps the page of the gate for when there is no network. Served from here, since a worker reaches no further than its own folder."""
    with open(finders.find(WORKER) or settings.STATIC_ROOT / WORKER, encoding="utf-8") as script:
        return HttpResponse(script.read(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
@login_required
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody by name, with a box: for the printer, and for whoever has no camera, no script or no battery."""
    found = _kept_gate(request, pk)
    places = roster_of(found)
    minors, minors_here = minors_of(places)
    words = request.GET.get("q", "").strip()[:40].casefold()
    if words:
        places = [place for place in places if words in f"{place['name']} {place['plate']} {place['car']}".casefold()]
    context = {
        "section": "events",
        "event": found,
        "words": words,
        "places": [place for place in places if place["state"] == "going" or place["came"]],
        "walk_ins": walk_ins_of(found),
        "arrivals": arrivals_of(found),
        "minors": minors,
        "minors_here": minors_here,
        "stands": stands_since(found),
        "now": timezone.now(),
        "nonce": uuid.uuid4(),
        "spare_lines": range(8),
    }
    return render(request, "tasks/events/gate_list.html", context)


@require_POST
@login_required
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of the list: they are here; it was somebody else; somebody came without a place."""
    found = _kept_gate(request, pk)
    kind, place = "scan", number_in(request.POST.get("place"))
    if request.POST.get("place") and not place:
        return redirect("gate_list", pk=pk)
    if request.POST.get("undo"):
        kind = "undo"
    elif not place:
        kind = "walk_in"
    nonce = clean_line(request.POST.get("nonce"))[:48]
    draft = ScanDraft(
        nonce=(nonce + (f"-{place}" if place else "")) or str(uuid.uuid4()),
        device=_("List"),
        scanned_at=timezone.now(),
        kind=kind,
        place=place or None,
        people=number_in(request.POST.get("people")) or None,
        name=request.POST.get("name", ""),
        of=clean_line(request.POST.get("undo"))[:64],
        ahead_ms=0,
    )
    try:
        _say(request, receive_scans(by=request.user, event=found, scans=[draft])[0])
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("gate_list", pk=pk)


def _say(request: HttpRequest, scan: Scan) -> None:
    name = scan.rsvp.member.name if scan.rsvp else scan.name
    if scan.result in {ScanResult.IN, ScanResult.WALK_IN}:
        messages.success(request, _("%(name)s is here.") % {"name": name or _("Somebody")})
    elif scan.result == ScanResult.AGAIN and scan.first is not None:
        at = scan.first.happened_at.astimezone(scan.event.zone).strftime("%H:%M")
        said = {"name": name, "device": scan.first.device, "at": at}
        messages.info(request, _("%(name)s is in already: %(device)s, %(at)s.") % said)
    elif scan.result == ScanResult.UNDO:
        messages.info(request, _("Taken back."))
    else:
        messages.warning(request, scan.get_result_display())
