"""A mapping: which column of a foreign file says what, in TOML. `docs/imports/README.md` is the guide to it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIELDS = frozenset(
    {
        "function", "failure_mode", "occurred_at", "told_at", "car", "trim", "year", "mileage_km", "software_version",
        "narrative", "place", "venue", "severity", "attempts", "failures", "outcome",
    }
)  # fmt: skip
_TOP = frozenset(
    {
        "source", "key", "version", "title", "delimiter", "encoding", "required", "unobserved", "board", "functions",
        "failure_modes", "dimensions", "read", "conditions",
    }
)  # fmt: skip
_RULE = frozenset(
    {
        "column", "columns", "values", "otherwise", "always", "flags", "ranges", "hours", "factor", "formats",
        "precision", "longest", "dimension", "between",
    }
)  # fmt: skip


class BadMapping(ValueError):
    """The mapping itself cannot be used."""


class AnotherSchema(ValueError):
    """The file has not the columns that the mapping reads."""


@dataclass(frozen=True)
class Rule:
    """How one thing is read: from which columns, and what their cells mean."""

    name: str
    said: Mapping[str, Any]
    columns: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, said: Mapping[str, Any]) -> Rule:
        if unknown := set(said) - _RULE:
            raise BadMapping(f"{name}: nobody knows {', '.join(sorted(unknown))}")
        columns = [said["column"]] if "column" in said else list(said.get("columns", []))
        columns += list(said.get("flags", {}))
        if not columns and "always" not in said:
            raise BadMapping(f"{name}: it names no column")
        return cls(name, said, tuple(columns), {folded(key): value for key, value in said.get("values", {}).items()})

    @property
    def label(self) -> str:
        """What a refusal calls it: the column."""
        return self.columns[0] if self.columns else self.name


@dataclass(frozen=True)
class Meaning:
    """A whole mapping."""

    source: str
    key: str
    version: str
    title: str
    delimiter: str
    encoding: str
    required: tuple[str, ...]
    unobserved: frozenset[str]
    beginnings: tuple[str, ...]
    rules: Mapping[str, tuple[Rule, ...]]
    conditions: tuple[Rule, ...]
    catalogue: Mapping[str, Any]

    def named(self, header: Iterable[str]) -> list[str]:
        """The header with its columns as the mapping writes them: neither case nor blanks make another column."""
        mine = {folded(name): name for name in self.required}
        return [name if name in self.required else mine.get(folded(name), name) for name in header]

    def check(self, header: Iterable[str]) -> None:
        """Raise AnotherSchema unless the header has every column that is read, each once."""
        header = list(header)
        missing = [name for name in self.required if name not in header]
        if missing:
            raise AnotherSchema(f"it has no column {'; '.join(missing[:8])}{' …' if len(missing) > 8 else ''}")
        if twice := sorted({name for name in self.required if header.count(name) > 1}):
            raise AnotherSchema(f"it has these columns more than once: {'; '.join(twice)}")

    def is_unobserved(self, cell: str) -> bool:
        """Whether a cell says that nothing is known."""
        said = folded(cell)
        return not said or said in self.unobserved or said.startswith(self.beginnings)


def folded(cell: str) -> str:
    """A cell for comparing: one case, single blanks."""
    return " ".join(cell.split()).casefold()


def load(path: Path) -> Meaning:
    """Read a mapping; BadMapping says what is wrong with it."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadMapping(str(error)) from error
    if unknown := set(said) - _TOP:
        raise BadMapping(f"nobody knows {', '.join(sorted(unknown))}")
    for name in ("source", "key", "board", "read"):
        if not said.get(name):
            raise BadMapping(f"it says no {name}")
    if unknown := set(said["read"]) - FIELDS:
        raise BadMapping(f"a report has no {', '.join(sorted(unknown))}")
    if "function" not in said["read"]:
        raise BadMapping("read.function is missing")
    rules = {
        name: tuple(Rule.of(name, one) for one in (rule if isinstance(rule, list) else [rule]))
        for name, rule in said["read"].items()
    }
    conditions = tuple(Rule.of(rule.get("dimension", "?"), rule) for rule in said.get("conditions", []))
    read = [said["key"], said.get("version", ""), *said.get("required", [])]
    read += [column for group in (*rules.values(), conditions) for rule in group for column in rule.columns]
    nothing = [folded(words) for words in said.get("unobserved", [])]
    return Meaning(
        source=said["source"],
        key=said["key"],
        version=said.get("version", ""),
        title=said.get("title", ""),
        delimiter=said.get("delimiter", ","),
        encoding=said.get("encoding", ""),
        required=tuple(dict.fromkeys(filter(None, read))),
        unobserved=frozenset(words for words in nothing if not words.endswith("*")),
        beginnings=tuple(words[:-1] for words in nothing if words.endswith("*")),
        rules=rules,
        conditions=conditions,
        catalogue={
            "board": said["board"],
            **{name: said.get(name, []) for name in ("functions", "failure_modes", "dimensions")},
        },
    )
