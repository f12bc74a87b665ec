"""The one that keeps a server alive, over servers that are one line each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.house import ROOT


@pytest.fixture
def kept() -> Iterator[Callable[..., Any]]:
    """`kept(serve, places)`: the source of a function of `place`, in a process that keeps it."""
    started: list[subprocess.Popen[str]] = []

    def start(serve: str, places: int = 1) -> subprocess.Popen[str]:
        source = f"import os, sys, time\nfrom kocforum.keeper import keep\n{serve}\nsys.exit(keep(serve, {places}))"
        pipe = subprocess.PIPE
        started.append(subprocess.Popen([sys.executable, "-c", source], cwd=ROOT, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


SAYS_WHO_IT_IS = """
def serve(place):
    os.write(1, f"{place} {os.getpid()}\\n".encode())  # at once, so that two do not share a line
    time.sleep(600)
"""


def test_each_place_is_kept_and_the_others_are_left_alone(kept):
    keeper = kept(SAYS_WHO_IT_IS, places=2)
    began = dict(reversed(keeper.stdout.readline().split()) for _place in range(2))
    assert sorted(began.values()) == ["0", "1"]
    killed = next(pid for pid, place in began.items() if place == "1")
    os.kill(int(killed), signal.SIGKILL)
    place, fresh = keeper.stdout.readline().split()
    assert place == "1"
    assert fresh not in began
    keeper.send_signal(signal.SIGTERM)
    rest, said = keeper.communicate(timeout=20)
    assert (rest, keeper.returncode) == ("", 0)
    assert f"Process {killed} ended with -9" in said


def test_what_ends_again_and_again_is_given_up_with_its_own_code(kept):
    keeper = kept("def serve(place): sys.exit(7)")
    _out, said = keeper.communicate(timeout=20)
    assert keeper.returncode == 7
    assert said.count("another one takes its place") == 2
    assert said.count("giving up") == 1


def test_what_breaks_says_why(kept):
    keeper = kept("def serve(place): raise OSError('no room left')")
    _out, said = keeper.communicate(timeout=20)
    assert keeper.returncode == 1
    assert "no room left" in said
