"""What is being written, as its writers see it: the text now, what was saved before, what lies aside."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from kocforum.text import count_words, differences

from ..models import Entry, Manuscript, ManuscriptSave


def now_of(entry: Entry) -> dict[str, Any]:
    """The text to go on with: the manuscript, or what was given last; with the version and revision that it is."""
    here = Manuscript.objects.filter(entry=entry).first()
    text = here or entry
    return {"title": text.title, "body": text.body, "version": entry.version, "revision": _revision(entry, here)}


def _revision(entry: Entry, here: Manuscript | None) -> int:
    """Revisions count on over every manuscript that an entry had, as the lines of its history do: giving uses one up, and the
    next one must not be taken for it."""
    if here is None or here.revision == 0:
        rows = ManuscriptSave.objects.filter(entry=entry, aside=False)
        return rows.aggregate(last=Max("revision"))["last"] or 0
    return here.revision


def aside_of(entry: Entry) -> list[dict[str, Any]]:
    """Texts that met a newer one, each with what is different in it."""
    rows = list(ManuscriptSave.objects.filter(entry=entry, aside=True).select_related("by"))
    if not rows:
        return []
    now = now_of(entry)["body"]
    return [{"save": row, "changes": differences(now, row.body)} for row in rows]


def history_of(entry: Entry, shown: int = 0) -> Any:
    """The saves, the newest first, each with its words counted; with `shown` that one alone, and what it changed."""
    rows = ManuscriptSave.objects.filter(entry=entry, aside=False).select_related("by").order_by("-revision")
    if not shown:
        return [{"save": row, "words": count_words(row.body)} for row in rows]
    row = rows.filter(pk=shown).first()
    if row is None:
        return None
    before = rows.filter(revision__lt=row.revision).first()
    renamed = before is not None and before.title != row.title
    return {
        "save": row,
        "title": differences(before.title, row.title) if before and renamed else [],
        "changes": differences(before.body if before else "", row.body),
    }
