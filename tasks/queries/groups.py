"""The answers by car, version, level or city: the same gate, and no difference that tells of fewer than five people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kocforum.stats import benjamini_hochberg, crosstab, suppress_groups

from ..enums import QuestionType as T
from ..rules.questionnaire import CHOICES, Item
from ..rules.surveys import FEWEST, can_see_results
from .answers import Answers
from .results import Share, hidden_options, share_of
from .tallies import tally

BY = ("model", "version", "koc_level", "city")
COMPARED = CHOICES | {T.RATING, T.NPS}
FEWEST_GROUPS = 2


@dataclass(frozen=True, kw_only=True)
class Group:
    """One kind of car or person: `key` as the garage writes it, "" where it is not known; `base` of them saw the question.

    `suppressed`: hidden whole, because a cell holds fewer than five people or would follow from the others.
    """

    key: str
    base: int = 0
    shares: list[Share] = field(default_factory=list)
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One question by groups. `p` that the groups do not differ, over the cells that are shown; `q` over all questions
    (Benjamini–Hochberg). None where fewer than two groups are shown; `notable`: q at most 0.05."""

    item: Item
    groups: list[Group]
    p: float | None = None
    q: float | None = None

    @property
    def notable(self) -> bool:
        return self.q is not None and self.q <= 0.05


def compared_by(answers: Answers, by: str, user: Any) -> list[Comparison] | None:
    """Every question with options or steps by `by`, one of `BY`; None where the promise says no."""
    if not can_see_results(user, answers.survey):
        return None
    return answers.kept(
        f"groups:{by}",
        lambda: compare(
            answers.items,
            [(facts.get(by) or "", said) for facts, said in zip(answers.facts, answers.said, strict=True)],
        ),
    )


def compare(items: Sequence[Item], rows: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Comparison]:
    """`rows`: (group, answers) of each response."""
    answers: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for group, said in rows:
        answers[group].append(said)
    found = [_question(item, answers) for item in items if item.type in COMPARED]
    tested = [one for one in found if one.p is not None]
    q_values = benjamini_hochberg([one.p for one in tested])
    q_by_key = {one.item.key: q for one, q in zip(tested, q_values, strict=True)}
    return [replace(one, q=q_by_key.get(one.item.key)) for one in found]


def _question(item: Item, answers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Comparison:
    """Options that the total hides are hidden in every group; what is left is shown by group or not at all."""
    counted = {group: tally(item, said) for group, said in answers.items()}
    every = [said for of_group in answers.values() for said in of_group]
    total = tally(item, every)
    labels = {one.key: one.label for one in item.choices} or {step: str(step) for step in item.scale}
    hidden = hidden_options(item, total.counts) if total.answered >= FEWEST else set(labels)
    table = {
        group: {**{key: one.counts[key] for key in labels}, None: one.base - one.answered}
        if item.type != T.MULTIPLE
        else {key: one.counts[key] for key in labels}
        for group, one in counted.items()
    }
    bases = {group: one.base for group, one in counted.items()}
    unseen = suppress_groups(table, FEWEST, exclusive=item.type != T.MULTIPLE, bases=bases)
    groups = []
    for group in sorted(counted, key=lambda key: (-bases[key], key)):
        if group in unseen:
            groups.append(Group(key=group, suppressed=True))
            continue
        shares = [
            Share(key=str(key), label=label, suppressed=True)
            if key in hidden
            else share_of(str(key), label, counted[group].counts[key], bases[group])
            for key, label in labels.items()
        ]
        groups.append(Group(key=group, base=bases[group], shares=shares))
    shown = [group.key for group in groups if not group.suppressed]
    return Comparison(
        item=item, groups=groups, p=_p_of(item, table, bases, shown, [k for k in labels if k not in hidden])
    )


def _p_of(
    item: Item,
    table: Mapping[str, Mapping[Any, int]],
    bases: Mapping[str, int],
    shown: Sequence[str],
    keys: Sequence[Any],
) -> float | None:
    """Of several options per person, the smallest p of the options, times their number (Bonferroni), 1 at most."""
    if len(shown) < FEWEST_GROUPS or not keys:
        return None
    if item.type != T.MULTIPLE:
        tested = crosstab([[table[group][key] for key in keys] for group in shown])
        return tested.p_value if tested.method != "none" else None
    each = [crosstab([[table[group][key], bases[group] - table[group][key]] for group in shown]) for key in keys]
    p_values = [one.p_value for one in each if one.method != "none"]
    return min(1.0, min(p_values) * len(p_values)) if p_values else None
