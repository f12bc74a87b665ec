"""What a round of coding adds up to: who said what, in which cars it is seen, what stands together, when nothing new came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kocforum.forum.enums import PostState
from kocforum.stats.saturation import Saturation, saturation

from ..enums import ReplyKind
from ..models import Reply
from .coding import Reading
from .talk import reproduction_of

TYPED = (ReplyKind.CONFIRMS, ReplyKind.DIFFERS)


def saturation_of(found: Reading) -> Saturation | None:
    """How many codes each entry brought that none before it had, in the order in which they were given."""
    if not found.held:
        return None
    by_entry: dict[int, set[int]] = defaultdict(set)
    for entry, _start, code in found.held:
        by_entry[entry].add(code)
    return saturation([by_entry[pk] for pk in found.texts])


def prevalence_of(found: Reading, said: Iterable[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Each code with the people who said it (not how often), their passages, the different cars that confirm those entries, and
    these by model and version; the most people first, codes of one theme together. `said`: as `cars_of` answers it."""
    said = cars_of(found.texts) if said is None else said
    confirms = [row for row in said if row["kind"] == ReplyKind.CONFIRMS]
    entries: dict[int, set[int]] = defaultdict(set)
    passages: dict[int, int] = defaultdict(int)
    for entry, _start, code in found.held:
        entries[code].add(entry)
        passages[code] += 1
    rows = []
    for code in found.book.codes.select_related("theme"):
        if code.pk not in entries:
            continue
        cars = [row for row in confirms if row["entry"] in entries[code.pk]]
        rows.append(
            {
                "code": code,
                "theme": code.theme,
                "people": len({found.entries[pk].author_id or -pk for pk in entries[code.pk]}),
                "passages": passages[code.pk],
                "cars": all_cars(cars)["confirms"],
                "versions": reproduction_of(cars),
            }
        )
    weight: dict[int, int] = defaultdict(int)
    for row in rows:
        weight[row["theme"].pk if row["theme"] else 0] += row["people"]
    return sorted(
        rows, key=lambda row: (-(weight[row["theme"].pk]) if row["theme"] else 1, -row["people"], row["code"].pk)
    )


def together_of(found: Reading) -> list[dict[str, Any]]:
    """Pairs of codes that stand in the same passage, the most frequent first."""
    by_place: dict[tuple[int, int], set[int]] = defaultdict(set)
    for entry, start, code in found.held:
        by_place[entry, start].add(code)
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    for codes in by_place.values():
        ordered = sorted(codes)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                pairs[one, other] += 1
    names = {code.pk: code.name for code in found.book.codes.all()}
    most = sorted(pairs.items(), key=lambda row: (-row[1], row[0]))[:10]
    return [{"one": names[one], "other": names[other], "times": times} for (one, other), times in most]


def cars_of(entries: Iterable[int]) -> list[dict[str, Any]]:
    """What typed replies say of cars, of those that everybody under the entry reads: {entry, vehicle, model, software, kind}."""
    found = Reply.objects.filter(
        entry__in=list(entries), kind__in=TYPED, state=PostState.VISIBLE, private=False, vehicle__isnull=False
    )
    return list(found.order_by("pk").values("entry", "vehicle", "model", "software", "kind"))


def all_cars(said: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many different cars confirm and differ, over all models and versions."""
    cars: dict[str, set[int]] = defaultdict(set)
    for row in said:
        cars[row["kind"]].add(row["vehicle"])
    return {"confirms": len(cars[ReplyKind.CONFIRMS]), "differs": len(cars[ReplyKind.DIFFERS])}
