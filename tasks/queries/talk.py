"""The talk under an entry: in order, with what its writer put on top, and who takes how much room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from kocforum.forum.enums import PostState
from kocforum.stats.inequality import gini

from ..enums import ReplyKind
from ..models import Entry, Reply

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shares:
    """Who speaks how much under an entry. `gini` of the words (None for fewer than two voices), `staff` the part of all words
    that staff wrote, 0 to 1, `members` how many members spoke."""

    gini: float | None
    staff: float
    members: int


def replies_of(entry: Entry, user: Any, *, kind: str = "") -> Any:
    """What this person may read under an entry, in the order in which it was said."""
    found = Reply.objects.visible_to(user).filter(entry=entry)
    if kind in ReplyKind.values:
        found = found.filter(kind=kind)
    return found.select_related("author", "to__author", "sub_question").order_by("pk")


def shares_of(entry: Entry) -> Shares:
    """Over the public answers and the entry's own writers alike; private ones count for nobody."""
    public = Reply.objects.filter(entry=entry, state=PostState.VISIBLE, private=False)
    rows = list(public.values("author", "of_staff").annotate(total=Sum("words")).order_by())
    words = [row["total"] or 0 for row in rows]
    of_staff = sum(row["total"] or 0 for row in rows if row["of_staff"])
    members = {row["author"] for row in rows if not row["of_staff"]}
    return Shares(gini(words), of_staff / sum(words) if sum(words) else 0.0, len(members))


def cars_of(entry: Entry) -> list[dict[str, Any]]:
    """On which models and versions it is seen, and on which it is not: {model, software, confirms, differs}, the clearest first."""
    said = Reply.objects.filter(entry=entry, state=PostState.VISIBLE, private=False, vehicle__isnull=False)
    rows = (
        said.values("model", "software")
        .order_by()
        .annotate(
            confirms=Count("vehicle", distinct=True, filter=Q(kind=ReplyKind.CONFIRMS)),
            differs=Count("vehicle", distinct=True, filter=Q(kind=ReplyKind.DIFFERS)),
        )
    )
    return sorted(rows, key=lambda row: (-row["confirms"], -row["differs"], row["model"], row["software"]))


def pinned_of(entry: Entry, user: Any) -> Reply | None:
    return Reply.objects.visible_to(user).filter(entry=entry, pinned=True).select_related("author").first()
