"""S19: who leaves takes nothing of the numbers along, and leaves no way back to the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kocforum.uploads.models import Upload
from tasks.actions.leaving import forget_member, sweep_drafts
from tasks.actions.responses import answer_survey, save_draft, withdraw_response
from tasks.models import QuotaHold, Response, ResponseDraft, Task
from tasks.queries.respondents import own_response, respondent_of
from tests.people import make_member
from tests.tasks.stories import make_researcher, moved
from tests.tasks.surveys import PARKING, open_survey
from tests.tasks.test_answering import send
from tests.tasks.test_pages import client_of
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("privacy", ["confidential", "identified"])
def test_s19_answers_of_who_left_are_counted_and_belong_to_nobody(privacy):
    task, lin, he = open_survey(privacy=privacy), make_member("lin"), make_member("he")
    for member in (lin, he):
        answer_survey(by=member, task=task, answers={"used": "no"})
    save_draft(by=lin, task=task, answers={"used": "yes"})
    forget_member(member_id=lin.pk)
    assert Response.objects.counted().count() == 2 and not ResponseDraft.objects.exists()
    assert own_response(task.survey, lin) is None and own_response(task.survey, he) is not None
    assert not Response.objects.filter(member=lin).exists()
    assert not Response.objects.filter(respondent=respondent_of(task.survey, lin)).exists()


def test_s19_who_wants_them_deleted_takes_them_back_first():
    task, lin = open_survey(), make_member("lin")
    answer_survey(by=lin, task=task, answers={"used": "no"})
    withdraw_response(by=lin, task=task)
    forget_member(member_id=lin.pk)
    assert not Response.objects.exists()


def test_drafts_go_a_month_after_the_end_and_places_when_their_time_is_over():
    task, other = open_survey(), open_survey()
    for member in (make_member("lin"), make_member("he")):
        save_draft(by=member, task=task, answers={"used": "no"})
    save_draft(by=make_member("shuo"), task=other, answers={"used": "no"})
    moved(task, "closed")
    assert sweep_drafts() == 0
    Task.objects.filter(pk=task.pk).update(closed_at=timezone.now() - timedelta(days=31))
    assert sweep_drafts() == 2 and ResponseDraft.objects.get().survey == other.survey
    assert not QuotaHold.objects.exists()


@pytest.mark.parametrize(("privacy", "seen"), [("confidential", False), ("identified", True)])
def test_a_photo_of_an_answer_is_seen_by_its_owner_and_where_names_are_promised_by_researchers(privacy, seen):
    task, lin = (
        open_survey([{"key": "pic", "type": "photo", "text": "照片？"}, *PARKING[:1]], privacy=privacy),
        make_member("lin"),
    )
    send(client_of(lin), task, 1, "send", used="no", pic=SimpleUploadedFile("a.jpg", photo(), "image/jpeg"))
    path = Upload.objects.get(attached_to="survey.photo").url
    assert client_of(lin).get(path).status_code == 200
    assert client_of(make_member("he")).get(path).status_code == 404
    assert (client_of(make_researcher()).get(path).status_code == 200) is seen
