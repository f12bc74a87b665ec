"""Codes and passages as files to read and to count: Markdown and CSV."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..models import Call, Verdict
from ..rules.sheets import Table, as_csv
from .coding import Mark, Reading, places_of
from .quotes import Quoted

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~!&]")
_BEGINS = re.compile(r"^(\d*)([-+=.)])")

HEAD = (
    "entry", "title", "version", "theme", "code", "coder", "start", "end", "words", "memo", "moved", "holds", "settled",
    "settled_why", "quote", "ticket", "address",
)  # fmt: skip


def as_table(call: Call, found: Reading, quotes: Sequence[Quoted] = ()) -> bytes:
    """One row for each mark, and for each verdict and quote that no mark carries; on the text that was read, offsets in code points.
    `holds`: yes or no, empty while somebody reads; `settled`: applies or not, where a third person said so."""
    by_place = {_place(one): one for one in quotes}
    used: set[int] = set()
    rows = []
    for mark in found.marks:
        quote = by_place.get((mark.entry, mark.span.version.number, mark.span.start, mark.span.end))
        if quote:
            used.add(quote.quote.pk)
        rows.append(_row(found, mark, quote))
    rows += [_row_of_quote(found, one) for one in quotes if one.quote.pk not in used]
    return as_csv(Table(title="coding", head=list(HEAD), rows=rows))


def _place(one: Quoted) -> tuple[int, int, int, int]:
    return (one.quote.entry_id, one.quote.version, one.quote.start, one.quote.end)


def _row(found: Reading, mark: Mark, quote: Quoted | None) -> list[Any]:
    text, span = found.texts[mark.entry], mark.span
    theme = span.code.theme.name if span.code.theme else ""
    words = text.body[mark.start : mark.end]
    verdicts = settled_on(found, mark)
    said = [
        holds_of(found, mark),
        " ".join(dict.fromkeys("applies" if one.applies else "not" for one in verdicts)),
        "; ".join(one.note for one in verdicts if one.note),
    ]
    quoted = [quote.quote.paraphrase, tickets_of(quote)] if quote else ["", ""]
    place = [mark.start, mark.end, words, span.memo, int(mark.moved), *said, *quoted, address_of(found, mark.entry)]
    return [mark.entry, text.title, text.number, theme, span.code.name, coder_name(found, mark.span.coder_id), *place]


def _row_of_quote(found: Reading, one: Quoted) -> list[Any]:
    quote = one.quote
    title = found.texts[quote.entry_id].title if quote.entry_id in found.texts else ""
    code = quote.code.name if quote.code else ""
    theme = quote.code.theme.name if quote.code and quote.code.theme else ""
    address = address_of(found, quote.entry_id) if quote.entry_id in found.texts else ""
    place = [quote.start, quote.end, quote.words, "", 0, "", "", "", quote.paraphrase, tickets_of(one), address]
    return [quote.entry_id, title, quote.version, theme, code, "", *place]


def holds_of(found: Reading, mark: Mark) -> str:
    """Whether a code holds on any passage that a mark touches."""
    if not found.is_finished:
        return ""
    return "yes" if any(place in found.held for place in places_of(found, mark)) else "no"


def settled_on(found: Reading, mark: Mark) -> list[Verdict]:
    """What a third person said of the passages of a mark."""
    return [found.verdicts[place] for place in places_of(found, mark) if place in found.verdicts]


def tickets_of(one: Quoted) -> str:
    return " ".join(row.label for row in one.under)


def coder_name(found: Reading, member: int | None) -> str:
    """Coders are called the first and the second: who it was does not matter to the passage."""
    return next((f"coder-{coder.place}" for coder in found.coders if coder.member_id == member), "coder")


def address_of(found: Reading, entry: int) -> str:
    return settings.SITE_URL.rstrip("/") + found.entries[entry].get_absolute_url()


@dataclass(slots=True)
class Marked:
    """Words that one or both coders gave a code: marks that touch each other are one passage."""

    entry: int
    start: int
    end: int
    marks: list[Mark]


def joined(marks: Iterable[Mark]) -> list[Marked]:
    """Marks of one code, those that overlap as one, in the order of the entries and of the text."""
    by_entry: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_entry[mark.entry].append(mark)
    found: list[Marked] = []
    for entry, here in by_entry.items():
        end = -1
        for mark in sorted(here, key=lambda one: (one.start, one.end)):
            if mark.start < end:
                found[-1].marks.append(mark)
                found[-1].end = end = max(end, mark.end)
            else:
                found.append(Marked(entry, mark.start, mark.end, [mark]))
                end = mark.end
    return found


def as_markdown(call: Call, found: Reading, quotes: Sequence[Quoted] = ()) -> bytes:
    """Themes, codes, under each the passages with their address, who marked them and what was settled; then the quotes."""
    lines = [f"# {typed(call.task.title)}", "", call.prompt, ""]
    by_theme: dict[str, dict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    names: dict[int, Any] = {}
    for mark in found.marks:
        code = mark.span.code
        names[code.pk] = code
        by_theme[code.theme.name if code.theme else ""][code.pk].append(mark)
    for theme in sorted(by_theme, key=lambda name: (name == "", name)):
        lines += ["## " + (typed(theme) or _("Without a theme")), ""]
        for code, marks in by_theme[theme].items():
            lines += [f"### {typed(names[code].name)}", ""]
            lines += [typed(names[code].memo), ""] if names[code].memo else []
            lines += [line for one in joined(marks) for line in _told(found, one)]
    lines += ["## " + _("Quotes"), ""] if quotes else []
    lines += [line for one in quotes for line in _quote_told(found, one)]
    return "\n".join(lines).encode()


def typed(words: str) -> str:
    """Words that people typed as words of a Markdown file, in as many lines: nothing in them makes a link, an image or a heading."""
    return "\n".join(_BEGINS.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", line.strip())) for line in words.splitlines())


def _cited(words: str) -> Iterator[str]:
    yield from (f"> {line}" for line in words.split("\n"))
    yield ""


def _told(found: Reading, one: Marked) -> Iterator[str]:
    text = found.texts[one.entry]
    yield from _cited(text.body[one.start : one.end])
    who = sorted({coder_name(found, mark.span.coder_id) for mark in one.marks})
    said = [f"[{typed(text.title)}]({address_of(found, one.entry)})", ", ".join(who)]
    if found.is_finished:
        said.append(_("holds") if any(holds_of(found, mark) == "yes" for mark in one.marks) else _("does not hold"))
    yield from (" · ".join(said), "")
    for mark in one.marks:
        if mark.span.memo:
            yield f"- {coder_name(found, mark.span.coder_id)}: {typed(mark.span.memo)}"
    verdicts = {verdict.pk: verdict for mark in one.marks for verdict in settled_on(found, mark)}
    for verdict in verdicts.values():
        settled = _("settled: it applies") if verdict.applies else _("settled: it does not apply")
        yield f"- {settled}{' – ' if verdict.note else ''}{typed(verdict.note)}"
    if verdicts or any(mark.span.memo for mark in one.marks):
        yield ""


def _quote_told(found: Reading, one: Quoted) -> Iterator[str]:
    quote = one.quote
    said = [f"V{quote.pk} {typed(quote.paraphrase)}", *([typed(quote.code.name)] if quote.code else [])]
    said += [f"{typed(row.label)} ({typed(str(row.state))})" for row in one.under]
    if quote.words:
        yield from _cited(quote.words)
    else:
        said.append(_("The words are withdrawn; the paraphrase stays."))
    if quote.words and quote.entry_id in found.entries:
        said.append(address_of(found, quote.entry_id))
    yield from (" · ".join(said), "")
