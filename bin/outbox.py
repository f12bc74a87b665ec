"""What `bin/run` prints of the messages under `var/mail/`: to whom, about what, and the codes and links in them."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(r"https?://[^\s<>\"')\]]+")
# Six to eight digits, or groups of capitals and digits as in RHKX-QWPZ.
CODE = re.compile(
    r"(?<![A-Za-z0-9._:/+-])(?:[0-9]{6,8}|[0-9A-Z]{3,4}(?:-[0-9A-Z]{3,4})+|(?=[A-Z]*[0-9])[0-9A-Z]{6,8})(?![A-Za-z0-9:/-])"
)


class Outbox:
    """The folder of messages. What lay there before is not news."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = {file.name: file.stat().st_size for file in self._files()}

    def _files(self) -> list[Path]:
        return sorted(file for file in self.folder.glob("*") if file.is_file()) if self.folder.is_dir() else []

    def new(self) -> Iterator[str]:
        """One line or two for each message since the last look. A file that grew holds another message at its end."""
        for file in self._files():
            before, now = self.told.get(file.name, 0), file.stat().st_size
            if now > before:
                self.told[file.name] = now
                yield from describe(file.read_bytes()[before:])


def describe(content: bytes) -> Iterator[str]:
    """Django's mail files end each message with a line of dashes."""
    for part in re.split(rb"\n-{70,}\n", content):
        if part.strip():
            message = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
            body = message.get_body(("plain", "html"))
            text = body.get_content() if body is not None else part.decode("utf-8", "replace")
            found = list(dict.fromkeys(LINK.findall(text))) + list(dict.fromkeys(CODE.findall(LINK.sub(" ", text))))
            head = " · ".join(str(value) for value in (message["To"], message["Subject"]) if value)
            yield f"✉ {head or 'message'}" + "".join(f"\n    {line}" for line in found)
