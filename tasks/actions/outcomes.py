"""What came of a task, written by whoever acts on it. The apps above call this; the task never learns who they are."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member

from ..facts import OutcomeTold
from ..models import Outcome, Task


@transaction.atomic
def tell_outcome(
    *, by: Member | None, task: Task, key: str, label: str, url: str = "", state: str = "", note: str = ""
) -> Outcome:
    """Write or renew one outcome of a task: `key` names it for its owner, one row each.

    The caller decides who may; the words are public.
    """
    outcome, _new = Outcome.objects.update_or_create(
        task=task,
        key=key,
        defaults={"label": label[:160], "url": url, "state": state, "note": note[:300], "at": timezone.now()},
    )
    record(OutcomeTold(task_id=task.pk, outcome_id=outcome.pk, state=state), by=by)
    push(f"task:{task.pk}", "task.outcome", task.pk)
    return outcome
