"""Take the answers of a survey away as a file. Who did, and how many, is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import ResponsesExported
from ..models import Survey, Task
from ..queries.codebook import codebook_of, codebook_sheet
from ..queries.exports import Export
from ..rules.sheets import as_csv, as_xlsx
from ..rules.surveys import FEWEST, can_export

KINDS = ("csv", "long", "xlsx", "codebook")
TYPES = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "long": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "codebook": ("json", "application/json; charset=utf-8"),
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


def _content(export: Export, kind: str) -> bytes:
    if kind == "codebook":
        return json.dumps(codebook_of(export), ensure_ascii=False, indent=2).encode()
    if kind == "xlsx":
        apart = [export.words()] if export.survey.is_anonymous else []
        return as_xlsx([export.wide(), *apart, export.long(), codebook_sheet(export)])
    return as_csv(export.wide() if kind == "csv" else export.long())
