"""The talk under an entry: in order, with what its writer put on top, and who takes how much room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from kocforum.forum.enums import PostState
from kocforum.stats.inequality import gini

from ..enums import ReplyKind
from ..models import Entry, Reply

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shares:
    """Who speaks how much under an entry. `gini` of the words (None for fewer than two voices), `staff` the part of all words
    that staff wrote, 0 to 1, `members` how many members spoke, `own` the part that this reader wrote."""

    gini: float | None
    staff: float
    members: int
    own: float


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk under an entry in figures, as one reader may know them.

    `count`: how many replies this reader is shown; of one kind where a kind is chosen. `shares`: over the public ones, its own
    writers' among them; private ones count for nobody. `cars`: on which models and versions it is seen, and on which it is not:
    {model, software, confirms, differs}, each car once, the clearest first. `pinned`: whether one stands on top.
    """

    count: int
    shares: Shares
    cars: list[dict[str, Any]]
    pinned: bool


def talk_of(entry: Entry, user: Any, *, kind: str = "") -> Talk:
    """One query, whose rows are as many as voices and cars, not as replies."""
    rows = list(
        Reply.objects.visible_to(user)
        .filter(entry=entry)
        .order_by()
        .values("author", "of_staff", "kind", "state", "private", "pinned", "vehicle", "model", "software")
        .annotate(count=Count("pk"), total=Sum("words"))
    )
    public = [row for row in rows if row["state"] == PostState.VISIBLE and not row["private"]]
    chosen = rows if kind not in ReplyKind.values else [row for row in rows if row["kind"] == kind]
    return Talk(
        count=sum(row["count"] for row in chosen),
        shares=_shares(public, user),
        cars=reproduction_of(row for row in public if row["vehicle"] is not None),
        pinned=any(row["pinned"] for row in rows),
    )


def _shares(public: list[dict[str, Any]], user: Any) -> Shares:
    words: dict[tuple[int | None, bool], int] = defaultdict(int)
    for row in public:
        words[row["author"], row["of_staff"]] += row["total"] or 0
    total = sum(words.values())
    own = sum(number for (author, _staff), number in words.items() if author and author == user.pk)
    of_staff = sum(number for (_author, staff), number in words.items() if staff)
    members = sum(not staff for _author, staff in words)
    return Shares(gini(list(words.values())), of_staff / (total or 1), members, own / (total or 1))


def reproduction_of(said: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Model and version of cars that replies name, with the cars that confirm and those that differ, over all entries of `said`. A car counts once in each
    column of a row, however many entries it stands under; the clearest row first."""
    seen: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in said:
        seen[row["model"], row["software"]][row["kind"]].add(row["vehicle"])
    rows = [
        {
            "model": model,
            "software": software,
            "confirms": len(cars[ReplyKind.CONFIRMS]),
            "differs": len(cars[ReplyKind.DIFFERS]),
        }
        for (model, software), cars in seen.items()
    ]
    return sorted(rows, key=lambda row: (-row["confirms"], -row["differs"], row["model"], row["software"]))


def replies_of(entry: Entry, user: Any, *, kind: str = "") -> Any:
    """What this person may read under an entry, in the order in which it was said."""
    found = Reply.objects.visible_to(user).filter(entry=entry)
    if kind in ReplyKind.values:
        found = found.filter(kind=kind)
    return found.select_related("author", "to__author", "sub_question").order_by("pk")


def pinned_of(entry: Entry, user: Any) -> Reply | None:
    return Reply.objects.visible_to(user).filter(entry=entry, pinned=True).select_related("author").first()
