"""`manage.py reindex`: the search index from the rows of every registered kind."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kocforum.search.actions import rebuild
from kocforum.search.kinds import kinds


class Command(BaseCommand):
    help = "Rebuild the search index from the rows of every registered kind. Safe while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kinds", nargs="*", help="only these kinds")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["kinds"]) - set(kinds())
        if unknown:
            raise CommandError(
                f"Nobody registered: {', '.join(sorted(unknown))}. Known: {', '.join(kinds()) or 'none'}."
            )
        for name, count, forgotten in rebuild(options["kinds"]):
            self.stdout.write(f"{name}: {count} indexed, {forgotten} forgotten")
