"""Events for whoever subscribes: a calendar, a feed. What everybody may see, and nothing of who asks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..models import Event
from ..queries.event_files import as_calendar
from ..queries.events import announced_events
from .events import event_or_404

MOST = 100
KEPT_SECONDS = 600


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A file for the calendar."""
    found = event_or_404(request, pk)
    response = HttpResponse(as_calendar([found]), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{pk}.ics"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def calendar(request: HttpRequest) -> HttpResponse:
    """A calendar to subscribe to: what is coming, everywhere or in one city."""
    city = request.GET.get("city", "")[:40]
    name = _("Events of owners in %(city)s") % {"city": city} if city else _("Events of owners")
    found = announced_events(AnonymousUser(), city)[:MOST]
    return HttpResponse(as_calendar(found, name=name), content_type="text/calendar; charset=utf-8")


class EventFeed(Feed):
    """Atom: what was opened last and is still to come. `?city=` one city."""

    feed_type = Atom1Feed
    title = gettext_lazy("Events of owners")
    subtitle = gettext_lazy("What owners do together, by city and date.")
    link = reverse_lazy("events")

    def get_object(self, request: HttpRequest) -> str:
        return request.GET.get("city", "")[:40]

    def items(self, city: str) -> Any:
        return announced_events(AnonymousUser(), city).filter(state="open").order_by("-opened_at", "-pk")[:30]

    def item_title(self, item: Event) -> str:
        return f"{item.begins_there:%Y-%m-%d} {item.city} · {item.title}"

    def item_description(self, item: Event) -> str:
        return item.about or item.place

    def item_guid(self, item: Event) -> str:
        return f"urn:uuid:{item.token}"

    def item_updateddate(self, item: Event) -> Any:
        return item.changed_at

    def item_pubdate(self, item: Event) -> Any:
        return item.opened_at
