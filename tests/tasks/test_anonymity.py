"""S11: somebody with a copy of the database tries to find out who answered what in an anonymous survey, and cannot."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import connection

from kocforum.ledger.models import Fact
from tasks.actions.responses import answer_survey, save_draft
from tasks.models import BallotBox, Participation, Response, ResponseDraft, Task
from tasks.queries.respondents import own_response, respondent_of
from tests.people import make_car, make_catalogue, make_member
from tests.tasks.stories import moved
from tests.tasks.surveys import open_survey

SIZE = 60
MARK = "这句话是第{}位写的"


@pytest.fixture
def answered(transactional_db):
    """Sixty people answered one after the other, each with words of their own, some over a draft."""
    make_catalogue()
    members = [make_member(f"m{number}") for number in range(SIZE)]
    for member in members[::3]:
        make_car(member)
    task = open_survey(privacy="anonymous")
    for place, member in enumerate(members):
        if place % 4 == 0:
            save_draft(by=member, task=task, answers={"used": "no"})
        answer_survey(by=member, task=task, answers={"used": "no", "words": MARK.format(place)}, seconds=place + 10)
    return task, members


def places_in(rows) -> list[int]:
    """Who wrote each row, read off its words."""
    return [int("".join(filter(str.isdigit, answers["words"]))) for answers in rows]


def correlation(order: list[int]) -> float:
    """Spearman's, between the order of the rows and the order of the people."""
    ranks = {value: rank for rank, value in enumerate(sorted(order))}
    n = len(order)
    return 1 - 6 * sum((place - ranks[value]) ** 2 for place, value in enumerate(order)) / (n * (n * n - 1))


def kept_for(model, fields) -> set[str]:
    return {str(value) for row in model.objects.values_list(*fields) for value in row if value is not None}


def test_s11_no_value_stands_beside_a_person_and_beside_an_answer(answered):
    task, members = answered
    moved(task, "closed")
    rows = Response.objects.filter(survey=task.survey)
    assert rows.count() == SIZE
    for row in rows:
        assert row.member is row.submitted_at is row.seconds is row.seed is None and not row.late
    keys = kept_for(Response, ["id", "respondent"])
    elsewhere = " ".join(
        json.dumps(list(model.objects.values()), default=str, ensure_ascii=False)
        for model in apps.get_models()
        if model is not Response
    )
    assert not [key for key in keys if key in elsewhere], "a key of a response stands somewhere else"
    assert "这句话是第" not in elsewhere, "words of an answer stand somewhere else"
    assert not keys & {respondent_of(task.survey, member) for member in members}
    assert not ResponseDraft.objects.exists()
    assert all(own_response(task.survey, member) is None for member in members)


@pytest.mark.parametrize("end", [False, True])
def test_s11_the_order_of_the_rows_says_nothing_of_the_order_of_the_people(answered, end):
    """With sixty rows chance alone stays below 0.65 but for one in ten million; rows written as they came would reach 1."""
    task, _members = answered
    if end:
        moved(task, "closed")
    table = Response._meta.db_table
    physical = "ctid" if connection.vendor == "postgresql" else "rowid"
    for order in (physical, "id"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT answers FROM {table} ORDER BY {order}")
            found = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
        assert len(found) >= SIZE - 15 and abs(correlation(places_in(found))) < 0.65, order


def test_s11_while_it_runs_the_last_answers_are_among_at_least_five(answered):
    task, _members = answered
    box = BallotBox.objects.get(survey=task.survey).ballots
    assert len(box) >= 5 and len(box) + Response.objects.count() == SIZE
    before = {row.pk for row in Response.objects.all()}
    assert before and len(before) % 5 == 0
    late = make_member("late")
    answer_survey(by=late, task=task, answers={"used": "no", "words": MARK.format(99)})
    gone_or_new = before ^ {row.pk for row in Response.objects.all()}
    assert len(gone_or_new) != 1, "one more answer never shows as one more row"


def test_s11_facts_know_that_somebody_took_part_and_nothing_of_what_was_said(answered):
    task, _members = answered
    said = json.dumps(list(Fact.objects.values()), default=str, ensure_ascii=False)
    assert Fact.objects.filter(name="tasks.SurveyAnswered").count() == SIZE
    assert '"used"' not in said and "这句话" not in said
    assert Participation.objects.filter(task=task).count() == SIZE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_s11_no_transaction_wrote_a_person_and_one_answer():
    """PostgreSQL keeps the transaction of each row: none that wrote a participation wrote fewer than five responses."""
    members = [make_member(f"m{number}") for number in range(24)]
    task = open_survey(privacy="anonymous")
    for place, member in enumerate(members):
        answer_survey(by=member, task=task, answers={"used": "no", "words": MARK.format(place)})
    people = transactions(Participation)
    rows = transactions(Response)
    assert not set(people) & set(rows)
    assert all(rows.count(one) >= 5 for one in rows)
    moved(Task.objects.get(pk=task.pk), "closed")
    assert len(set(transactions(Response))) == 1 and len(transactions(Response)) == 24


def transactions(model) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {model._meta.db_table}")
        return [row[0] for row in cursor.fetchall()]


def test_s11_a_rare_car_is_not_told(db):
    """Facts are kept as far as five of the audience share them."""
    make_catalogue()
    members = [make_member(f"m{number}", city="北京") for number in range(10)]
    for member in members[:1]:
        make_car(member, version="4.9.9")
    task = open_survey(privacy="anonymous")
    for member in members:
        answer_survey(by=member, task=task, answers={"used": "no"})
    moved(task, "closed")
    assert not [row.facts for row in Response.objects.all() if {"model", "version", "city", "mileage"} & set(row.facts)]
