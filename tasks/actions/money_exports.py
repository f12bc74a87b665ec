"""Take expenses away as a file, for the books of finance. Who did is written down."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import MoneyExported
from ..models import Initiative
from ..queries.money_exports import table_of_expenses
from ..rules.money import is_money_staff
from ..rules.sheets import as_csv, as_xlsx
from .exports import TYPES, File

WRITERS = {"csv": as_csv, "xlsx": lambda table: as_xlsx([table])}


@transaction.atomic
def export_expenses(*, by: Member, initiative: Initiative | None = None, kind: str = "csv") -> File:
    """One row for each expense, of one initiative or of all: `csv`, or `xlsx`, where a spreadsheet leaves the twenty digits of a
    fapiao as they are."""
    require(is_money_staff(by), _("Approvers and finance take expenses away."))
    if kind not in WRITERS:
        raise Invalid({"as": _("csv or xlsx.")})
    table = table_of_expenses(by, initiative)
    number = initiative.pk if initiative else 0
    record(MoneyExported(initiative_id=number, expenses=len(table.rows)), by=by)
    name = f"expenses-{number}.{kind}" if initiative else f"expenses.{kind}"
    return File(name=name, content_type=TYPES[kind][1], content=WRITERS[kind](table))
