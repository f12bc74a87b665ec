"""Kinds of news from the brand's side: a beta is offered, a version is public, what was sealed can be released."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from .models import Offer, Release

OFFERED = "offer"
SEAL_OPENS = "seal"
ANSWERED = "release.answered"
GARAGE = "release.garage"


def _of_offers(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    offers = Offer.objects.filter(pk__in=list(object_ids)).select_related("release__version", "report__thread")
    return {
        offer.pk: {"version": offer.release.version_name, "title": offer.report.thread.shown_title} for offer in offers
    }


def _of_releases(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    releases = Release.objects.filter(pk__in=list(object_ids)).select_related("version")
    return {release.pk: {"version": release.version_name} for release in releases}


def _as_reader(member: Any) -> Hashable:
    """Public releases are everybody's; these news are told of no other."""
    return member.is_staff


def _to_offer(object_id: int, params: Params) -> str:
    return reverse("offer", args=[object_id])


def _to_release(object_id: int, params: Params) -> str:
    return reverse("release", args=[object_id])


def _offered(params: Params, count: int) -> str:
    return _("You told it first, you may try it first: the beta of %(version)s, for “%(title)s”") % params


def _seal_opens(params: Params, count: int) -> str:
    return _("%(version)s is public now. What you wrote as a tester can go into “%(title)s” with one tap") % params


def _answered(params: Params, count: int) -> str:
    return _("%(version)s answers what you told us. How is it in your car now?") % params


def _garage(params: Params, count: int) -> str:
    return _("%(version)s is out for your car, with what owners say about it") % params


def register_kinds() -> None:
    """Let members be told."""
    of_offers = {"url": _to_offer, "queryset_for": Offer.objects.visible_to, "details": _of_offers}
    of_releases = {
        "url": _to_release,
        "queryset_for": Release.objects.visible_to,
        "details": _of_releases,
        "alike": _as_reader,
    }
    register(
        NotificationKind(
            slug=OFFERED,
            label=gettext_lazy("A beta is offered to me"),
            sentence=_offered,
            channels=("inbox", "email"),
            **of_offers,
        )
    )
    register(
        NotificationKind(
            slug=SEAL_OPENS,
            label=gettext_lazy("What I wrote as a tester can be released"),
            sentence=_seal_opens,
            **of_offers,
        )
    )
    register(
        NotificationKind(
            slug=ANSWERED,
            label=gettext_lazy("A release answers what I took part in"),
            sentence=_answered,
            channels=("inbox", "email"),
            **of_releases,
        )
    )
    register(
        NotificationKind(slug=GARAGE, label=gettext_lazy("A new version for my car"), sentence=_garage, **of_releases)
    )
