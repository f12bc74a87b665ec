"""Kinds of news about promises that are contested: to who contests, to approvers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import TrustContest

CONTEST_ARRIVED = "trust.contested"
CONTEST_ANSWERED = "trust.answered"


def of_contests(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = TrustContest.objects.filter(pk__in=list(object_ids)).select_related("initiative", "by")
    return {row.pk: {"title": row.initiative.title, "name": row.by.name, "leader": row.by_id} for row in rows}


def _arrived(params: Params, count: int) -> str:
    return _("%(name)s contests what counted of “%(title)s”") % params


def _answered(params: Params, count: int) -> str:
    return _("“%(title)s”: there is an answer to what you contested") % params


def _to_desk(object_id: int, params: Params) -> str:
    return reverse("desk_contest", args=[object_id])


def _to_own(object_id: int, params: Params) -> str:
    return reverse("trust")


def register_trust() -> None:
    """Let leaders and approvers be told."""
    shared: dict[str, Any] = {"queryset_for": TrustContest.objects.visible_to, "details": of_contests}
    register(
        NotificationKind(
            slug=CONTEST_ANSWERED,
            label=gettext_lazy("An answer to a promise that I contest"),
            sentence=_answered,
            url=_to_own,
            channels=("inbox", "email"),
            **shared,
        )
    )
    register(
        NotificationKind(
            slug=CONTEST_ARRIVED,
            label=gettext_lazy("A leader contests what counted"),
            sentence=_arrived,
            url=_to_desk,
            staff_only=True,
            **shared,
        )
    )
