"""Letters wait in jobs."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from kocforum.members import letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued(settings):
    settings.EMAIL_BACKEND = "kocforum.members.letters.QueuedBackend"
    settings.LETTER_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def waiting() -> list[dict]:
    return [row.args_kwargs["args"] for row in DBTaskResult.objects.filter(task_path="kocforum.members.letters.post")]


def test_a_letter_is_a_job_and_then_goes_out_whole():
    mail.send_mail(
        "验证码", "你的验证码是 123456。", "a@example.com", ["lin@example.com"], html_message="<b>123456</b>"
    )
    assert mail.outbox == []
    [[letter]] = waiting()
    letters.post.call(letter)
    [sent] = mail.outbox
    assert (sent.subject, sent.to, sent.alternatives[0][0]) == ("验证码", ["lin@example.com"], "<b>123456</b>")


def test_no_letter_of_what_was_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        mail.send_mail("验证码", "123456", "a@example.com", ["lin@example.com"])
        raise RuntimeError
    assert waiting() == []


def test_a_letter_that_fails_is_tried_again_later(settings):
    settings.LETTER_BACKEND = "nowhere.Backend"
    letters.post.call(
        {
            "subject": "s",
            "body": "b",
            "from_email": "a@example.com",
            "to": ["b@example.com"],
            "headers": {},
            "html": [],
        },
        1,
    )
    [[_letter, attempt]] = waiting()
    assert attempt == 2
