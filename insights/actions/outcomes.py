"""What came of a survey or a call, told to those who answered it: tasks keep the words, the way back to the ticket stays here."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction

from kocforum.members.models import Member
from tasks.actions.outcomes import tell_outcome
from tasks.models import Outcome

from ..models import Ticket
from ..queries.outcomes import family_of, head_of, key_of, outcomes_of, public_place, public_status_of
from ..queries.subjects import tickets_of_thread
from ..queries.surveys import tasks_under
from . import audit


def tell_outcomes(*, by: Member | None, ticket: Ticket) -> None:
    """Say what came of the surveys and calls under a ticket, where it is not said already. Part of an action.

    A merged ticket speaks with the words of the one it belongs to now, in its own row: nobody reads one matter twice.
    """
    head = head_of(ticket)
    tasks = list(tasks_under(family_of(head)))
    if not tasks:
        return
    place, status = public_place(head), public_status_of(head)
    rows: dict[int, list[Outcome]] = defaultdict(list)
    for row in outcomes_of(head).filter(task__in=tasks):
        rows[row.task_id].append(row)
    for task in tasks:
        label, url = place or (task.title, "")
        said = {"label": label, "url": url, "state": status, "note": head.public_note}
        keys = [row.key for row in rows[task.pk] if not _says(row, said)] if rows[task.pk] else [key_of(head.pk)]
        for key in keys:
            tell_outcome(by=by, task=task, key=key, **said)


@transaction.atomic
def tell_outcomes_anew(*, thread_id: int) -> None:
    """A thread was hidden, shown again or moved: what came of surveys names what everybody can read now.

    It takes its turn with the moves of tickets, so that no older state is written over a newer one.
    """
    audit.begin()
    for ticket in tickets_of_thread(thread_id):
        tell_outcomes(by=None, ticket=ticket)


def _says(row: Outcome, said: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in said.items())
