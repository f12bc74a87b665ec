"""Kinds of news about tasks of every form: somebody is asked, reminded, told what came of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..enums import Readers, TaskForm
from ..models import Task

INVITED = "task.invited"
REMINDED = "task.reminded"
REPORTED = "task.reported"
CANCELLED = "task.cancelled"


def title_of(title: str, readers: str) -> str:
    """Of what is confidential no word leaves the page, least of all in a letter (L15)."""
    return _("a confidential call") if readers == Readers.CONFIDENTIAL else title


def of_tasks(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Task.objects.filter(pk__in=list(object_ids)).values_list("pk", "form", "title", "readers", "minutes")
    return {
        pk: {
            "title": _("a closed workshop") if form == TaskForm.WORKSHOP else title_of(title, readers),
            "minutes": f"{minutes.normalize():f}",
        }
        for pk, form, title, readers, minutes in rows
    }


def asked_alike(member: Any) -> Hashable:
    """Whoever is told of a task stands in its audience or took part: all of them see it, staff see all."""
    return bool(member.is_staff)


def to_task(object_id: int, params: Params) -> str:
    return reverse("task", args=[object_id])


def _invited(params: Params, count: int) -> str:
    return _("You are asked: “%(title)s”. It takes %(minutes)s min") % params


def _reminded(params: Params, count: int) -> str:
    return _("Still open: “%(title)s”. Your answer is missing") % params


def _reported(params: Params, count: int) -> str:
    return _("You took part in “%(title)s”. Read what came of it") % params


def _cancelled(params: Params, count: int) -> str:
    return _("“%(title)s”, in which you took part, was cancelled. Read why") % params


def register_about_tasks(
    kinds: Iterable[tuple[str, Any, Callable[[Params, int], str], Callable[[int, Params], str]]],
) -> None:
    """Kinds whose object is a task: (slug, label, sentence, where it leads). Told without a word of what is confidential."""
    for slug, label, sentence, url in kinds:
        register(
            NotificationKind(
                slug=slug,
                label=label,
                sentence=sentence,
                url=url,
                queryset_for=Task.objects.visible_to,
                details=of_tasks,
            )
        )


def register_asking() -> None:
    shared: dict[str, Any] = {
        "url": to_task,
        "queryset_for": Task.objects.visible_to,
        "details": of_tasks,
        "alike": asked_alike,
    }
    register(NotificationKind(slug=INVITED, label=gettext_lazy("The brand asks me"), sentence=_invited, **shared))
    register(
        NotificationKind(
            slug=REMINDED, label=gettext_lazy("A question that I was asked ends soon"), sentence=_reminded, **shared
        )
    )
    register(
        NotificationKind(
            slug=REPORTED,
            label=gettext_lazy("What came of a task in which I took part"),
            sentence=_reported,
            channels=("inbox", "email"),
            **shared,
        )
    )
    register(
        NotificationKind(
            slug=CANCELLED,
            label=gettext_lazy("A task in which I took part was cancelled"),
            sentence=_cancelled,
            **shared,
        )
    )
