"""The forms that this house has: each tells the shell what only it knows. A form that is not registered is in no menu.

The shell (tasks, audiences, invitations, reports) knows no form; a form registers itself in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Finder = Callable[[Any], Any]


def _nothing(task: Any, user: Any) -> dict[str, Any]:
    return {}


def _nothing_against(task: Any) -> list[str]:
    return []


def _all_of_it(task: Any) -> int:
    return task.seconds


def _nobody(task: Any) -> Iterable[int]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """What a form tells of its tasks.

    `problems(task)`: sentences that stand against opening it, none when it is ready. `figures(task)`: the results as
    plain data, frozen in the report. `bring(tasks)`: give every task what its lines and pages show, in a fixed number of
    queries. `page(task, user)`: what its parts of a page need besides. `may_open(user, task)`: whether this person may open
    or schedule it, as a rule answers. `moved(task, by)`: in the transaction of every move, after it. `new`:
    (words, name of the address) of each way to begin a draft, the usual first. `edit(task)`: the address where a draft is
    changed; `again(task)`: where the next wave of a task is begun.
    `desk(task, user)`: what its part of a colleague's page needs besides.
    `cost(task)`: seconds that an invitation takes from what a member gives the brand each month, as the form counts them.
    `listeners(task)`: members who spoke without taking part as those asked do, and hear what came of it as well.
    `against_report(task)`: sentences that stand against telling what came of it, none when nothing is left open. `partials`: templates by the place where they stand: "card" (to
    answer in a list), "page" (the task's own page), "desk" (for colleagues).
    """

    form: str
    problems: Callable[[Any], list[str]]
    figures: Callable[[Any], dict[str, Any]]
    bring: Callable[[Iterable[Any], Any], None]
    page: Callable[[Any, Any], dict[str, Any]]
    may_open: Callable[[Any, Any], Any]
    moved: Callable[[Any, Any], None]
    new: Sequence[tuple[Any, str]]
    edit: Callable[[Any], str]
    again: Callable[[Any], str]
    partials: dict[str, str]
    cost: Callable[[Any], int] = _all_of_it
    listeners: Callable[[Any], Iterable[int]] = _nobody
    against_report: Callable[[Any], list[str]] = _nothing_against
    desk: Callable[[Any, Any], dict[str, Any]] = _nothing
    css: str = ""


_instruments: dict[str, Instrument] = {}


def register(instrument: Instrument) -> None:
    """This house has this form."""
    _instruments[instrument.form] = instrument


def instrument_of(form: str) -> Instrument | None:
    return _instruments.get(form)


def forms() -> list[str]:
    """The forms that there are, in the order of registration."""
    return list(_instruments)
