"""`manage.py verify_audit`: is the chain whole, and the evidence what was frozen?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insights.queries.audit import verify


class Command(BaseCommand):
    help = "Check the hash chain of the evidence and the audit log. Exit code 1 when it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = verify()
        if checked.broken:
            raise CommandError(
                f"BROKEN: {checked.broken}. {checked.entries} audit entries before it hold.", returncode=1
            )
        self.stdout.write(
            self.style.SUCCESS(
                f"The chain holds: {checked.entries} audit entries, {checked.snapshots} evidence snapshots."
            )
        )
