"""`manage.py jobs`: a worker process."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kocforum.ledger.worker import Worker


class Command(BaseCommand):
    help = (
        "Runs background jobs and periodic duties until SIGTERM or Ctrl-C, which lets the running job finish; "
        "a second one ends it at once. Run as many as you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and queued now, then end")
        parser.add_argument(
            "--look-every", type=float, default=0.3, metavar="SECONDS", help="pause when there is nothing to do (0.3)"
        )

    def handle(self, *, once: bool, look_every: float, **options: Any) -> None:
        worker = Worker(look_every=look_every)
        if once:
            worker.run_until_idle()
            return
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        worker.start()
        self.stdout.write("The worker runs. Ctrl-C lets the running job finish and ends it.")
        try:
            worker.join()
        except KeyboardInterrupt:
            worker.stop()
            worker.join()
