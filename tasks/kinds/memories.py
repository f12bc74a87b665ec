"""Kinds of news about what is kept of the day of an event: to who looks after it, to its author, to who asked to take it down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Memory, TakingDown

MEMORY_HELD = "memory.held"
MEMORY_ASKED = "memory.asked"
MEMORY_HIDDEN = "memory.hidden"
MEMORY_SHOWN = "memory.shown"
MEMORY_AGAIN = "memory.again"
MEMORY_BACK = "memory.back"
TAKING_DOWN_ANSWERED = "memory.answered"


def _of_memories(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Memory.objects.filter(pk__in=list(object_ids)).values_list("pk", "event__title")
    return {pk: {"title": title} for pk, title in rows}


def _of_wishes(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = TakingDown.objects.filter(pk__in=list(object_ids)).select_related("memory__event")
    return {row.pk: {"title": row.memory.event.title, "granted": row.granted, "answer": row.answer} for row in rows}


def _held(params: Params, count: int) -> str:
    return _("Something that was kept of “%(title)s” waits for a look") % params


def _asked(params: Params, count: int) -> str:
    return _("Somebody asks to take something down that was kept of “%(title)s”. Read why") % params


def _hidden(params: Params, count: int) -> str:
    return _("What you kept of “%(title)s” is hidden. Read why") % params


def _shown(params: Params, count: int) -> str:
    return _("What you kept of “%(title)s” can be read") % params


def _again(params: Params, count: int) -> str:
    return _("“%(title)s”: somebody whose memory was hidden keeps something new. Have a look") % params


def _back(params: Params, count: int) -> str:
    return (
        _("“%(title)s”: what was taken down as you asked can be read again. Your wish waits for an answer once more")
        % params
    )


def _answered(params: Params, count: int) -> str:
    if params.get("granted"):
        return _("“%(title)s”: it was taken down, as you asked") % params
    return _("“%(title)s”: what you asked to take down stays. %(answer)s") % {"answer": "", **params}


def _to_memory(object_id: int, params: Params) -> str:
    return reverse("event_memory", args=[params["event"], object_id])


def _to_day(object_id: int, params: Params) -> str:
    return reverse("event_memories", args=[params["event"]])


def register_memories() -> None:
    """Let members be told."""
    both = ("inbox", "email")
    for slug, label, sentence, channels, staff_only in (
        (MEMORY_HELD, gettext_lazy("Something kept of an event waits for moderation"), _held, ("inbox",), True),
        (MEMORY_ASKED, gettext_lazy("Somebody asks to take down what was kept of an event"), _asked, both, False),
        (MEMORY_HIDDEN, gettext_lazy("What I kept of an event is hidden"), _hidden, ("inbox",), False),
        (MEMORY_SHOWN, gettext_lazy("What I kept of an event can be read again"), _shown, ("inbox",), False),
        (MEMORY_AGAIN, gettext_lazy("Somebody whose memory was hidden keeps something new"), _again, ("inbox",), False),
        (MEMORY_BACK, gettext_lazy("What I asked to take down can be read again"), _back, ("inbox",), False),
    ):
        register(
            NotificationKind(
                slug=slug,
                label=label,
                sentence=sentence,
                url=_to_memory,
                channels=channels,
                staff_only=staff_only,
                queryset_for=Memory.objects.visible_to,
                details=_of_memories,
            )
        )
    register(
        NotificationKind(
            slug=TAKING_DOWN_ANSWERED,
            label=gettext_lazy("What I asked to take down is answered"),
            sentence=_answered,
            url=_to_day,
            queryset_for=TakingDown.objects.visible_to,
            details=_of_wishes,
        )
    )
