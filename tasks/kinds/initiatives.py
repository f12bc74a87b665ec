"""Kinds of news about initiatives: to who proposes, to deputies and supporters, to colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Initiative, InitiativeReport

DEPUTY_ASKED = "initiative.deputy"
PROPOSAL_ANSWERED = "initiative.answered"
INITIATIVE_ENDORSED = "initiative.endorsed"
ENDORSEMENT_MOVED = "initiative.endorsement"
PROPOSAL_ARRIVED = "initiative.arrived"
ANSWER_OVERDUE = "initiative.overdue"
SUSPENSION_ANSWERED = "initiative.suspension"
INITIATIVE_REPORTED = "initiative.reported"
MILESTONE_REACHED = "initiative.milestone"


def of_initiatives(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    return {
        pk: {"title": title}
        for pk, title in Initiative.objects.filter(pk__in=list(object_ids)).values_list("pk", "title")
    }


def _deputy(params: Params, count: int) -> str:
    return _("%(name)s asks you to stand in: “%(title)s”") % params


def _answered(params: Params, count: int) -> str:
    return _("There is an answer to “%(title)s”. Read the reasons") % params


def _endorsed(params: Params, count: int) -> str:
    return _("The brand stands behind “%(title)s” now, as you do") % params


def _moved(params: Params, count: int) -> str:
    return _("The endorsement of “%(title)s” has changed. Read why") % params


def _arrived(params: Params, count: int) -> str:
    return _("A KOC proposes “%(title)s” and waits for an answer") % params


def _overdue(params: Params, count: int) -> str:
    return _("Our answer to “%(title)s” is late") % params


def _suspension(params: Params, count: int) -> str:
    return _("“%(title)s”: the suspension is answered") % params


def _reported(params: Params, count: int) -> str:
    return _("“%(title)s”: read what came of it") % params


def _reached(params: Params, count: int) -> str:
    return _("“%(title)s” has reached a milestone") % params


def _to_milestones(object_id: int, params: Params) -> str:
    return reverse("initiative_milestones", args=[object_id])


def _to_report(object_id: int, params: Params) -> str:
    return reverse("initiative_report", args=[object_id])


def _told(user: Any) -> QuerySet[Initiative]:
    return Initiative.objects.filter(pk__in=InitiativeReport.objects.visible_to(user).values("initiative"))


def _to_page(object_id: int, params: Params) -> str:
    return reverse("initiative", args=[object_id])


def _to_desk(object_id: int, params: Params) -> str:
    return reverse("desk_initiative", args=[object_id])


def register_initiatives() -> None:
    """Let members and colleagues be told."""
    shared: dict[str, Any] = {"queryset_for": Initiative.objects.visible_to, "details": of_initiatives}
    both = ("inbox", "email")
    for slug, label, sentence, channels in (
        (DEPUTY_ASKED, gettext_lazy("I am asked to be the deputy of an initiative"), _deputy, ("inbox",)),
        (PROPOSAL_ANSWERED, gettext_lazy("What the brand answers to my initiative"), _answered, both),
        (INITIATIVE_ENDORSED, gettext_lazy("An initiative behind which I stand is endorsed"), _endorsed, ("inbox",)),
        (ENDORSEMENT_MOVED, gettext_lazy("The endorsement of my initiative changes"), _moved, both),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, url=_to_page, channels=channels, **shared))
    register(
        NotificationKind(
            slug=INITIATIVE_REPORTED,
            label=gettext_lazy("What came of an initiative to which I went or behind which I stand"),
            sentence=_reported,
            url=_to_report,
            channels=("inbox",),
            queryset_for=_told,
            details=of_initiatives,
        )
    )
    register(
        NotificationKind(
            slug=MILESTONE_REACHED,
            label=gettext_lazy("An initiative behind which I stand reaches a milestone"),
            sentence=_reached,
            url=_to_milestones,
            channels=("inbox",),
            **shared,
        )
    )
    for slug, label, sentence in (
        (PROPOSAL_ARRIVED, gettext_lazy("A KOC proposes an initiative"), _arrived),
        (ANSWER_OVERDUE, gettext_lazy("Our answer to an initiative is late"), _overdue),
        (SUSPENSION_ANSWERED, gettext_lazy("A suspension is answered"), _suspension),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, url=_to_desk, staff_only=True, **shared))
