"""Questions as the builder's page holds them: rows of plain fields, whatever was typed, in the order of the page.

A question has an id of its own (`row`), its options too (`<row>-option`), so that moving one moves its fields with it. Pages are
begun, not numbered: a question that begins a page stands on the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kocforum.uploads.models import Upload

from ..enums import QuestionType as T
from ..rules.notation import Unreadable, from_data
from ..rules.questionnaire import AS_A_CONDITION, CHOICES, COMPARISONS, ON_A_SCALE, WITH_OPTIONS, Item

FLAGS = ("required", "shuffled", "cannot_judge", "new_page")
WORDS = ("key", "type", "text", "help", "most", "low", "high", "low_label", "high_label", "on", "how", "than")
OPTION_FLAGS = ("exclusive", "words", "retired")
OPTION_WORDS = ("key", "label", "limit", "guess", "kept")
SCALED = ON_A_SCALE | {T.NPS, T.NUMBER, T.MAXDIFF}


@dataclass
class OptionRow:
    """One option as it was typed; `kept` is the number of its picture."""

    id: str
    key: str = ""
    label: str = ""
    limit: str = ""
    guess: str = ""
    kept: str = ""
    exclusive: bool = False
    words: bool = False
    retired: bool = False
    picture: Upload | None = None

    @property
    def said(self) -> bool:
        return bool(self.label.strip() or self.kept)


@dataclass
class QuestionRow:
    """One question as it was typed. `on`, `how`, `than`, `values`: shown only after certain answers to the question `on`.

    `wrong`: sentences about what cannot be read, which is not kept. `problems`: what stands against opening, and may stay in a draft.
    """

    id: str
    key: str = ""
    type: str = T.SINGLE
    text: str = ""
    help: str = ""
    most: str = ""
    low: str = ""
    high: str = ""
    low_label: str = ""
    high_label: str = ""
    on: str = ""
    how: str = "in"
    than: str = ""
    values: list[str] = field(default_factory=list)
    required: bool = False
    shuffled: bool = False
    cannot_judge: bool = False
    new_page: bool = False
    options: list[OptionRow] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    open: bool = False
    lost: bool = False  # the question that it looks at is gone

    @property
    def type_label(self) -> str:
        return str(T(self.type).label) if self.type in T.values else self.type

    @property
    def has_options(self) -> bool:
        return self.type in WITH_OPTIONS

    @property
    def is_choice(self) -> bool:
        return self.type in CHOICES

    @property
    def is_pictured(self) -> bool:
        return self.type == T.IMAGE

    @property
    def is_scaled(self) -> bool:
        return self.type in SCALED

    @property
    def has_ends(self) -> bool:
        return self.type in ON_A_SCALE | {T.NUMBER}

    @property
    def is_looked_at(self) -> bool:
        """Whether others can depend on it."""
        return self.type in AS_A_CONDITION

    def with_room(self) -> QuestionRow:
        """Options to begin with, where the kind of question has some."""
        while self.has_options and len(self.options) < (4 if self.type == T.MAXDIFF else 2):
            self.options.append(OptionRow(id=free_name("o", [one.id for one in self.options])))
        return self


def rows_of(data: QueryDict) -> list[QuestionRow]:
    """What a page posted, in its order."""
    rows = []
    for number in dict.fromkeys(data.getlist("row")):
        row = QuestionRow(
            id=number,
            values=data.getlist(f"{number}-value"),
            **{name: data.get(f"{number}-{name}", "") for name in WORDS},
            **{name: f"{number}-{name}" in data for name in FLAGS},
        )
        row.type = row.type if row.type in T.values else T.SINGLE
        row.how = row.how if row.how in COMPARISONS else "in"
        for option in dict.fromkeys(data.getlist(f"{number}-option")):
            before = f"{number}-{option}"
            words = {name: data.get(f"{before}-{name}", "") for name in OPTION_WORDS}
            flags = {name: f"{before}-{name}" in data for name in OPTION_FLAGS}
            row.options.append(OptionRow(id=option, **words, **flags))
        rows.append(row)
    return rows


def rows_from(
    items: Iterable[Item], guess: Mapping[str, Mapping[str, Any]], pictures: Mapping[Any, Upload]
) -> list[QuestionRow]:
    """Kept questions as rows."""
    rows: list[QuestionRow] = []
    page = 1
    for place, item in enumerate(items, 1):
        row = QuestionRow(
            id=f"r{place}",
            **{name: getattr(item, name) for name in ("key", "type", "text", "help", "low_label", "high_label")},
            **{name: _typed(getattr(item, name)) for name in ("most", "low", "high")},
            **{name: getattr(item, name) for name in ("required", "shuffled", "cannot_judge")},
            new_page=item.page > page,
        )
        page = max(page, item.page)
        if item.show_if:
            row.on = item.show_if["key"]
            row.how = next(name for name in COMPARISONS if name in item.show_if)
            value = item.show_if[row.how]
            row.values = [str(one) for one in (value if isinstance(value, list) else [value])]
            row.than = "" if isinstance(value, list) else str(value)
        shares = guess.get(item.key, {})
        for number, one in enumerate(item.choices, 1):
            row.options.append(
                OptionRow(
                    id=f"o{number}",
                    key=one.key,
                    label=one.label,
                    limit=_typed(one.limit),
                    guess=_typed(shares.get(one.key)),
                    kept=_typed(one.picture),
                    exclusive=one.exclusive,
                    words=one.words,
                    retired=one.retired,
                    picture=pictures.get((item.key, one.key)),
                )
            )
        rows.append(row)
    return rows


def items_of(rows: Sequence[QuestionRow]) -> list[Item]:
    """The questions that the rows say. What cannot be read is told in the row's `wrong`, and the row is left out."""
    page, items = 1, []
    by_key = {row.key: row for row in rows}
    for row in rows:
        page += row.new_page and bool(items)
        try:
            items.append(from_data([_data(row, page, by_key.get(row.on))])[0])
        except Unreadable as wrong:
            row.wrong.append(str(wrong))
    return items


