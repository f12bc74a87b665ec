"""What the columns of an export mean."""

from __future__ import annotations

from typing import Any

from ..rules.notation import to_data
from ..rules.sheets import Table
from ..rules.surveys import FEWEST
from .columns import COULD_NOT_JUDGE, NOT_ANSWERED, NOT_SHOWN
from .exports import FACTS, Export

CODES = {NOT_SHOWN: "not shown", NOT_ANSWERED: "seen and not answered", COULD_NOT_JUDGE: "could not judge"}


def codebook_of(export: Export) -> dict[str, Any]:
    """As JSON: the survey, its promises, every question with its words at each version, and every column."""
    survey, task = export.survey, export.survey.task
    wordings = [
        {"version": one.version, "from": one.at.date().isoformat(), "changes": one.changes}
        for one in survey.wordings.all()
    ]
    return {
        "survey": task.pk,
        "title": task.title,
        "why": task.why,
        "decision": task.decision,
        "privacy": survey.privacy,
        "results": survey.results,
        "opened": task.opened_at.date().isoformat() if task.opened_at else None,
        "closed": task.closed_at.date().isoformat() if task.closed_at else None,
        "responses": export.size,
        "hidden_below": FEWEST,
        "left_out": sorted(export.hidden),
        "codes": {code or "(empty)": meaning for code, meaning in CODES.items()},
        "facts": FACTS,
        "wordings": wordings,
        "questions": [to_data(item) for item in export.items],
        "columns": [
            {"name": column.name, "question": column.item.key, "part": column.part, "text": column.is_text}
            for column in export.columns
        ],
    }


def codebook_sheet(export: Export) -> Table:
    """The same as a sheet: a line per column and per code of it."""
    rows: list[list[Any]] = []
    for column in export.columns:
        labels = {one.key: one.label for one in column.item.choices}
        rows.append([column.name, column.item.text, column.item.type, "", labels.get(column.part, "")])
        if not column.part and not column.words:
            rows += [[column.name, "", "", key, label] for key, label in labels.items()]
    rows += [["*", meaning, "", code, ""] for code, meaning in CODES.items()]
    return Table(title="codebook", head=["column", "question", "type", "code", "label"], rows=rows)
