"""Keeps a server alive: what serves is a fork of a process that has everything in memory and does nothing but wait.

Starting anew costs seconds, most of them imports; a fork of a process that has imported everything costs a few milliseconds. So whoever serves
may be killed: another takes its place at once, on the same listening socket, in whose queue those who knock meanwhile wait. Ctrl-C and SIGTERM
are passed on, and it ends when they have ended. If the keeper itself is killed, those who serve end with it: nobody serves whom nobody can stop.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

log = logging.getLogger("kocforum.server")

SIGNS = (signal.SIGINT, signal.SIGTERM)
EARLY = 5.0  # seconds: whoever ends sooner never served
EARLY_ENDS = 3  # in a row: then it is no accident, and whoever started this is told


def keep(serve: Callable[[int], None], places: int = 1) -> int:
    """Call `serve(place)` in a process of its own for each place, and again whenever one ends, until told to stop. Answers the exit code.

    Call it before any thread and any connection is begun: a fork has neither.
    """
    return _Keeper(serve).run(places)


@dataclass(frozen=True)
class _Serving:
    place: int
    since: float


class _Keeper:
    def __init__(self, serve: Callable[[int], None]) -> None:
        self._serve = serve
        self._serving: dict[int, _Serving] = {}
        self._stopping = False
        self._early = 0
        self._alive = os.pipe()  # nobody ever writes: that it ends says that the keeper has

    def run(self, places: int) -> int:
        for sign in SIGNS:
            signal.signal(sign, self._stop)
        for place in range(places):
            self._begin(place)
        code = 0
        while self._serving:
            process, status = os.wait()
            ended = self._serving.pop(process, None)
            if ended is None or self._stopping:
                continue
            how = os.waitstatus_to_exitcode(status)
            self._early = self._early + 1 if time.monotonic() - ended.since < EARLY else 0
            if self._early < EARLY_ENDS:
                log.error("Process %s ended with %s; another one takes its place.", process, how)
                self._begin(ended.place)
            else:
                log.error("Process %s ended with %s as the others before it; giving up.", process, how)
                code = how if how > 0 else 1
                self._stop()
        return code

    def _begin(self, place: int) -> None:
        # Without signals in between: one that came here would be known to neither of the two.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNS)
        try:
            if self._stopping:
                return
            if process := os.fork():
                self._serving[process] = _Serving(place, time.monotonic())
            else:
                self._be_served(place)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNS)

    def _be_served(self, place: int) -> None:
        """In the fork. Never returns into what the keeper was doing."""
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.close(self._alive[1])
            threading.Thread(target=self._end_with_the_keeper, daemon=True).start()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNS)
            self._serve(place)
            code = 0
        except SystemExit as said:
            code = said.code if isinstance(said.code, int) else 1
        except BaseException:
            log.exception("The server broke.")
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)

    def _end_with_the_keeper(self) -> None:
        os.read(self._alive[0], 1)
        os._exit(1)

    def _stop(self, *_said: Any) -> None:
        """As SIGTERM, whatever was said: Ctrl-C in a terminal reaches those who serve by itself, and twice would mean without a goodbye."""
        self._stopping = True
        for process in list(self._serving):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
