"""Tables as files: CSV that spreadsheets open as it is, and XLSX. What was typed stays text and never becomes a formula (S20)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

BOM = "\ufeff"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(kw_only=True)
class Table:
    """Rows under a head. Every row has as many cells as the head."""

    title: str
    head: list[str]
    rows: list[list[Any]] = field(default_factory=list)


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark and CRLF (RFC 4180), as Excel reads it. Text that would begin a formula gets a `'` before it."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([defused(name) for name in table.head])
    writer.writerows([defused(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8", "replace")


def defused(cell: Any) -> Any:
    """Numbers stay numbers; text that a spreadsheet would reckon with is marked as text."""
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\x00", "")
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet for each. Text cells are text whatever they begin with; what XML cannot hold is left out."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title)
        sheet.freeze_panes = "A2"
        for row in [table.head, *table.rows]:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=_holdable(value))
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _holdable(value: Any) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767] if isinstance(value, str) else value
