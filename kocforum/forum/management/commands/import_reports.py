"""`manage.py import_reports FILE.csv --mapping MAP.toml [--dry-run]`: field reports from a foreign file."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import override

from kocforum.errors import Refused
from kocforum.forum.actions.import_catalogue import prepare_catalogue
from kocforum.forum.actions.imports import ForeignReport, Imported, import_reports
from kocforum.forum.imports.encodings import Undecided, decode
from kocforum.forum.imports.mapping import AnotherSchema, BadMapping, Meaning, load
from kocforum.forum.imports.meaning import Reader, Senseless
from kocforum.forum.imports.rows import Broken, Table
from kocforum.forum.models import Board, Report

AT_ONCE = 100


class Command(BaseCommand):
    help = "Import field reports from a CSV file by a mapping. A second run adds nothing; nothing is half imported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--mapping", type=Path, required=True, metavar="MAP.toml", help="see docs/imports/")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and let nothing happen")

    def handle(self, *, file: Path, mapping: Path, dry_run: bool, **options: object) -> None:
        self.became: Counter[str] = Counter()
        self.started = time.monotonic()
        with override("en"):  # one language for the whole of what is printed
            meaning, table = self._open(file, mapping)
            reader = Reader(meaning)
            told = self._read(table, reader)
            with transaction.atomic():
                board = prepare_catalogue(**meaning.catalogue)
                if dry_run:
                    self._import(told, meaning, board)
                    transaction.set_rollback(True)
            if not dry_run:
                self._import(told, meaning, board)
        for (column, cell), times in reader.left_out.most_common():
            self.stderr.write(f'{column}: "{cell}" is not in the mapping and counts as "otherwise" ({times} times)')
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        counts = (f"{name} {self.became[name]}" for name in (*Imported, "refused"))
        self.stdout.write(", ".join(counts))

    def _open(self, file: Path, mapping: Path) -> tuple[Meaning, Table]:
        try:
            meaning = load(mapping)
        except BadMapping as wrong:
            raise CommandError(f"{mapping}: {wrong}.")
        try:
            text, encoding = decode(file.read_bytes(), meaning.encoding)
        except (OSError, Undecided) as wrong:
            raise CommandError(f"{file} cannot be read: {wrong}.")
        table = Table(text, meaning.delimiter)
        table.header = meaning.named(table.header)
        try:
            meaning.check(table.header)
        except AnotherSchema as wrong:
            raise CommandError(f"{file} is of another schema than {mapping.name}: {wrong}.", returncode=2)
        self.stdout.write(f"{file.name} read as {encoding}, {len(table.header)} columns.")
        return meaning, table

    def _read(self, table: Table, reader: Reader) -> list[tuple[int, ForeignReport]]:
        """All reports of the file with their lines: versions of one report together, the earliest first."""
        told: list[tuple[int, ForeignReport]] = []
        for row in table.rows():
            if isinstance(row, Broken):
                self._refuse(row.line, row.reason)
                continue
            try:
                told.append((row.line, reader.report(row)))
            except Senseless as wrong:
                self._refuse(row.line, str(wrong))
        place: dict[str, int] = {}
        for line, report in told:
            place.setdefault(report.key, line)
        return sorted(told, key=lambda one: (place[one[1].key], one[1].version, one[0]))

    def _refuse(self, line: int, reason: str) -> None:
        self.became["refused"] += 1
        self.stderr.write(f"line {line}: {reason}")

    def _import(self, told: list[tuple[int, ForeignReport]], meaning: Meaning, board: Board) -> None:
        """Some rows to a transaction, each in a savepoint of its own: a killed run has whole rows, and the next one goes on."""
        there = dict(Report.objects.filter(source=meaning.source).values_list("source_key", "source_version"))
        done = 0
        for some in _batches(told):
            new = [(line, report) for line, report in some if there.get(report.key, 0) < report.version]
            self.became[Imported.PRESENT] += len(some) - len(new)
            became = import_reports(told=[report for _line, report in new], board=board) if new else []
            for (line, _report), row in zip(new, became, strict=True):
                self._note(line, row)
            done += len(some)
            self._progress(done, len(told))

    def _note(self, line: int, became: Report | Exception) -> None:
        if isinstance(became, Report):
            self.became[became.imported] += 1
        elif isinstance(became, Refused):
            self._refuse(line, str(became))
        else:
            self._refuse(line, f"the database does not take it: {str(became).strip().splitlines()[0]}")

    def _progress(self, done: int, of: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{done} of {of} rows, {time.monotonic() - self.started:.0f} s", ending="\r")
            self.stdout.flush()


def _batches(told: Iterable[tuple[int, ForeignReport]]) -> Iterator[list[tuple[int, ForeignReport]]]:
    """Parts of about a hundred rows; versions of one report are never parted."""
    waiting: list[tuple[int, ForeignReport]] = []
    for _key, same in groupby(told, key=lambda one: one[1].key):
        waiting += same
        if len(waiting) >= AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
