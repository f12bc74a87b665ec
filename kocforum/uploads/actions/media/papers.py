"""PDFs, where a thing takes them: kept as they were sent, because a fapiao is signed, and shown as a picture of their first page.

The house never draws one in its own process: whatever a hostile file does to the reader, it does to a process that is given no secrets,
may take so much time and memory and not more, and is gone afterwards. That is no sandbox: it runs as the same user, and what that user may
read on the disk, a reader that was taken over could read, too.
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

from django.core.cache import cache
from django.utils.translation import gettext as _
from PIL import Image

from kocforum.errors import Conflict, Refused

from ...enums import Kind, Rendition
from ...rules import limit
from .pictures import DISPLAY, THUMBNAIL, fit, webp_of
from .prepared import Captured, Prepared, damaged, unfit

logger = logging.getLogger(__name__)
READER = Path(__file__).with_name("reader.py")
READY = b"ready\n"  # as the reader says it
QUEUE = 2  # seconds that one waits for a place at the table: who waits holds a thread that serves pages
HOUR = 60 * 60
_table = BoundedSemaphore(2)


def prepare_paper(file: Any, *, by: Any) -> Prepared:
    """Check and picture a PDF, or refuse it with a sentence."""
    heavy = f"heavy-papers:{by.pk}"
    if cache.get(heavy, 0) >= limit("PDF_HEAVY"):
        raise Conflict(_("Several of your PDFs took too much to draw. Please add a picture, or try again in an hour."))
    file.seek(0)
    content = file.read()
    if not _table.acquire(timeout=QUEUE):
        raise Conflict(_("Several PDFs are being read just now. Please try again in a moment."))
    try:
        told, pixels = _read(content)
    finally:
        _table.release()
    if refused := told.get("refused"):
        if refused == "heavy":
            cache.set(heavy, cache.get(heavy, 0) + 1, HOUR)
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
    """What the reader says of it, and its pixels. A reader that was stopped or fell says that the file is too much; one that never
    began says nothing about it."""
    seconds = limit("PDF_SECONDS")
    limits = (limit("PDF_PAGES"), DISPLAY, seconds, limit("PDF_MEMORY"))
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(READER), *map(str, limits)],
            input=content,
            capture_output=True,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
            timeout=limit("PDF_WAIT"),
        )
    except subprocess.TimeoutExpired as late:
        began = (late.stdout or b"").startswith(READY)
        return {"refused": "heavy" if began else "closed"}, b""
    except OSError:
        logger.exception("The reader of PDFs could not be started.")
        return {"refused": "closed"}, b""
    if not done.stdout.startswith(READY):
        logger.error("The reader of PDFs does not work (%s): %s", done.returncode, done.stderr[-300:])
        return {"refused": "closed"}, b""
    line, _newline, pixels = done.stdout.removeprefix(READY).partition(b"\n")
    if done.returncode or not line:
        logger.info("The reader of a PDF ended with %s: %s", done.returncode, done.stderr[-300:])
        return {"refused": "heavy"}, b""
    return json.loads(line), pixels


def _plain(words: str) -> str:
    """Without what no database keeps and no eye sees."""
    return "".join(letter for letter in words if letter.isspace() or unicodedata.category(letter)[0] != "C")


def _refusal(why: str) -> Refused:
    if why == "closed":
        return Conflict(_("PDFs cannot be read just now. Please add a picture of it, or try again later."))
    sentences = {
        "locked": _("This PDF is locked with a password. Please save it without one, or take a picture of it."),
        "pages": _("This PDF has more than %(n)s pages. Please export the pages with the receipt only.")
        % {"n": limit("PDF_PAGES")},
        "heavy": _(
            "This PDF takes more to draw than a receipt should. Please print it into a new PDF, or take a picture of it."
        ),
    }
    return unfit(sentences[why]) if why in sentences else damaged()
