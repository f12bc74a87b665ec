"""What comes out of looking at a file: our own renditions and what the file said about itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Invalid

from ...enums import CaptureSource


@dataclass(frozen=True)
class Captured:
    """A capture time with its source; `offset` in minutes where the file named one."""

    at: dt.datetime | None = None
    source: str = CaptureSource.NONE
    offset: int | None = None


@dataclass
class Prepared:
    """Everything that a row of Upload needs. `files` maps a rendition to (extension, file object)."""

    kind: str
    width: int
    height: int
    captured: Captured
    duration: float | None = None
    words: str = ""
    files: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def close(self) -> None:
        for _extension, file in self.files.values():
            file.close()


def unfit(sentence: object) -> Invalid:
    """The refusal of a file, at the field where it was given."""
    return Invalid({"file": sentence})


def damaged() -> Invalid:
    """The refusal of a PDF that is not whole, or has something before it."""
    return unfit(
        _("This PDF is damaged or incomplete, so it cannot be shown. Please export it again, or take a picture of it.")
    )
