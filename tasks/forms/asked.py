"""One question as its page shows it: the words, what can be chosen, what is chosen, what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kocforum.uploads.models import Upload

from ..enums import QuestionType as T
from ..rules.questionnaire import CANNOT_JUDGE, Choice, Item
from ..rules.showing import in_order, pairs_of, sets_of
from .posted import name_of

ONE_OF = frozenset({T.SINGLE, T.IMAGE, T.RATING, T.NPS})


@dataclass(kw_only=True)
class Asked:
    """`value` is the answer as it is kept or as it was just typed. `shown`: whether the answers so far lead to it;
    what is not shown waits for an answer above it on the same page. `changed`: its words are new since it was answered.
    """

    item: Item
    text: str
    seed: int = 0
    value: Any = None
    words: str = ""
    problem: str = ""
    shown: bool = True
    changed: bool = False
    pictures: Mapping[str, Upload] = field(default_factory=dict)
    photos: list[Upload] = field(default_factory=list)

    @property
    def name(self) -> str:
        return name_of(self.item)

    @property
    def template(self) -> str:
        return f"tasks/surveys/questions/{self.item.type}.html"

    @property
    def condition(self) -> str:
        """What shows it, for the page's script; "" where it is always there."""
        return json.dumps(self.item.show_if) if self.item.show_if else ""

    @property
    def radio(self) -> bool:
        return self.item.type in ONE_OF

    @property
    def cannot_judge(self) -> bool:
        return self.value == CANNOT_JUDGE

    @property
    def options(self) -> list[dict[str, Any]]:
        """`{choice, checked, picture}` in the order of this person."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [
            {"choice": one, "checked": one.key in chosen, "picture": self.pictures.get(one.key)}
            for one in in_order(self.item, self.seed)
        ]

    @property
    def steps(self) -> list[dict[str, Any]]:
        return _steps(self.item, self.value)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """`{choice, steps, cannot_judge}` of a matrix."""
        given = self.value if isinstance(self.value, Mapping) else {}
        return [
            {
                "choice": one,
                "steps": _steps(self.item, given.get(one.key)),
                "cannot_judge": given.get(one.key) == CANNOT_JUDGE,
            }
            for one in in_order(self.item, self.seed)
        ]

    @property
    def places(self) -> list[dict[str, Any]]:
        """`{choice, place}` of an order; place is None until it has one."""
        order = self.value if isinstance(self.value, list) else []
        return [
            {"choice": one, "place": order.index(one.key) + 1 if one.key in order else None}
            for one in in_order(self.item, self.seed)
        ]

    @property
    def sets(self) -> list[list[dict[str, Any]]]:
        """`{choice, best, worst}` of each set."""
        given = _by_shown(self.value)
        return [
            [
                {
                    "choice": one,
                    **{what: given.get(_keys(shown), {}).get(what) == one.key for what in ("best", "worst")},
                }
                for one in shown
            ]
            for shown in sets_of(self.item, self.seed)
        ]

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """`{sides: [{choice, checked}], neither}` of each pair."""
        given = _by_shown(self.value)
        rows = []
        for shown in pairs_of(self.item, self.seed):
            said = given.get(_keys(shown))
            sides = [{"choice": one, "checked": bool(said) and said["chosen"] == one.key} for one in shown]
            rows.append({"sides": sides, "neither": bool(said) and said["chosen"] is None})
        return rows

    @property
    def described_by(self) -> str:
        """Ids of what stands beside the question, for those who hear it."""
        beside = [("help", self.item.help), ("error", self.problem), ("changed", self.changed)]
        return " ".join(f"{self.name}_{what}" for what, there in beside if there)


def _steps(item: Item, value: Any) -> list[dict[str, Any]]:
    return [{"number": step, "checked": str(value) == str(step)} for step in item.scale]


def _keys(shown: list[Choice]) -> tuple[str, ...]:
    return tuple(sorted(one.key for one in shown))


def _by_shown(value: Any) -> dict[tuple[str, ...], Mapping[str, Any]]:
    given = value if isinstance(value, list) else []
    return {tuple(sorted(one["shown"])): one for one in given if isinstance(one, Mapping)}
