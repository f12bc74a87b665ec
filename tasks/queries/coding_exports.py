"""Codes and passages as files: Markdown to read, CSV to count, REFI-QDA for other programs."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.utils.translation import gettext as _

from ..models import Call
from ..rules.sheets import Table, as_csv
from .coding import Mark, Reading

NAMESPACE = "urn:QDA-XML:project:1.0"


def as_table(call: Call, found: Reading) -> bytes:
    """One row for each mark, on the text of today; offsets in code points."""
    head = ["entry", "title", "version", "theme", "code", "coder", "start", "end", "words", "memo", "moved", "address"]
    return as_csv(Table(title="coding", head=head, rows=[_row(found, mark) for mark in found.marks]))


def _row(found: Reading, mark: Mark) -> list[Any]:
    text, span = found.texts[mark.entry], mark.span
    theme = span.code.theme.name if span.code.theme else ""
    words = text.body[mark.start : mark.end]
    place = [mark.start, mark.end, words, span.memo, int(mark.moved), _address(found, mark.entry)]
    return [mark.entry, text.title, text.number, theme, span.code.name, _coder(found, mark), *place]


def _coder(found: Reading, mark: Mark) -> str:
    """Coders are called the first and the second: who it was does not matter to the passage."""
    return next((f"coder-{coder.place}" for coder in found.coders if coder.member_id == mark.span.coder_id), "coder")


def _address(found: Reading, entry: int) -> str:
    return settings.SITE_URL.rstrip("/") + found.entries[entry].get_absolute_url()


def as_markdown(call: Call, found: Reading) -> bytes:
    """Themes, codes, and under each the passages with their address."""
    lines = [f"# {call.task.title}", "", call.prompt, ""]
    by_theme: dict[str, dict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    names: dict[int, Any] = {}
    for mark in found.marks:
        code = mark.span.code
        names[code.pk] = code
        by_theme[code.theme.name if code.theme else ""][code.pk].append(mark)
    for theme in sorted(by_theme, key=lambda name: (name == "", name)):
        lines += [f"## {theme or _('Without a theme')}", ""]
        for code, marks in by_theme[theme].items():
            lines += [f"### {names[code].name}", ""]
            lines += [names[code].memo, ""] if names[code].memo else []
            lines += [line for mark in marks for line in _quoted(found, mark)]
    return "\n".join(lines).encode()


def _quoted(found: Reading, mark: Mark) -> Iterable[str]:
    words = found.texts[mark.entry].body[mark.start : mark.end]
    yield from (f"> {line}" for line in words.split("\n"))
    yield from ("", f"[{found.texts[mark.entry].title}]({_address(found, mark.entry)})", "")


def as_qdpx(call: Call, found: Reading) -> bytes:
    """A project that other programs open. Positions are code points, as the standard counts.

    Source: REFI-QDA Standard for project exchange 1.0 (2019), project.qde and the folder Sources.
    """
    names = _Names(call)
    project = ElementTree.Element("Project", {"xmlns": NAMESPACE, "name": call.task.title, "origin": "kocforum"})
    users = ElementTree.SubElement(project, "Users")
    for coder in found.coders:
        ElementTree.SubElement(
            users, "User", {"guid": names.of("coder", coder.member_id), "name": f"coder-{coder.place}"}
        )
    codes = ElementTree.SubElement(ElementTree.SubElement(project, "CodeBook"), "Codes")
    folders: dict[int, ElementTree.Element] = {}
    for code in found.book.codes.select_related("theme"):
        above = codes
        if code.theme is not None:
            if code.theme_id not in folders:
                folders[code.theme_id] = _code(
                    codes, names.of("theme", code.theme_id), code.theme.name, code.theme.memo
                )
            above = folders[code.theme_id]
        _code(above, names.of("code", code.pk), code.name, code.memo)
    sources = ElementTree.SubElement(project, "Sources")
    for entry, text in found.texts.items():
        guid = names.of("entry", entry)
        source = ElementTree.SubElement(
            sources, "TextSource", {"guid": guid, "name": text.title, "plainTextPath": f"internal://{guid}.txt"}
        )
        for mark in (one for one in found.marks if one.entry == entry):
            _selection(source, names, mark)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", ElementTree.tostring(project, encoding="utf-8", xml_declaration=True))
        for entry, text in found.texts.items():
            archive.writestr(f"Sources/{names.of('entry', entry)}.txt", text.body.encode())
    return out.getvalue()


class _Names:
    """The same thing has the same name in every export."""

    def __init__(self, call: Call) -> None:
        self.space = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}{call.task.get_absolute_url()}")

    def of(self, kind: str, number: int | None) -> str:
        return str(uuid.uuid5(self.space, f"{kind}:{number}"))


def _code(above: ElementTree.Element, guid: str, name: str, memo: str) -> ElementTree.Element:
    code = ElementTree.SubElement(above, "Code", {"guid": guid, "name": name, "isCodable": "true"})
    if memo:
        ElementTree.SubElement(code, "Description").text = memo
    return code


def _selection(source: ElementTree.Element, names: _Names, mark: Mark) -> None:
    span = mark.span
    place = {"startPosition": str(mark.start), "endPosition": str(mark.end)}
    user = {"creatingUser": names.of("coder", span.coder_id)} if span.coder_id else {}
    selection = ElementTree.SubElement(
        source, "PlainTextSelection", {"guid": names.of("span", span.pk), "name": span.exact[:60], **place, **user}
    )
    coding = ElementTree.SubElement(selection, "Coding", {"guid": names.of("coding", span.pk), **user})
    ElementTree.SubElement(coding, "CodeRef", {"targetGUID": names.of("code", span.code_id)})
