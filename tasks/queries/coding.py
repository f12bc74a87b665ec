"""What coders saw: their marks on the text of today, how far two agree, what is settled, and what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kocforum.stats.agreement import Agreement, krippendorff_alpha
from kocforum.stats.saturation import Saturation, saturation
from kocforum.text import Passage, followed

from ..models import Call, Code, Codebook, Coder, Entry, EntryVersion, Quote, Span, Verdict
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


@dataclass(slots=True)
class Reading:
    """One round of a codebook. `texts`: the newest version of each entry that this person may read, in the order given;
    `marks` of everybody whose marks this person may see. `held`: passages that carry a code, as both coders see it or as it
    was settled; with one coder who has finished, as that one sees it. Empty while somebody reads."""

    book: Codebook
    coders: list[Coder]
    texts: dict[int, EntryVersion]
    entries: dict[int, Entry]
    marks: list[Mark]
    lost: list[Span]
    held: set[Place] = field(default_factory=set)
    disputes: list[Dispute] = field(default_factory=list)
    settled: int = 0

    @property
    def is_finished(self) -> bool:
        return bool(self.coders) and all(coder.finished_at for coder in self.coders)


def reading_of(book: Codebook, user: Any) -> Reading:
    """The present round as this person may see it, in eight queries."""
    entries = {entry.pk: entry for entry in _entries(book.call, user)}
    texts = {row.entry_id: row for row in _newest(entries.values())}
    coders = list(Coder.objects.filter(codebook=book, round=book.round).select_related("member"))
    spans = Span.objects.visible_to(user).filter(code__codebook=book, round=book.round)
    marks, lost = _placed(spans.select_related("code__theme", "version", "coder"), texts)
    found = Reading(book, coders, texts, {pk: entries[pk] for pk in texts}, marks, lost)
    if found.is_finished:
        _compare(found)
    return found


def _entries(call: Call, user: Any) -> Iterable[Entry]:
    found = Entry.objects.visible_to(user).given().filter(call=call).select_related("author", "call")
    return found.order_by("given_at", "pk")


def _newest(entries: Iterable[Entry]) -> list[EntryVersion]:
    entries = list(entries)
    rows = EntryVersion.objects.filter(entry__in=[entry.pk for entry in entries]).order_by("entry", "-number")
    newest: dict[int, EntryVersion] = {}
    for row in rows:
        newest.setdefault(row.entry_id, row)
    return [newest[entry.pk] for entry in entries if entry.pk in newest]


def _placed(spans: Iterable[Span], texts: Mapping[int, EntryVersion]) -> tuple[list[Mark], list[Span]]:
    """Spans on the newest version; those whose words were rewritten apart (L7)."""
    marks, lost = [], []
    for span in spans:
        text = texts.get(span.version.entry_id)
        if text is None:
            continue
        if text.pk == span.version_id:
            marks.append(Mark(span, text.entry_id, span.start, span.end))
            continue
        wanted = Passage(span.start, span.end, span.exact, span.prefix, span.suffix)
        if there := followed(span.version.body, text.body, wanted):
            marks.append(Mark(span, text.entry_id, there.start, there.end, moved=True))
        else:
            lost.append(span)
    return marks, lost


def _seen_by(found: Reading) -> dict[int, set[Place]]:
    """By coder, the passages that carry a code: a mark carries all passages that it touches."""
    passages = {pk: passages_of(text.body) for pk, text in found.texts.items()}
    seen: dict[int, set[Place]] = {coder.member_id: set() for coder in found.coders}
    for mark in found.marks:
        for passage in passages[mark.entry]:
            if mark.span.coder_id in seen and touches(mark.start, mark.end, passage):
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
    verdicts = Verdict.objects.filter(version__in=by_version, round=found.book.round)
    for row in verdicts:
        place = (by_version[row.version_id], row.start, row.code_id)
        if place not in open_ones:
            continue
        open_ones.discard(place)
        found.settled += 1
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
    codes = [code.pk for code in found.book.codes.all() if code.retired_at is None]
    units: dict[int, list[dict[int, bool]]] = {
        code: [{who: (*place, code) in theirs for who, theirs in seen.items()} for place in places] for code in codes
    }
    every = krippendorff_alpha(unit for rows in units.values() for unit in rows)
    return every, {code: krippendorff_alpha(rows) for code, rows in units.items()}


def saturation_of(found: Reading) -> Saturation | None:
    """How many codes each entry brought that none before it had, in the order in which they were given."""
    if not found.held:
        return None
    by_entry: dict[int, set[int]] = defaultdict(set)
    for entry, _start, code in found.held:
        by_entry[entry].add(code)
    return saturation([by_entry[pk] for pk in found.texts])


def prevalence_of(found: Reading) -> list[dict[str, Any]]:
    """Each code with the people who said it (not how often), their passages, and the cars that confirm those entries; the most
    people first, codes of one theme together."""
    entries: dict[int, set[int]] = defaultdict(set)
    passages: dict[int, int] = defaultdict(int)
    for entry, _start, code in found.held:
        entries[code].add(entry)
        passages[code] += 1
    rows = [
        {
            "code": code,
            "theme": code.theme,
            "people": len({found.entries[pk].author_id or -pk for pk in entries[code.pk]}),
            "passages": passages[code.pk],
            "cars": sum(found.entries[pk].car_count for pk in entries[code.pk]),
        }
        for code in found.book.codes.select_related("theme")
        if code.pk in entries
    ]
    weight: dict[int, int] = defaultdict(int)
    for row in rows:
        weight[row["theme"].pk if row["theme"] else 0] += row["people"]
    return sorted(
        rows, key=lambda row: (-(weight[row["theme"].pk]) if row["theme"] else 1, -row["people"], row["code"].pk)
    )


def together_of(found: Reading) -> list[dict[str, Any]]:
    """Pairs of codes that stand in the same passage, the most frequent first."""
    by_place: dict[tuple[int, int], set[int]] = defaultdict(set)
    for entry, start, code in found.held:
        by_place[entry, start].add(code)
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    for codes in by_place.values():
        ordered = sorted(codes)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                pairs[one, other] += 1
    names = {code.pk: code.name for code in found.book.codes.all()}
    most = sorted(pairs.items(), key=lambda row: (-row[1], row[0]))[:10]
    return [{"one": names[one], "other": names[other], "times": times} for (one, other), times in most]


def pieces_of(text: str, marks: Sequence[Mark]) -> list[list[dict[str, Any]]]:
    """A text in passages, each in pieces at every border of a mark: `start`, `text`, and the marks that lie on it."""
    found = []
    for start, end in passages_of(text):
        here = [mark for mark in marks if touches(mark.start, mark.end, (start, end))]
        cuts = sorted({start, end, *(at for mark in here for at in (mark.start, mark.end) if start < at < end)})
        found.append(
            [
                {
                    "start": first,
                    "text": text[first:last],
                    "marks": [m for m in here if touches(m.start, m.end, (first, last))],
                }
                for first, last in zip(cuts, cuts[1:], strict=False)
            ]
        )
    return found


def quotes_of(entry: Entry, user: Any, *, writes: bool) -> list[Quote]:
    """What was quoted of an entry, for its writers (`writes`, as the rule says) and for staff; nothing for others."""
    if not (user.is_staff or writes):
        return []
    return list(Quote.objects.filter(entry=entry).select_related("code", "entry"))


def marks_on(found: Reading, entry: int) -> list[Mark]:
    return [mark for mark in found.marks if mark.entry == entry]
