"""Many answer one survey at the same moment: real threads on PostgreSQL."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Refused
from tasks.actions.ballots import count_out
from tasks.actions.instruments import Cell
from tasks.actions.responses import answer_survey, save_draft, withdraw_response
from tasks.models import BallotBox, Participation, QuotaCell, Response, ResponseDraft, Task
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.stories import moved
from tests.tasks.surveys import PARKING, open_survey

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NO = {"used": "no", "calm": 4}


def rush(task: Task, members, answers=NO):
    """All of them press at once; results and exceptions."""
    return at_once(*(lambda member=member: answer_survey(by=member, task=task, answers=answers) for member in members))


def crowd(size: int):
    return [make_member(f"m{number}") for number in range(size)]


def used_up(task: Task) -> list[tuple[int, int]]:
    return list(QuotaCell.objects.filter(survey=task.survey).values_list("used", "limit"))


def test_s1_two_tabs_and_a_double_click_leave_one_response():
    task, lin, op = open_survey(), make_member(), uuid.uuid4()
    works = [lambda: answer_survey(by=lin, task=task, answers=NO, op_id=op) for _press in range(4)]
    results = at_once(*works, lambda: answer_survey(by=lin, task=task, answers={**NO, "calm": 5}))
    assert all(not isinstance(one, Exception) or isinstance(one, Conflict) for one in results), results
    assert Response.objects.count() == Participation.objects.count() == 1


@pytest.mark.parametrize("privacy", ["confidential", "identified", "anonymous"])
def test_s2_a_rush_counts_each_once(privacy):
    task = open_survey(privacy=privacy)
    members = crowd(24)
    assert not [one for one in rush(task, members * 2) if isinstance(one, Exception) and not isinstance(one, Conflict)]
    if privacy == "anonymous":
        count_out(survey=task.survey)
        assert BallotBox.objects.get().ballots == []
    assert Response.objects.counted().count() == Participation.objects.count() == 24


def test_s3_the_last_places_of_a_quota_are_given_once():
    task = open_survey(cells=[Cell(limit=7)])
    results = rush(task, crowd(20))
    assert not [one for one in results if isinstance(one, Exception)]
    assert used_up(task) == [(7, 7)]
    assert Response.objects.counted().count() == 7 and Response.objects.count() == 20
    assert sum(took.over_quota for took in results) == 13


def test_s3_two_quotas_are_taken_together_or_not_at_all():
    options = [{**PARKING[0], "quota": {"no": 9}}, *PARKING[1:]]
    task = open_survey(options, cells=[Cell(limit=6)])
    rush(task, crowd(16))
    assert sorted(used_up(task)) == [(6, 6), (6, 9)]
    assert Response.objects.counted().count() == 6


def test_s4_a_kept_place_is_not_given_away_and_an_abandoned_one_comes_back():
    task = open_survey(cells=[Cell(limit=3)])
    first, *others = crowd(9)
    save_draft(by=first, task=task, answers={"used": "no"})
    rush(task, others)
    assert used_up(task) == [(2, 3)]
    assert not answer_survey(by=first, task=task, answers=NO).over_quota
    assert used_up(task) == [(3, 3)]


def test_s4_half_an_hour_after_the_last_saving_the_place_is_free_again():
    task = open_survey(cells=[Cell(limit=1)])
    first, second = crowd(2)
    draft = save_draft(by=first, task=task, answers={"used": "no"})
    assert save_draft(by=second, task=task, answers={"used": "no"}).full
    draft.holds.update(until=timezone.now() - timedelta(seconds=1))
    assert not answer_survey(by=second, task=task, answers=NO).over_quota
    assert answer_survey(by=first, task=task, answers=NO).over_quota


def test_two_who_swap_their_options_do_not_wait_for_each_other():
    options = [{**PARKING[0], "quota": {"yes": 9, "no": 9}}, *PARKING[1:]]
    task = open_survey(options)
    first, second = crowd(2)
    yes = {**NO, "used": "yes"}
    for turn in range(6):
        here, there = (NO, yes) if turn % 2 else (yes, NO)
        results = at_once(
            lambda here=here: answer_survey(by=first, task=task, answers=here),
            lambda there=there: answer_survey(by=second, task=task, answers=there),
        )
        assert not [one for one in results if isinstance(one, Exception)], results
    assert sorted(used_up(task)) == [(1, 9), (1, 9)]


def test_an_answer_taken_back_while_it_is_changed_leaves_both_or_nothing():
    task, lin = open_survey(cells=[Cell(limit=5)]), make_member()
    for turn in range(6):
        answer_survey(by=lin, task=task, answers=NO)
        results = at_once(
            lambda: withdraw_response(by=lin, task=task),
            lambda turn=turn: answer_survey(by=lin, task=task, answers={**NO, "calm": 1 + turn % 3}),
        )
        assert all(one is None or not isinstance(one, Exception) or isinstance(one, Refused) for one in results), (
            results
        )
        left = Response.objects.count()
        assert Participation.objects.count() == left and used_up(task) == [(left, 5)]


def test_s5_what_is_sent_while_it_closes_is_counted_or_refused():
    task = open_survey()
    members = crowd(12)
    close = lambda: moved(task, "closed")  # noqa: E731
    results = at_once(*(lambda one=one: answer_survey(by=one, task=task, answers=NO) for one in members), close)
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in refused), refused
    assert Response.objects.counted().count() == Participation.objects.count() == len(members) - len(refused)


def test_two_devices_saving_one_draft_keep_one_draft():
    task, lin = open_survey(), make_member()
    works = [lambda n=n: save_draft(by=lin, task=task, answers={"calm": n}) for n in range(1, 6)]
    assert not [one for one in at_once(*works) if isinstance(one, Exception)]
    assert ResponseDraft.objects.get().answers["calm"] in range(1, 6)


def test_a_draft_saved_while_it_is_sent_does_not_come_back():
    task, lin = open_survey(amendable=False), make_member()
    save_draft(by=lin, task=task, answers={"used": "no"})
    at_once(
        lambda: answer_survey(by=lin, task=task, answers=NO),
        lambda: save_draft(by=lin, task=task, answers={"calm": 1}),
    )
    assert Response.objects.get().answers["calm"] == 4
    assert not ResponseDraft.objects.exists()


def test_taken_back_twice_frees_one_place():
    task, lin = open_survey(cells=[Cell(limit=5)]), make_member()
    answer_survey(by=lin, task=task, answers=NO)
    results = at_once(*(lambda: withdraw_response(by=lin, task=task) for _press in range(3)))
    assert sum(one is None for one in results) == 1
    assert used_up(task) == [(0, 5)] and not Response.objects.exists() and not Participation.objects.exists()
