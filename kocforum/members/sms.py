"""Text messages leave by one adapter, chosen by the setting SMS_SENDER (a dotted path)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task


class Sender(Protocol):
    """What a provider must be able to do."""

    def send(self, phone: str, text: str) -> None:
        """Hand over one message for a number in the form +8613800138000."""


def sender() -> Sender:
    """The sender of this deployment."""
    return import_string(settings.SMS_SENDER)()


def is_demo() -> bool:
    """True in the embedded deployment without a provider, and only there."""
    return not settings.PRODUCTION and f"{DemoSender.__module__}.{DemoSender.__qualname__}" == settings.SMS_SENDER


@dataclass(frozen=True)
class Kept:
    """A message of the demo: it lies in a file instead of travelling."""

    phone: str
    text: str
    at: datetime


class DemoSender:
    """Writes each message into a file under var/mail/; the page of codes reads the latest ones."""

    def send(self, phone: str, text: str) -> None:
        now = timezone.now()
        settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
        path = settings.MAIL_DIR / f"{now.astimezone(UTC):%Y%m%d-%H%M%S-%f}-sms.txt"
        head = f"To: {phone}\nDate: {now.isoformat()}\nSubject: SMS\nContent-Type: text/plain; charset=utf-8\n"
        path.write_text(f"{head}Content-Transfer-Encoding: 8bit\n\n{text}\n", encoding="utf-8")

    @staticmethod
    def latest(minutes: int = 15) -> list[Kept]:
        """What was sent in the last minutes, newest first."""
        since = timezone.now() - timedelta(minutes=minutes)
        kept = []
        for path in sorted(settings.MAIL_DIR.glob("*-sms.txt"), reverse=True)[:50]:
            head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
            fields = dict(line.split(": ", 1) for line in head.splitlines())
            at = datetime.fromisoformat(fields["Date"])
            if at < since:
                break
            kept.append(Kept(phone=fields["To"], text=text.strip(), at=at))
        return kept


class HttpSender:
    """Posts `{phone, text}` as JSON to SMS_URL with SMS_TOKEN as bearer: one small bridge to any provider, in a job."""

    def send(self, phone: str, text: str) -> None:
        post_message.enqueue(phone, text)


@task()
def post_message(phone: str, text: str) -> None:
    """One message to the provider's bridge; an answer that is no success fails the job."""
    import httpx  # here: at every start it would cost a quarter of a second with what it brings along

    headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
    httpx.post(settings.SMS_URL, json={"phone": phone, "text": text}, headers=headers, timeout=10).raise_for_status()
