"""Reads the catalogues of translations, `.po` and `.mo`, without any tool of gettext."""

from __future__ import annotations

import ast
import gettext
from dataclasses import dataclass, field
from pathlib import Path

CHINESE = Path(__file__).resolve().parent.parent / "kocforum" / "locale" / "zh_Hans" / "LC_MESSAGES"


@dataclass
class Entry:
    """One string and its translations; several when the language has plural forms."""

    context: str | None = None
    msgid: str = ""
    plural: str | None = None
    translations: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    line: int = 0

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid

    @property
    def fuzzy(self) -> bool:
        return "fuzzy" in self.flags

    @property
    def translated(self) -> bool:
        return bool(self.translations) and all(said.strip() for said in self.translations)


def read(po: Path) -> list[Entry]:
    """Every entry but the header and the obsolete ones."""
    entries: list[Entry] = []
    current = Entry()
    part = ""
    for number, line in enumerate([*po.read_text(encoding="utf-8").splitlines(), ""], start=1):
        line = line.strip()
        if line.startswith("#,"):
            current.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif line.startswith("#"):
            continue
        elif not line:
            if part:
                entries.append(current)
            current, part = Entry(), ""
        else:
            keyword, _, text = line.partition('"') if line.startswith('"') else line.partition(" ")
            if line.startswith('"'):
                text = line
            elif keyword == "msgid" and part.startswith("msgstr"):  # the next entry, without a blank line between
                entries.append(current)
                current = Entry()
            if keyword:
                part = keyword
                if keyword == "msgid":
                    current.line = number
            _add(current, part, ast.literal_eval(text))
    return [entry for entry in entries if entry.msgid]


def _add(entry: Entry, part: str, text: str) -> None:
    if part == "msgid":
        entry.msgid += text
    elif part == "msgctxt":
        entry.context = (entry.context or "") + text
    elif part == "msgid_plural":
        entry.plural = (entry.plural or "") + text
    else:
        index = int(part.removeprefix("msgstr").strip("[]") or 0)
        entry.translations += [""] * (index + 1 - len(entry.translations))
        entry.translations[index] += text


def compiled(mo: Path) -> dict[object, str]:
    """What the running site reads: `msgid`, `context\\x04msgid` or `(msgid, form)` and its translation."""
    with mo.open("rb") as file:
        return {key: said for key, said in gettext.GNUTranslations(file)._catalog.items() if key}  # type: ignore[attr-defined]


def as_compiled(entries: list[Entry]) -> dict[object, str]:
    """The same, from the entries of a `.po`."""
    catalogue: dict[object, str] = {}
    for entry in entries:
        if entry.fuzzy or not entry.translated:
            continue
        name = entry.msgid if entry.context is None else f"{entry.context}\x04{entry.msgid}"
        if entry.plural is None:
            catalogue[name] = entry.translations[0]
        else:
            catalogue |= {(name, form): said for form, said in enumerate(entry.translations)}
    return catalogue
