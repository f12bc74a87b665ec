"""Codes and passages as a project of REFI-QDA, which other programs open."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Sequence
from xml.etree import ElementTree

from django.conf import settings
from django.utils.translation import gettext as _

from ..models import Call, EntryVersion
from ..rules.coding import passages_of
from .coding import Mark, Reading
from .coding_exports import tickets_of
from .quotes import Quoted

NAMESPACE = "urn:QDA-XML:project:1.0"
Element, Sub = ElementTree.Element, ElementTree.SubElement


def as_qdpx(call: Call, found: Reading, quotes: Sequence[Quoted] = ()) -> bytes:
    """Positions are code points, as the standard counts. Memos are descriptions of their passages; what a third person settled, and
    quotes, are notes at theirs; what applies by verdict is coded by a user of its own.

    Elements stand in the order of the schema, and lists that would be empty are left out, since it allows none.
    Source: REFI-QDA Standard for project exchange 1.5 (2019), Project.xsd: project.qde and the folder Sources.
    """
    project = _Project(call, found, quotes)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", ElementTree.tostring(project.root, encoding="utf-8", xml_declaration=True))
        for entry, text in found.texts.items():
            archive.writestr(f"Sources/{project.name('entry', entry)}.txt", text.body.encode())
    return out.getvalue()


class _Project:
    """The tree while it grows. The same thing has the same name in every export."""

    def __init__(self, call: Call, found: Reading, quotes: Sequence[Quoted]) -> None:
        self.found = found
        self.space = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}{call.task.get_absolute_url()}")
        self.quotes = [one for one in quotes if one.quote.words]
        self.notes: list[Element] = []
        self.root = Element("Project", {"xmlns": NAMESPACE, "name": call.task.title, "origin": "kocforum"})
        self._users()
        self._codes()
        self._sources()
        if self.notes:
            Sub(self.root, "Notes").extend(self.notes)

    def name(self, kind: str, number: int | str | None) -> str:
        return str(uuid.uuid5(self.space, f"{kind}:{number}"))

    def _users(self) -> None:
        users = [(self.name("coder", one.member_id), f"coder-{one.place}") for one in self.found.coders]
        if self.found.verdicts:
            users.append((self.name("coder", "settled"), "settled"))
        above = Sub(self.root, "Users") if users else None
        for guid, name in users:
            Sub(above, "User", {"guid": guid, "name": name})

    def _codes(self) -> None:
        rows = list(self.found.book.codes.select_related("theme"))
        if not rows:
            return
        codes = Sub(Sub(self.root, "CodeBook"), "Codes")
        folders: dict[int, Element] = {}
        for code in rows:
            above = codes
            if code.theme is not None:
                if code.theme_id not in folders:
                    guid = self.name("theme", code.theme_id)
                    folders[code.theme_id] = self._code(codes, guid, code.theme.name, code.theme.memo, codable=False)
                above = folders[code.theme_id]
            self._code(above, self.name("code", code.pk), code.name, code.memo)

    def _code(self, above: Element, guid: str, name: str, memo: str, *, codable: bool = True) -> Element:
        code = Sub(above, "Code", {"guid": guid, "name": name, "isCodable": str(codable).lower()})
        if memo:
            Sub(code, "Description").text = memo
        return code

    def _sources(self) -> None:
        if not self.found.texts:
            return
        sources = Sub(self.root, "Sources")
        for entry, text in self.found.texts.items():
            guid = self.name("entry", entry)
            place = {"guid": guid, "name": text.title, "plainTextPath": f"internal://{guid}.txt"}
            source = Sub(sources, "TextSource", place)
            for mark in (one for one in self.found.marks if one.entry == entry):
                self._mark(source, mark)
            self._settled(source, entry, text)
            here = [one for one in self.quotes if one.quote.entry_id == entry]
            for one in sorted(here, key=lambda one: one.quote.version != text.number):
                self._quote(source, one, stands=one.quote.version == text.number)

    def _selection(
        self, source: Element, guid: str, name: str, start: int, end: int, user: str = "", memo: str = ""
    ) -> Element:
        place = {"guid": guid, "name": name[:60], "startPosition": str(start), "endPosition": str(end)}
        selection = Sub(source, "PlainTextSelection", {**place, **({"creatingUser": user} if user else {})})
        if memo:
            Sub(selection, "Description").text = memo
        return selection

    def _coding(self, selection: Element, guid: str, code: int, user: str) -> None:
        coding = Sub(selection, "Coding", {"guid": guid, **({"creatingUser": user} if user else {})})
        Sub(coding, "CodeRef", {"targetGUID": self.name("code", code)})

    def _note(self, above: Element, guid: str, name: str, words: str) -> None:
        note = Element("Note", {"guid": guid, "name": name[:120]})
        Sub(note, "PlainTextContent").text = words
        self.notes.append(note)
        Sub(above, "NoteRef", {"targetGUID": guid})

    def _mark(self, source: Element, mark: Mark) -> None:
        span = mark.span
        there = any(one.member_id == span.coder_id for one in self.found.coders)
        user = self.name("coder", span.coder_id) if there else ""
        guid = self.name("span", span.pk)
        selection = self._selection(source, guid, span.exact, mark.start, mark.end, user, span.memo)
        self._coding(selection, self.name("coding", span.pk), span.code_id, user)

    def _settled(self, source: Element, entry: int, text: EntryVersion) -> None:
        ends = dict(passages_of(text.body))
        user = self.name("coder", "settled")
        for (where, start, code), verdict in sorted(self.found.verdicts.items()):
            if where != entry:
                continue
            words = text.body[start : ends[start]]
            guid = self.name("verdict", verdict.pk)
            selection = self._selection(source, guid, words, start, ends[start], user, verdict.note)
            if verdict.applies:
                self._coding(selection, self.name("settled", verdict.pk), code, user)
            said = _("settled: it applies") if verdict.applies else _("settled: it does not apply")
            name = f"{verdict.code.name}, {said}"
            self._note(selection, self.name("verdict-note", verdict.pk), name, verdict.note or name)

    def _quote(self, source: Element, one: Quoted, *, stands: bool) -> None:
        """Beside its passage; one of another version of the text beside the whole text, after all passages."""
        quote, above = one.quote, source
        if stands:
            above = self._selection(source, self.name("quote", quote.pk), quote.words, quote.start, quote.end)
        name = " ".join(filter(None, [f"V{quote.pk}", tickets_of(one)]))
        self._note(above, self.name("quote-note", quote.pk), name, quote.paraphrase)