def guesses_of(rows: Iterable[QuestionRow]) -> dict[str, dict[str, float]]:
    """Percent by question and option, as they were typed; what is no number is told in the row."""
    said: dict[str, dict[str, float]] = {}
    for row in rows:
        for one in row.options:
            if not row.is_choice or not one.guess.strip():
                continue
            try:
                said.setdefault(row.key, {})[one.key] = float(one.guess.strip().rstrip("%％"))
            except ValueError:
                row.wrong.append(_("“%(typed)s” is no percentage.") % {"typed": one.guess})
    return said


def name_keys(rows: Sequence[QuestionRow]) -> None:
    """Give what has no key yet the next free one. A key that is there stays, wherever it moves."""
    for row in rows:
        row.key = row.key.strip() or free_name("q", [one.key for one in rows])
        for option in row.options:
            option.key = option.key.strip() or free_name("o", [one.key for one in row.options])


def new_row(rows: Sequence[QuestionRow], kind: str) -> QuestionRow:
    """An empty question of this kind, with what such a question usually has."""
    row = QuestionRow(
        id=free_name("r", [one.id for one in rows]), type=kind if kind in T.values else T.SINGLE, open=True
    )
    if row.type == T.NPS:
        row.text = _("Would you recommend it to a friend?")
    if row.type in ON_A_SCALE:
        row.low, row.high = "1", "5"
    return row.with_room()


def _data(row: QuestionRow, page: int, other: QuestionRow | None) -> dict[str, Any]:
    said: dict[str, Any] = {"key": row.key, "type": row.type, "text": row.text, "help": row.help, "page": page}
    said |= {name: getattr(row, name) for name in ("required", "shuffled", "cannot_judge")}
    if row.has_options:
        told = [one for one in row.options if one.said]
        said["options"] = [_option_data(one, row) for one in told]
        said["quota"] = {one.key: _number(one.limit) for one in told if one.limit.strip()} if row.is_choice else {}
    if row.type == T.MULTIPLE and row.most.strip():
        said["most"] = _number(row.most)
    if row.is_scaled:
        ends = {"min": _number(row.low), "max": _number(row.high)} if row.has_ends else {}
        said["scale"] = {**ends, "low": row.low_label, "high": row.high_label}
    if row.on:
        said["show_if"] = {"key": row.on, row.how: _compared(row, other)}
    return said


def _option_data(one: OptionRow, row: QuestionRow) -> dict[str, Any]:
    flags = {name: getattr(one, name) for name in OPTION_FLAGS}
    picture = int(one.kept) if row.is_pictured and one.kept.isdecimal() else None
    return {"key": one.key, "label": one.label, "picture": picture, **(flags if row.is_choice else {})}


def _compared(row: QuestionRow, other: QuestionRow | None) -> Any:
    if row.how in {"at_least", "at_most"}:
        return _number(row.than)
    if other is not None and other.is_choice:
        return list(row.values)
    numbers = [_number(one) for one in row.than.replace("，", ",").replace("、", ",").split(",") if one.strip()]
    return numbers or list(row.values)


def _number(typed: str) -> int | None:
    """A whole number; Unreadable with what was typed."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        return int(typed)
    except ValueError:
        raise Unreadable(_("“%(typed)s” is no whole number.") % {"typed": typed[:40]}) from None


def _typed(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def free_name(letter: str, taken: Sequence[str]) -> str:
    """The letter with the lowest number that nothing has yet."""
    return next(name for name in (f"{letter}{number}" for number in count(1)) if name not in taken)
