"""Whatever people do in whatever order: never two responses of one person, never over a quota, never a visible cell below five."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Refused
from tasks.actions.instruments import Cell
from tasks.actions.moves import move_task
from tasks.actions.responses import answer_survey, save_draft, withdraw_response
from tasks.models import BallotBox, Participation, QuotaCell, QuotaHold, Response, ResponseDraft, Task
from tasks.queries.answers import Answers
from tasks.queries.instruments import questionnaire_of
from tasks.queries.results import all_results
from tasks.rules.surveys import FEWEST
from tests.people import make_member
from tests.tasks.stories import make_researcher
from tests.tasks.surveys import PARKING, open_survey

pytestmark = pytest.mark.django_db

MEMBERS = 9
LIMIT, LIMIT_YES = 6, 3

who = st.integers(0, MEMBERS - 1)
answers = st.fixed_dictionaries(
    {"used": st.sampled_from(["yes", "no", "nonsense"])},
    optional={
        "where": st.lists(st.sampled_from(["mall", "home", "none", "other"]), max_size=3),
        "calm": st.one_of(st.integers(0, 6), st.none()),
        "nps": st.integers(0, 10),
        "words": st.text(max_size=12),
    },
)
operations = st.one_of(
    st.tuples(st.just("answer"), who, answers),
    st.tuples(st.just("answer"), who, answers),
    st.tuples(st.just("draft"), who, answers),
    st.tuples(st.just("withdraw"), who, st.none()),
    st.tuples(st.just("expire"), who, st.none()),
    st.tuples(st.just("close"), who, st.none()),
)


def do(task: Task, members, name: str, member: int, said) -> None:
    task = Task.objects.get(pk=task.pk)
    try:
        if name == "answer":
            answer_survey(by=members[member], task=task, answers=said)
        elif name == "draft":
            save_draft(by=members[member], task=task, answers=said)
        elif name == "withdraw":
            withdraw_response(by=members[member], task=task)
        elif name == "expire":
            QuotaHold.objects.update(until=timezone.now() - timedelta(seconds=1))
        else:
            move_task(by=make_researcher(), task=task, to="closed", expected="open")
    except Refused as refusal:
        assert str(refusal)


def promises_hold(task: Task) -> None:
    survey = task.survey
    boxed = len(getattr(BallotBox.objects.filter(survey=survey).first(), "ballots", []))
    assert Response.objects.filter(survey=survey).count() + boxed == Participation.objects.filter(task=task).count()
    assert ResponseDraft.objects.filter(survey=survey).count() <= MEMBERS
    questionnaire = questionnaire_of(survey)
    counted = list(Response.objects.filter(survey=survey).counted())
    for cell in QuotaCell.objects.filter(survey=survey):
        assert cell.used <= cell.limit
        if not survey.is_anonymous:
            assert cell.used == sum(cell.pk in questionnaire.cells_of(row.answers, row.facts) for row in counted)
    for found in all_results(Answers(survey)):
        keys = [row.answers for row in counted]
        seen = sum(found.item.key in row for row in keys)
        assert found.base == seen
        if found.suppressed:
            assert not found.options or all(one.suppressed for one in found.options)
            continue
        for one in found.options:
            assert one.suppressed or one.count == 0 or one.count >= FEWEST
        assert found.words == 0 or found.words >= FEWEST
        if found.item.key in {"used", "calm", "nps"}:
            hidden = [one for one in found.options if one.suppressed]
            assert len(hidden) != 1, "one hidden option is what is left of the others"


@pytest.mark.parametrize("privacy", ["confidential", "identified", "anonymous"])
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(operations, min_size=5, max_size=40))
def test_one_response_each_no_quota_overrun_and_nobody_made_out(privacy, steps):
    cache.clear()  # each run is rolled back and the next one has the same numbers
    with transaction.atomic():
        quota = {} if privacy == "anonymous" else {"quota": {"yes": LIMIT_YES}}
        task = open_survey([{**PARKING[0], **quota}, *PARKING[1:]], privacy=privacy, cells=[Cell(limit=LIMIT)])
        members = [make_member(f"m{number}") for number in range(MEMBERS)]
        for step in steps:
            do(task, members, *step)
        promises_hold(task)
        transaction.set_rollback(True)
