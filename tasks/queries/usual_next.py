"""What usually comes after a task or out of a thread, with its evidence carried along (research: the escalation ladder)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kocforum.forum.models import Corroboration, Thread

from ..enums import TaskForm, TaskState
from ..instruments import instrument_of
from ..models import Task
from .answers import Answers
from .polls import OptionDraft, drafted_options
from .results import Results, all_results

OVER = (TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED)


@dataclass(frozen=True)
class Step:
    """One usual next task: its form, why, and the address of the draft that carries the evidence."""

    form: TaskForm
    why: str
    url: str


def usual_next(task: Task) -> list[Step]:
    """For a task that is over. A form that this house does not have is not proposed."""
    if task.state not in OVER:
        return []
    if task.form == TaskForm.CALL:
        words = _("A few have told why. How many see it so, a survey tells.")
        return [Step(TaskForm.SURVEY, words, f"{reverse('survey_new')}?parent={task.pk}")]
    if task.form == TaskForm.WORKSHOP:
        words = _("A few have decided in one room. How many see it so, a survey tells.")
        return [Step(TaskForm.SURVEY, words, f"{reverse('survey_new')}?parent={task.pk}")]
    wave = instrument_of(TaskForm.SURVEY)
    if wave is None:
        return []
    words = _("The same question some weeks later shows what has changed.")
    return [Step(TaskForm.SURVEY, words, wave.again(task))]


def carried_from(task: Task) -> tuple[list[OptionDraft], dict[str, Any]]:
    """Options and values of the next wave of a poll, without the old guesses; the result stands as its basis."""
    options = [replace(option, guess=None) for option in drafted_options(task.survey)]
    return options, {"title": task.title, "why": task.why, "decision": task.decision, "basis": evidence_of(task)[:300]}


def evidence_of(task: Task) -> str:
    """The result of a poll in a sentence for colleagues."""
    found = next(iter(all_results(Answers(task.survey))), None)
    if found is None or found.suppressed:
        return _("“%(title)s”: too few answers to be shown.") % {"title": task.title}
    return _("“%(title)s”, %(base)s answers: %(shares)s.") % {
        "title": task.title,
        "base": found.base,
        "shares": _(", ").join(_share(found)),
    }


def _share(found: Results) -> list[str]:
    ranked = sorted((one for one in found.options if not one.suppressed), key=lambda one: -one.count)
    return [f"{one.label} {one.count}" for one in ranked[:4]]


def carried_from_thread(thread: Thread) -> dict[str, Any]:
    """What a poll beside a thread rests on: how many cars answered the report."""
    cars = Corroboration.objects.standing().filter(report__thread=thread).values("vehicle").distinct().count()
    words = ngettext("%(n)s car answered “%(title)s”.", "%(n)s cars answered “%(title)s”.", cars)
    return {"basis": (words % {"n": cars, "title": thread.title})[:300]}
