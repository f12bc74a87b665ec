"""PDFs, where a thing takes them: kept as they were sent, because a fapiao is signed, and shown as a picture of their first page.

The house never draws one in its own process: whatever a hostile file does to the reader, it does to a process that has no secrets, may
take so much time and memory and not more, and is gone afterwards.
"""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import unicodedata
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from kocforum.errors import Invalid

from ...enums import Kind, Rendition
from ...rules import limit
from .pictures import DISPLAY, THUMBNAIL, fit, webp_of
from .prepared import Captured, Prepared, unfit

logger = logging.getLogger(__name__)
READER = Path(__file__).with_name("reader.py")
PATIENCE = 3  # a busy machine needs so many seconds for one of work
_table = BoundedSemaphore(2)


def prepare_paper(file: Any) -> Prepared:
    """Check and picture a PDF, or refuse it with a sentence."""
    file.seek(0)
    content = file.read()
    with _table:
        told, pixels = _read(content)
    if refused := told.get("refused"):
        raise _refusal(refused)
    page = Image.frombuffer("RGB", (told["width"], told["height"]), pixels, "raw", "RGB", told["stride"], 1)
    return Prepared(
        kind=Kind.PAPER,
        width=page.width,
        height=page.height,
        captured=Captured(),
        words=_plain(told["words"]),
        files={
            Rendition.DISPLAY: ("webp", webp_of(page)),
            Rendition.THUMBNAIL: ("webp", webp_of(fit(page, THUMBNAIL))),
            Rendition.DOCUMENT: ("pdf", io.BytesIO(content)),
        },
    )


def _read(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What the reader says of it, and its pixels. A reader that was stopped or fell says that the file is too much."""
    seconds = limit("PDF_SECONDS")
    limits = (limit("PDF_PAGES"), DISPLAY, seconds, limit("PDF_MEMORY"))
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(READER), *map(str, limits)],
            input=content,
            capture_output=True,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            timeout=seconds * PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "heavy"}, b""
    line, _newline, pixels = done.stdout.partition(b"\n")
    if done.returncode or not line:
        logger.info("The reader of a PDF ended with %s: %s", done.returncode, done.stderr[-300:])
        return {"refused": "heavy"}, b""
    return json.loads(line), pixels


def _plain(words: str) -> str:
    """Without what no database keeps and no eye sees."""
    return "".join(letter for letter in words if letter.isspace() or unicodedata.category(letter)[0] != "C")


def _refusal(why: str) -> Invalid:
    sentences = {
        "locked": _("This PDF is locked with a password. Please save it without one, or take a picture of it."),
        "pages": _("This PDF has more than %(n)s pages. Please export the pages with the receipt only.")
        % {"n": limit("PDF_PAGES")},
        "heavy": _(
            "This PDF takes more to draw than a receipt should. Please print it into a new PDF, or take a picture of it."
        ),
    }
    damaged = _(
        "This PDF is damaged or incomplete, so it cannot be shown. Please export it again, or take a picture of it."
    )
    return unfit(sentences.get(why, damaged))
