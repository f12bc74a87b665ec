"""Ways by which news leave the house. A channel is offered only where it is configured.

The inbox is no channel: it is the row itself. SMS and the WeChat service account are two more classes with a sender each;
`settings.NOTIFICATION_CHANNELS` names the classes that this deployment uses.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

INBOX = "inbox"


class Channel(Protocol):
    """One way out. `reaches` says whether this member can be reached by it; `send` raises when it failed, and is tried again."""

    slug: str
    label: Any

    def reaches(self, member: Any) -> bool: ...

    def send(self, member: Any, *, sentence: str, url: str) -> None: ...


class Email:
    """To the verified address."""

    slug = "email"
    label = _("E-mail")

    def reaches(self, member: Any) -> bool:
        return bool(member.email and member.email_verified_at)

    def send(self, member: Any, *, sentence: str, url: str) -> None:
        send_mail(" ".join(sentence.split()), f"{sentence}\n\n{settings.SITE_URL}{url}\n", None, [member.email])


def channels() -> dict[str, Channel]:
    """The configured channels by slug."""
    made = [
        import_string(path)()
        for path in getattr(settings, "NOTIFICATION_CHANNELS", ["kocforum.notifications.channels.Email"])
    ]
    return {channel.slug: channel for channel in made}
