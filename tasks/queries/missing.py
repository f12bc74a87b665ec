"""Who is missing: the frozen audience beside those of it who answered, by car, version, level and city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import get_language

from kocforum.stats import suppress_groups, wilson

from ..models import Invitation, Participation, Task
from ..rules.surveys import FEWEST
from .groups import BY
from .instruments import KEPT_FOR
from .segments import labels_of

FEWEST_PARTS = 2
Kind = tuple[str, ...]
Counts = Mapping[Kind, tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of car or person: `asked` of them stand in the frame, `answered` answered, `rate` (share, low, high).

    `suppressed`: so few were asked, answered or stayed away that it is not told, or would follow from the others.
    """

    key: str
    label: str
    asked: int = 0
    answered: int = 0
    rate: tuple[float, float, float] | None = None
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Absence:
    """The parts of one criterion, the largest first."""

    by: str
    parts: list[Part]

    @property
    def lowest(self) -> Part | None:
        """Who answers least, where its interval ends below that of the one who answers most."""
        told = sorted((part for part in self.parts if part.rate), key=lambda part: part.rate[0])
        return told[0] if len(told) > 1 and told[0].rate[2] < told[-1].rate[1] else None


def missing_from(task: Task, invited: int, respondents: int) -> list[Absence]:
    """By each criterion of which two kinds may be told. Two queries, whatever the size, and none while the two numbers
    stay: a frame is frozen, and who took part does not become somebody else."""
    key = f"tasks.missing:{task.pk}:{invited}:{respondents}:{get_language()}"
    found = cache.get(key)
    if found is None:
        found = absences(_counts(task))
        cache.set(key, found, KEPT_FOR)
    return found


def _counts(task: Task) -> Counts:
    took = Exists(Participation.objects.filter(task=OuterRef("task"), member=OuterRef("member")))
    rows = (
        Invitation.objects.filter(task=task)
        .annotate(took=took)
        .values_list(*BY)
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(took=True)))
        .order_by()
    )
    return {tuple(row[: len(BY)]): (row[-2], row[-1]) for row in rows}


def absences(counts: Counts) -> list[Absence]:
    """`counts`: {(model, version, level, city): (asked, answered)}. A criterion that would give somebody away beside the
    others, because one of its kinds lies within one of theirs but for fewer than five people, is left out whole."""
    told: dict[str, dict[str, tuple[int, int]]] = {}
    for by in BY:
        parts = _parts(counts, by)
        shown = _shown(parts)
        if len(shown) < FEWEST_PARTS or any(_tells(counts, by, shown, other, told[other]) for other in told):
            continue
        told[by] = {key: parts[key] for key in shown}
    return [_absence(by, _parts(counts, by), told[by]) for by in told]


def _parts(counts: Counts, by: str) -> dict[str, tuple[int, int]]:
    place = BY.index(by)
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for kind, (n, took) in counts.items():
        asked[kind[place]] += n
        answered[kind[place]] += took
    return {key: (n, answered[key]) for key, n in asked.most_common()}


def _shown(parts: Mapping[str, tuple[int, int]]) -> list[str]:
    table = {key: {"answered": took, "missing": asked - took} for key, (asked, took) in parts.items()}
    hidden = suppress_groups(table, FEWEST)
    return [key for key in parts if key not in hidden]


def _tells(counts: Counts, by: str, shown: Sequence[str], other: str, told: Iterable[str]) -> bool:
    """Whether a kind minus one that lies within it leaves fewer than five people of any sort."""
    here, there = BY.index(by), BY.index(other)
    for key in shown:
        for name in told:
            only_here = _summed(counts, lambda kind, key=key, name=name: kind[here] == key and kind[there] != name)
            only_there = _summed(counts, lambda kind, key=key, name=name: kind[here] != key and kind[there] == name)
            if only_here[0] and only_there[0]:
                continue
            asked, took = only_here if only_here[0] else only_there
            if any(0 < n < FEWEST for n in (asked, took, asked - took)):
                return True
    return False


def _summed(counts: Counts, wanted) -> tuple[int, int]:
    rows = [row for kind, row in counts.items() if wanted(kind)]
    return sum(asked for asked, _took in rows), sum(took for _asked, took in rows)


def _absence(by: str, parts: Mapping[str, tuple[int, int]], told: Mapping[str, tuple[int, int]]) -> Absence:
    labels = labels_of(by, parts)
    return Absence(
        by=by,
        parts=[
            Part(key=key, label=labels[key], asked=asked, answered=took, rate=(took / asked, *wilson(took, asked)))
            if key in told
            else Part(key=key, label=labels[key], suppressed=True)
            for key, (asked, took) in parts.items()
        ],
    )
