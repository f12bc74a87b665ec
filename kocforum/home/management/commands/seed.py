"""`manage.py seed`: a large synthetic community, for measuring."""

from __future__ import annotations

import random
import time
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone, translation

from kocforum.forum.models import Board
from kocforum.home.demo.catalogue import set_up
from kocforum.home.demo.community import Community
from kocforum.home.seed.people import username, write_people
from kocforum.home.seed.polls import write_poll
from kocforum.home.seed.reports import Catalogue, write_reports
from kocforum.home.seed.texts import Texts
from kocforum.home.seed.threads import write_threads
from kocforum.members.models import Member
from tasks.queries.placing import forget_places

POSTS_AT_ONCE = 4000
REPORTS_AT_ONCE = 250
WIDTH = 30


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


class Command(BaseCommand):
    help = "Write a large synthetic community: members with cars, discussions, reports with answers, polls that all answered. The same seed and day, the same community."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=_number, default=1000, help="discussions, besides the reports")
        parser.add_argument("--posts-per-thread", type=_number, default=10, help="the opening post among them")
        parser.add_argument("--reports", type=_number, default=200, help="each with up to six corroborations")
        parser.add_argument("--polls", type=_number, default=3, help="each answered by every member")
        parser.add_argument("--members", type=_number, default=200)
        parser.add_argument("--seed", type=_number, default=1)
        parser.add_argument("--unsearched-replies", action="store_true", help="search finds only threads and reports")

    def handle(self, **options) -> None:
        seed, members = options["seed"], options["members"]
        if not members or (options["threads"] and not options["posts_per_thread"]):
            raise CommandError("A community needs a member, and a thread needs a post.")
        if Member.objects.filter(username=username(seed, 0)).exists():
            raise CommandError(f"Seed {seed} is here already. Take another number.")
        self.started, self.shown = time.monotonic(), -1
        anchor = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        with translation.override("zh-hans"):
            with transaction.atomic():
                set_up(Community(anchor.date()))
                owners = write_people(seed, members, anchor)
            self.stdout.write(f"{members} members in {time.monotonic() - self.started:.0f} s.")
            texts = Texts(seed)
            self._threads(owners, texts, anchor, options)
            self._reports(owners, texts, anchor, options)
            self._polls(owners, anchor, options)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA optimize")
        self.stdout.write(
            f"{options['threads']} threads of {options['posts_per_thread']} posts, {options['reports']} reports"
            f" and {options['polls']} polls"
            f" in {time.monotonic() - self.started:.0f} s."
        )

    def _threads(self, owners, texts, anchor, options) -> None:
        boards = list(Board.objects.filter(only_staff_opens=False, visibility="public").order_by("position", "id"))
        dice = random.Random(f"{options['seed']}:threads")
        size = max(1, POSTS_AT_ONCE // max(1, options["posts_per_thread"]))
        for done in range(0, options["threads"], size):
            count = min(size, options["threads"] - done)
            write_threads(
                dice,
                count=count,
                posts_each=options["posts_per_thread"],
                boards=boards,
                owners=owners,
                texts=texts,
                anchor=anchor,
                search_replies=not options["unsearched_replies"],
            )
            self._bar("threads", done + count, options["threads"])

    def _reports(self, owners, texts, anchor, options) -> None:
        catalogue, dice = Catalogue(), random.Random(f"{options['seed']}:reports")
        for done in range(0, options["reports"], REPORTS_AT_ONCE):
            count = min(REPORTS_AT_ONCE, options["reports"] - done)
            write_reports(dice, count=count, owners=owners, catalogue=catalogue, texts=texts, anchor=anchor)
            self._bar("reports", done + count, options["reports"])

    def _polls(self, owners, anchor, options) -> None:
        dice = random.Random(f"{options['seed']}:polls")
        for number in range(options["polls"]):
            write_poll(dice, number=number, owners=owners, anchor=anchor)
            self._bar("polls", number + 1, options["polls"])
        forget_places()

    def _bar(self, what: str, done: int, of: int) -> None:
        """A line that fills; where nobody watches, a line at every tenth."""
        share, alive = done / of, self.stdout.isatty()
        if not alive and int(share * 10) == self.shown and done != of:
            return
        self.shown = int(share * 10)
        bar = "#" * int(share * WIDTH)
        line = f"[{bar:.<{WIDTH}}] {done:,} of {of:,} {what}, {time.monotonic() - self.started:.0f} s"
        self.stdout.write(line, ending="\r" if alive and done != of else "\n")
        self.stdout.flush()
