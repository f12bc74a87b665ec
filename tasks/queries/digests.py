"""What a call left behind, for everybody who comes to it after its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from ..models import Call, Entry, Quote
from .entries import entries_of, with_writers
from .opinion_maps import Line, map_of
from .opinions import statements_of


@dataclass(frozen=True, slots=True)
class Digest:
    """`counts`: entries, words, replies, cars that confirm. `told`: entries whose writers summed the talk up or said what it
    changed in their view. `agreed`, `rejected`: what most of every group said; `groups`: how many each. `quoted`: what of the reader's
    own words colleagues took as evidence."""

    counts: dict[str, int]
    told: list[Entry]
    agreed: tuple[Line, ...]
    rejected: tuple[Line, ...]
    groups: tuple[int, ...]
    quoted: list[Quote]


def digest_of(call: Call, user: Any) -> Digest:
    """As far as this person may read. Five queries, six for members."""
    rows = entries_of(call, user).given()
    sums = rows.aggregate(entries=Count("pk"), words=Sum("words"), replies=Sum("reply_count"), cars=Sum("car_count"))
    told = rows.exclude(Q(summary="") & Q(change_of_mind="")).defer("body", "html", "outline")
    found = map_of(call, user, statements_of(call, user))
    return Digest(
        counts={name: number or 0 for name, number in sums.items()},
        told=list(with_writers(told).order_by("given_at", "pk")),
        agreed=found.agreed if found else (),
        rejected=found.rejected if found else (),
        groups=tuple(island.size for island in found.islands) if found else (),
        quoted=_quotes_from(call, user),
    )


def _quotes_from(call: Call, user: Any) -> list[Quote]:
    if not user.is_authenticated:
        return []
    mine = Entry.objects.by(user).given().filter(call=call)
    return list(Quote.objects.filter(entry__in=mine).select_related("entry__call"))
