"""Which surveys may lie under a ticket: those whose numbers stand, and whose promise allows that colleagues read them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tasks.enums import ResultsPromise, TaskForm, TaskState
from tasks.models import Survey, Task

# From here on nobody answers any more. What was cancelled has no results.
ENDED = frozenset({TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED})


def against_evidence(task: Task) -> str:
    """The sentence that stands against putting a task under a ticket, or ""."""
    if task.form != TaskForm.SURVEY:
        return _("“%(title)s” is not a survey.") % {"title": task.title}
    if task.state not in ENDED:
        return _("“%(title)s” is at “%(state)s”. A survey is evidence once it is closed and its numbers stand.") % {
            "title": task.title,
            "state": task.get_state_display(),
        }
    if Survey.objects.filter(task=task, results=ResultsPromise.NEVER).exists():
        return _(
            "Whoever answered “%(title)s” was promised that only those who analyse it read the results. "
            "A ticket is read by others too."
        ) % {"title": task.title}
    return ""
