"""`manage.py facts`: every fact, its fields and who listens; every periodic duty."""

from __future__ import annotations

from dataclasses import fields
from inspect import getdoc
from typing import Any

from django.core.management.base import BaseCommand

from kocforum.ledger.duties import Duty, known_duties
from kocforum.ledger.facts import known_facts
from kocforum.ledger.subscribers import listeners


class Command(BaseCommand):
    help = "Prints every fact with its fields and who listens, and every periodic duty with its rhythm."

    def handle(self, **options: Any) -> None:
        for name, cls in known_facts().items():
            said = ", ".join(f"{field.name}: {_type(field.type)}" for field in fields(cls))
            self.stdout.write(self.style.MIGRATE_HEADING(name) + f"({said})")
            told = (getdoc(cls) or "").splitlines()
            if told and not told[0].startswith(f"{cls.__name__}("):  # what dataclass writes by itself says nothing new
                self.stdout.write(f"    {told[0]}")
            for path in listeners(name):
                self.stdout.write(f"    → {path}")
        self.stdout.write("")
        for duty in known_duties().values():
            self.stdout.write(self.style.MIGRATE_HEADING(duty.name) + f"  {_rhythm(duty)}")


def _type(declared: Any) -> str:
    return declared if isinstance(declared, str) else getattr(declared, "__name__", str(declared))


def _rhythm(duty: Duty) -> str:
    return f"every {duty.interval}" + (f" at {duty.at:%H:%M}" if duty.at else "")
