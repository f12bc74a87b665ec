"""Kinds of news about events: a place is offered, it begins soon, it is another one now, it is cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Event

PLACE_OFFERED = "event.offered"
OFFER_LAPSED = "event.lapsed"
EVENT_NEAR = "event.near"
EVENT_CHANGED = "event.changed"
EVENT_CANCELLED = "event.cancelled"
EVENT_POSTPONED = "event.postponed"
EVENT_HAS_A_DAY = "event.day"
EVENT_UNENDORSED = "event.unendorsed"
EVENT_ANNOUNCED = "event.announced"
CREW_CHOSEN = "event.crew"
GATE_NEAR = "event.gate"
HOW_WAS_IT = "event.feedback"
WAIVER_CHANGED = "event.waiver"


def of_events(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    return {
        pk: {"title": title} for pk, title in Event.objects.filter(pk__in=list(object_ids)).values_list("pk", "title")
    }


def _offered(params: Params, count: int) -> str:
    return _("A place is free for you at “%(title)s”. Take it before it goes to the next one") % params


def _lapsed(params: Params, count: int) -> str:
    return _("The place at “%(title)s” went to the next one") % params


def _near(params: Params, count: int) -> str:
    return _("Within a day: “%(title)s”. Can you not come? Then give your place to somebody who waits") % params


def _changed(params: Params, count: int) -> str:
    return _("“%(title)s” has another day, place or size. Look whether it still suits you") % params


def _cancelled(params: Params, count: int) -> str:
    return _("“%(title)s” does not take place. Read why") % params


def _postponed(params: Params, count: int) -> str:
    return _("“%(title)s” is postponed. What you said stays; you hear of the new day when it is known") % params


def _has_a_day(params: Params, count: int) -> str:
    return _("“%(title)s” has its day now. Look whether it suits you") % params


def _unendorsed(params: Params, count: int) -> str:
    return _("“%(title)s” is not endorsed by the brand any more. It may go on without") % params


def _announced(params: Params, count: int) -> str:
    return _("The organisers of “%(title)s” have a word for you") % params


def _crew_chosen(params: Params, count: int) -> str:
    return _("You were asked to help at “%(title)s”. See what you do there, or say that you cannot") % params


def _gate_near(params: Params, count: int) -> str:
    return _("Tomorrow is “%(title)s”: open the gate once on every phone, then it works without a network") % params


def _how_was_it(params: Params, count: int) -> str:
    return _("How was “%(title)s”? Two taps, and the next one gets better. Your pictures are welcome, too") % params


def _waiver_changed(params: Params, count: int) -> str:
    return _("“%(title)s”: the words about risk have changed. Read and accept them") % params


def _to_feedback(object_id: int, params: Params) -> str:
    return reverse("event_feedback", args=[object_id])


def _to_gate(object_id: int, params: Params) -> str:
    return reverse("gate", args=[object_id])


def _to_event(object_id: int, params: Params) -> str:
    return reverse("event", args=[object_id])


def register_events() -> None:
    """Let members be told."""
    both = ("inbox", "email")
    for slug, label, sentence, channels in (
        (PLACE_OFFERED, gettext_lazy("A place at an event is offered to me"), _offered, both),
        (OFFER_LAPSED, gettext_lazy("A place that was offered to me went to the next one"), _lapsed, ("inbox",)),
        (EVENT_NEAR, gettext_lazy("An event to which I go begins soon"), _near, ("inbox",)),
        (EVENT_CHANGED, gettext_lazy("An event to which I go changes"), _changed, both),
        (EVENT_CANCELLED, gettext_lazy("An event to which I go is cancelled"), _cancelled, both),
        (EVENT_POSTPONED, gettext_lazy("An event to which I go is postponed"), _postponed, both),
        (EVENT_HAS_A_DAY, gettext_lazy("A postponed event to which I go has a new day"), _has_a_day, both),
        (EVENT_UNENDORSED, gettext_lazy("An event to which I go loses its endorsement"), _unendorsed, ("inbox",)),
        (EVENT_ANNOUNCED, gettext_lazy("The organisers of an event to which I go tell something"), _announced, both),
        (CREW_CHOSEN, gettext_lazy("I am asked to help at an event"), _crew_chosen, both),
        (WAIVER_CHANGED, gettext_lazy("The words about risk of an event to which I go change"), _waiver_changed, both),
        (HOW_WAS_IT, gettext_lazy("I am asked how an event was"), _how_was_it, ("inbox",)),
        (GATE_NEAR, gettext_lazy("An event begins soon at whose gate I stand"), _gate_near, ("inbox",)),
    ):
        register(
            NotificationKind(
                slug=slug,
                label=label,
                sentence=sentence,
                url={GATE_NEAR: _to_gate, HOW_WAS_IT: _to_feedback}.get(slug, _to_event),
                channels=channels,
                queryset_for=Event.objects.visible_to,
                details=of_events,
            )
        )
