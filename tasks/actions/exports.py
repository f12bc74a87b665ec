"""Take answers of a survey, or codes of a call, away as a file. Who did is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import CodingExported, ResponsesExported
from ..models import Call, Survey, Task
from ..queries.codebook import codebook_of, codebook_sheet
from ..queries.coding import reading_of
from ..queries.coding_exports import as_markdown, as_table
from ..queries.coding_project import as_qdpx
from ..queries.exports import Export
from ..queries.quotes import wall_of
from ..rules.coding import can_see_coding
from ..rules.sheets import as_csv, as_xlsx
from ..rules.surveys import FEWEST, can_export
from .codes import codebook_of_call

KINDS = ("csv", "long", "xlsx", "codebook")
TYPES = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "long": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "codebook": ("json", "application/json; charset=utf-8"),
}
CODING = {
    "md": (as_markdown, "text/markdown; charset=utf-8"),
    "csv": (as_table, "text/csv; charset=utf-8"),
    "qdpx": (as_qdpx, "application/zip"),
}


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to hand over."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def export_survey(*, by: Member, task: Task, kind: str) -> File:
    """`csv` one row per response, `long` one per answer, `xlsx` both with the codebook, `codebook` as JSON."""
    survey = Survey.objects.select_related("task").get(task=task)
    require(can_export(by, survey) or Forbidden(_("Only researchers take answers away.")), "")
    if kind not in KINDS:
        raise Invalid({"as": _("csv, long, xlsx or codebook.")})
    export = Export(survey)
    if export.size < FEWEST and kind != "codebook":
        raise Conflict(_("Fewer than five have answered. Nothing is handed out that could show who said what."))
    record(ResponsesExported(task_id=task.pk, as_kind=kind, responses=export.size), by=by)
    ending, content_type = TYPES[kind]
    name = f"{slugify(survey.task.title, allow_unicode=True)[:40] or 'survey'}-{task.pk}{'' if kind in {'csv', 'xlsx'} else f'-{kind}'}.{ending}"
    return File(name=name, content_type=content_type, content=_content(export, kind))


@transaction.atomic
def export_coding(*, by: Member, call: Call, kind: str, round: int | None = None) -> File:
    """Codes, passages, what was settled and quoted in a round, as far as this colleague may see them: `md` to read, `csv` to
    count, `qdpx` for other programs."""
    require(can_see_coding(by, call), _("Only researchers code."))
    if kind not in CODING:
        raise Invalid({"as": _("md, csv or qdpx.")})
    write, content_type = CODING[kind]
    found = reading_of(codebook_of_call(call), by, round)
    content = write(call, found, wall_of(call, by, found.round))
    record(CodingExported(task_id=call.task_id, as_kind=kind), by=by)
    return File(name=f"coding-{call.task_id}-{found.round}.{kind}", content_type=content_type, content=content)


def _content(export: Export, kind: str) -> bytes:
    if kind == "codebook":
        return json.dumps(codebook_of(export), ensure_ascii=False, indent=2).encode()
    if kind == "xlsx":
        apart = [export.words()] if export.survey.is_anonymous else []
        return as_xlsx([export.wide(), *apart, export.long(), codebook_sheet(export)])
    return as_csv(export.wide() if kind == "csv" else export.long())
