"""A survey as the shell around it needs it: whether it is ready, its figures, what its pages show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ..enums import Privacy, QuestionType
from ..models import Invitation, QuotaCell, Survey, Task
from ..rules.questionnaire import problems_of as problems_of_questions
from ..rules.surveys import can_answer, can_withdraw_response
from .advisor import margin_of
from .instruments import questionnaire_of
from .polls import is_poll
from .progress import respondents
from .respondents import own_draft, own_response
from .results import Results, results_of, shown, tells
from .tallies import tally


def problems_of(task: Task) -> list[str]:
    """What stands against opening a survey: the graph of its questions, and promises that do not fit them."""
    survey = Survey.objects.filter(task=task).first()
    questions = questionnaire_of(survey, pictures=True).items if survey else ()
    if survey is None or not questions:
        return [_("There is no question yet.")]
    against = problems_of_questions(questions)
    said = [
        _("“%(question)s”: %(why)s") % {"question": item.text or item.key, "why": why}
        for item in questions
        for why in against.get(item.key, [])
    ]
    if survey.is_anonymous and any(item.type == QuestionType.PHOTO for item in questions):
        said.append(_("A photo shows whose it is. An anonymous survey asks for none."))
    if survey.is_anonymous and QuotaCell.objects.filter(survey=survey, option__isnull=False).exists():
        said.append(
            _("A quota of an answer would tell who gave it. An anonymous survey has quotas over cars and levels only.")
        )
    return said


def edit_address(task: Task) -> str:
    """Where a draft is changed: a poll on its short page, everything else in the builder."""
    return reverse("poll_edit" if fits_the_short_page(task) else "survey_edit", args=[task.pk])


def again_address(task: Task) -> str:
    """Where the next wave is begun."""
    return f"{reverse('poll_new' if fits_the_short_page(task) else 'survey_new')}?parent={task.pk}"


def fits_the_short_page(task: Task) -> bool:
    """Whether the page of a poll holds all that is asked and promised."""
    survey = Survey.objects.prefetch_related("questions__options").get(task=task)
    questions = list(survey.questions.all())
    return (
        survey.privacy == Privacy.CONFIDENTIAL
        and (not questions or is_poll(questions, survey))
        and not QuotaCell.objects.filter(survey=survey).exists()
    )


def figures_of(task: Task) -> dict[str, Any]:
    """The results as plain data for the report: whole numbers, suppressed where too few answered."""
    survey = task.survey
    answers = list(survey.responses.counted().values_list("answers", flat=True))
    questions = [figure_of(shown(item, tally(item, answers))) for item in questionnaire_of(survey).items]
    return {"invited": invited(task), "respondents": respondents(task), "questions": questions}


def figure_of(found: Results) -> dict[str, Any]:
    """One question as plain data without fractions: means and scores are written out."""
    row: dict[str, Any] = {"key": found.item.key, "text": found.item.text, "base": found.base}
    if found.suppressed:
        return {**row, "suppressed": True}
    if found.options:
        row["options"] = [
            {"key": one.key, "label": one.label, **({"suppressed": True} if one.suppressed else {"count": one.count})}
            for one in found.options
        ]
    if mean := found.mean:
        row["mean"] = [f"{number:.2f}" for number in mean]
    if found.nps:
        row["nps"] = [f"{number:.1f}" for number in found.nps]
    return row


def invited(task: Task) -> int:
    """How many stand in the frozen audience."""
    return Invitation.objects.filter(task=task).count()


def page_of(task: Task, user: Any) -> dict[str, Any]:
    """What the parts of a survey's pages need besides the instrument."""
    if not hasattr(task, "survey"):
        return {}
    size, answered = task.audience.size, respondents(task)
    results = results_of(task.survey, user)
    told = tells(results)
    return {
        "results": results,
        "told": told,
        "answered": answered,
        "margin": margin_of(answered, size) if told else None,
        **({} if getattr(task, "poll", None) else _own_part(task.survey, user)),
    }


def _own_part(survey: Survey, user: Any) -> dict[str, Any]:
    """Where this person stands with a survey that has pages of its own."""
    draft, own = own_draft(survey, user), own_response(survey, user)
    return {
        "draft": draft,
        "own": own,
        "may_answer": user.is_authenticated and can_answer(user, survey=survey, draft=draft) is True,
        "can_withdraw": own is not None and can_withdraw_response(user, survey) is True,
    }
