"""`manage.py demo`: the demo community, once."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kocforum.home.demo.loader import NotEmpty, is_loaded, left_undone, load
from kocforum.home.demo.people import SIGN_INS


class Command(BaseCommand):
    help = "Load the demo community: 46 people, 40 threads, nine polls, three surveys and what became of them. Loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--known-passwords",
            action="store_true",
            help="load it in production too, although everybody knows its passwords",
        )

    def handle(self, **options: object) -> None:
        if settings.PRODUCTION and not options["known_passwords"]:
            raise CommandError("Everybody knows the passwords of the demo. In production say --known-passwords.")
        if is_loaded():
            self.stdout.write("The demo community is here already.")
        else:
            self._load()
        self.stdout.write("Sign-ins, name and password:")
        for name in SIGN_INS:
            self.stdout.write(f"  {name:<12} demo-{name}")

    def _load(self) -> None:
        started = time.monotonic()
        try:
            community = load(self._progress)
        except NotEmpty as taken:
            raise CommandError(f"These user names are taken, so the demo was not loaded: {taken}.")
        self.stdout.write(
            f"{len(community.members)} people, {len(community.reports)} reports and"
            f" {len(community.threads) - len(community.reports)} conversations, {len(community.topics)} topics,"
            f" {len(community.tickets)} tickets, {len(community.releases)} releases,"
            f" {len(community.tasks)} polls, surveys, long conversations and workshops"
            f" in {time.monotonic() - started:.0f} s."
        )
        if undone := left_undone():
            self.stderr.write(f"{len(undone)} deliveries failed and are tried again; the first: {undone[0]}")
            self.stderr.write(undone[0].error.strip().splitlines()[-1])

    def _progress(self, done: int, of: int) -> None:
        if done % (100 if not self.stdout.isatty() else 10) and done != of:
            return
        self.stdout.write(f"{done} of {of} events", ending="\r" if self.stdout.isatty() and done != of else "\n")
        self.stdout.flush()
