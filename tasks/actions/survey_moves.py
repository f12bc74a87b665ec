"""What becomes of an instrument when its task moves: the words are kept as people see them, anonymous answers are counted out."""

from __future__ import annotations

from kocforum.members.models import Member

from ..enums import TaskState
from ..models import Survey, Task, Wording
from ..queries.instruments import questionnaire_of
from ..rules.notation import to_data
from .ballots import count_out


def survey_moved(task: Task, by: Member | None) -> None:
    """In the transaction of the move. Opening keeps the words; what is over is counted out, also what came late (S5)."""
    survey = Survey.objects.filter(task=task).first()
    if survey is None:
        return
    if task.state == TaskState.OPEN:
        keep_wording(survey=survey, by=by)
    elif survey.is_anonymous and task.state in {TaskState.CLOSED, TaskState.ANALYSED, TaskState.CANCELLED}:
        count_out(survey=survey)


def keep_wording(*, survey: Survey, by: Member | None) -> None:
    """The words of this version, once."""
    questions = [to_data(item) for item in questionnaire_of(survey, pictures=True).items]
    Wording.objects.get_or_create(survey=survey, version=survey.version, defaults={"questions": questions, "by": by})
