"""What coders saw: their marks on the text of today, how far two agree, what is settled, and what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kocforum.stats.agreement import Agreement, krippendorff_alpha
from kocforum.text import Passage, all_followed

from ..models import Call, Code, Codebook, Coder, Entry, EntryVersion, Span, Verdict
from ..rules.coding import passages_of, touches

Place = tuple[int, int, int]  # entry, start of the passage, code


@dataclass(frozen=True, slots=True)
class Mark:
    """A span on the newest version of its entry. `start` and `end` in code points; `moved` where an edit came between."""

    span: Span
    entry: int
    start: int
    end: int
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    """A passage of which one coder says that a code applies, and the other does not."""

    entry: Entry
    version: EntryVersion
    code: Code
    start: int
    text: str

    @property
    def place(self) -> str:
        """Its name on a page."""
        return f"{self.version.pk}-{self.code.pk}-{self.start}"


@dataclass(slots=True)
class Reading:
    """One round of a codebook. `texts`: of each entry that this person may read the newest version, in the order given; once all
    have finished, the version that they read. `marks` of everybody whose marks this person may see. `held`: passages that carry
    a code, as both coders see it or as it was settled; with one coder who has finished, as that one sees it. Empty while
    somebody reads. `verdicts`: what was settled, by passage and code."""

    book: Codebook
    round: int
    coders: list[Coder]
    texts: dict[int, EntryVersion]
    entries: dict[int, Entry]
    marks: list[Mark]
    lost: list[Span]
    held: set[Place] = field(default_factory=set)
    disputes: list[Dispute] = field(default_factory=list)
    verdicts: dict[Place, Verdict] = field(default_factory=dict)

    @property
    def settled(self) -> int:
        return len(self.verdicts)

    @property
    def is_present(self) -> bool:
        return self.round == self.book.round

    @property
    def is_finished(self) -> bool:
        return bool(self.coders) and all(coder.finished_at for coder in self.coders)


def reading_of(book: Codebook, user: Any, round: int | None = None) -> Reading:
    """A round as this person may see it, the present one unless another is named, in eight queries."""
    round = book.round if round is None else round
    entries = {entry.pk: entry for entry in _entries(book.call, user)}
    coders = list(Coder.objects.filter(codebook=book, round=round).select_related("member"))
    texts = {row.entry_id: row for row in _texts(entries, coders)}
    spans = Span.objects.visible_to(user).filter(code__codebook=book, round=round)
    marks, lost = _placed(spans.select_related("code__theme", "version", "coder"), texts)
    found = Reading(book, round, coders, texts, {pk: entries[pk] for pk in texts}, marks, lost)
    if found.is_finished:
        _compare(found)
    return found


def _entries(call: Call, user: Any) -> Iterable[Entry]:
    found = Entry.objects.visible_to(user).given().filter(call=call).select_related("author", "call")
    return found.order_by("given_at", "pk")


def _texts(entries: Mapping[int, Entry], coders: Sequence[Coder]) -> list[EntryVersion]:
    """What is read: the newest versions; in a finished round the newest that each of its coders read to the end. What came
    later is in none of its figures."""
    wanted = {pk: entry.version for pk, entry in entries.items()}
    if coders and all(coder.finished_at for coder in coders):
        read = [coder.versions for coder in coders]
        wanted = {pk: min(one[pk] for one in read) for pk in wanted if all(pk in one for one in read)}
    rows = EntryVersion.objects.filter(entry__in=list(wanted)).order_by("entry", "-number")
    newest: dict[int, EntryVersion] = {}
    for row in rows:
        if row.number <= wanted[row.entry_id]:
            newest.setdefault(row.entry_id, row)
    return [newest[pk] for pk in wanted if pk in newest]


def _placed(spans: Iterable[Span], texts: Mapping[int, EntryVersion]) -> tuple[list[Mark], list[Span]]:
    """Spans on the newest version; those whose words were rewritten apart (L7)."""
    marks, lost = [], []
    here = [span for span in spans if span.version.entry_id in texts]
    there = _moved(here, texts)
    for span in here:
        entry = span.version.entry_id
        if texts[entry].pk == span.version_id:
            marks.append(Mark(span, entry, span.start, span.end))
        elif place := there[span.pk]:
            marks.append(Mark(span, entry, place.start, place.end, moved=True))
        else:
            lost.append(span)
    return marks, lost


def _moved(spans: Iterable[Span], texts: Mapping[int, EntryVersion]) -> dict[int, Passage | None]:
    """By number of the span, where its words stand in a later version; each pair of versions is compared once."""
    older: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        if texts[span.version.entry_id].pk != span.version_id:
            older[span.version_id].append(span)
    found: dict[int, Passage | None] = {}
    for rows in older.values():
        wanted = [Passage(span.start, span.end, span.exact, span.prefix, span.suffix) for span in rows]
        version = rows[0].version
        places = all_followed(version.body, texts[version.entry_id].body, wanted)
        found |= {span.pk: place for span, place in zip(rows, places, strict=True)}
    return found


def _seen_by(found: Reading) -> dict[int, set[Place]]:
    """By coder, the passages that carry a code that stood in the round: a mark carries all passages that it touches."""
    passages = {pk: passages_of(text.body) for pk, text in found.texts.items()}
    seen: dict[int, set[Place]] = {coder.member_id: set() for coder in found.coders}
    for mark in found.marks:
        if mark.span.coder_id not in seen or not mark.span.code.stood_in(found.round):
            continue
        for passage in passages[mark.entry]:
            if touches(mark.start, mark.end, passage):
                seen[mark.span.coder_id].add((mark.entry, passage[0], mark.span.code_id))
    return seen


def _compare(found: Reading) -> None:
    """What holds, what is disputed, what was settled."""
    seen = list(_seen_by(found).values())
    found.held = set.intersection(*seen)
    if len(seen) < 2:
        return
    open_ones = set.union(*seen) - found.held
    by_version = {text.pk: pk for pk, text in found.texts.items()}
    for row in Verdict.objects.filter(
        version__in=by_version, code__codebook=found.book, round=found.round
    ).select_related("code"):
        place = (by_version[row.version_id], row.start, row.code_id)
        if place not in open_ones:
            continue
        open_ones.discard(place)
        found.verdicts[place] = row
        if row.applies:
            found.held.add(place)
    codes = {code.pk: code for code in found.book.codes.all()}
    ends = {(pk, start): end for pk, text in found.texts.items() for start, end in passages_of(text.body)}
    for entry, start, code in sorted(open_ones):
        text = found.texts[entry]
        words = text.body[start : ends[entry, start]]
        found.disputes.append(Dispute(found.entries[entry], text, codes[code], start, words))


def agreement_of(found: Reading) -> tuple[Agreement, dict[int, Agreement]] | None:
    """Krippendorff's alpha of two coders over all passages, and for each code: whether it applies, as each coder says. Over all
    codes each passage with each code is a unit. None while one of two reads. Verdicts do not change it."""
    if len(found.coders) < 2 or not found.is_finished:
        return None
    seen = _seen_by(found)
    places = [(pk, start) for pk, text in found.texts.items() for start, _end in passages_of(text.body)]
    codes = [code.pk for code in found.book.codes.all() if code.stood_in(found.round)]
    units: dict[int, list[dict[int, bool]]] = {
        code: [{who: (*place, code) in theirs for who, theirs in seen.items()} for place in places] for code in codes
    }
    every = krippendorff_alpha(unit for rows in units.values() for unit in rows)
    return every, {code: krippendorff_alpha(rows) for code, rows in units.items()}


def places_of(found: Reading, mark: Mark) -> list[Place]:
    """The passages that a mark touches, with its code."""
    passages = passages_of(found.texts[mark.entry].body)
    return [
        (mark.entry, start, mark.span.code_id) for start, end in passages if touches(mark.start, mark.end, (start, end))
    ]


def edited_since(found: Reading, coder: Coder) -> set[int]:
    """Entries that were read to the end and say something else now."""
    read = coder.versions
    return {pk for pk, entry in found.entries.items() if pk in read and read[pk] != entry.version}


def marks_on(found: Reading, entry: int) -> list[Mark]:
    return [mark for mark in found.marks if mark.entry == entry]
