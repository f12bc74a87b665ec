"""E-mail waits in a job: whoever writes a letter inside a request does not wait for the post office.

`EMAIL_BACKEND` is `QueuedBackend`; the job hands the letter to `settings.LETTER_BACKEND` (SMTP, or files under var/mail/).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks import task

log = logging.getLogger("kocforum.jobs")

FIRST_PAUSE = timedelta(seconds=20)  # after a letter failed, four times longer after each
GIVE_UP_AFTER = 6


class QueuedBackend(BaseEmailBackend):
    """Puts each letter into a job, in the caller's transaction: no letter of what was rolled back."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise ValueError("Queued letters carry no attachments.")
            post.enqueue(_written_down(message))
        return len(email_messages)


def _written_down(message: EmailMessage) -> dict[str, Any]:
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
        "html": [str(content) for content, kind in getattr(message, "alternatives", []) if kind == "text/html"],
    }


@task()
def post(letter: dict[str, Any], attempt: int = 1) -> None:
    """Hand a letter to the post office; when that fails, again later, six times."""
    written = {name: letter[name] for name in ("subject", "body", "from_email", "to", "headers")}
    try:
        message = EmailMultiAlternatives(**written, connection=get_connection(settings.LETTER_BACKEND))
        for html in letter["html"]:
            message.attach_alternative(html, "text/html")
        message.send()
    except Exception:
        if attempt >= GIVE_UP_AFTER:
            raise
        log.warning("A letter did not go out; it is tried again.", exc_info=True)
        post.using(run_after=timezone.now() + FIRST_PAUSE * 4 ** (attempt - 1)).enqueue(letter, attempt + 1)
