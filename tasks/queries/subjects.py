"""What a meeting can be about: topics, functions of the car, and what apps above register; and the reports that belong to it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kocforum.forum.models import Report, Topic, TopicLink
from kocforum.garage.models import Function

from ..evidence import sources
from ..models import Task

MOST_CHOICES = 200

Groups = list[tuple[str, list[tuple[str, str]]]]


def subjects_for(user: Any) -> Groups:
    """Choices by kind, as `kind:number` and words. A query for each kind."""
    topics = Topic.objects.visible_to(user).order_by("-changed_at", "-pk").values_list("pk", "title")[:MOST_CHOICES]
    functions = Function.objects.order_by("position", "slug")
    groups = [
        (_("Topics"), [(f"topic:{pk}", title) for pk, title in topics]),
        (_("Functions of the car"), [(f"function:{one.pk}", str(one)) for one in functions]),
        *((str(one.label), [(f"{one.kind}:{pk}", words) for pk, words in one.choices(user)]) for one in sources()),
    ]
    return [(label, choices) for label, choices in groups if choices]


def subject_of(task: Task) -> str:
    """The topic that holds the report beside which a task stands, or its function; "" where it stands beside none."""
    report = Report.objects.filter(thread=task.thread_id).first() if task.thread_id else None
    if report is None:
        return ""
    topic = TopicLink.objects.filter(report=report, unlinked_at__isnull=True).values_list("topic", flat=True).first()
    return f"topic:{topic}" if topic else f"function:{report.function_id}"


def reports_about(user: Any, subject: str) -> QuerySet[Report]:
    """The counted reports of a subject that this person may open; of "" all of them."""
    told = Report.objects.visible_to(user).counted()
    kind, _colon, number = subject.partition(":")
    if not subject:
        return told
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return told.none()
    pk = int(number)
    if kind == "topic":
        linked = TopicLink.objects.filter(topic=pk, topic__in=Topic.objects.visible_to(user), unlinked_at__isnull=True)
        return told.filter(pk__in=linked.values("report"))
    if kind == "function":
        return told.filter(function__in=_with_parts(pk))
    source = next((one for one in sources() if one.kind == kind), None)
    named = source.reports(user, pk) if source else None
    return told.none() if named is None else told.filter(pk__in=named.order_by().values("pk"))


def _with_parts(function: int) -> set[int]:
    """A function and all below it."""
    parents = dict(Function.objects.values_list("pk", "parent"))
    found = {function}
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return found
