"""Video: one MP4 or MOV, copied stream by stream into a new file that says nothing about where and by whom.

The container is opened as `mov` and nothing else, from the bytes at hand, with every other file and address refused.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

import av
from django.utils.translation import gettext as _
from PIL import Image

from kocforum.errors import Invalid

from ...enums import Kind, Rendition
from ...rules import limit
from .boxes import BrokenBoxes, length_of, walk
from .mp4 import assert_only_media, external, scrub
from .pictures import DISPLAY, THUMBNAIL, fit, webp_of
from .posters import first_good_frame
from .prepared import Prepared, unfit
from .remuxing import remux
from .times import video_time
from .webp import NotClean

logger = logging.getLogger(__name__)
CODECS = {"h264", "hevc", "av1", "vp9", "mpeg4"}
LONGEST_INDEX = 64 * 1024 * 1024
_table = BoundedSemaphore(2)


def prepare_clip(file: Any) -> Prepared:
    """Check, strip and picture a video, or refuse it with a sentence."""
    target = tempfile.NamedTemporaryFile(suffix=".mp4")  # noqa: SIM115 - closed with what is prepared
    try:
        with _table:
            _inspect(file)
            poster, captured = _poster(file)
            duration = _copy(file, target)
    except (Invalid, NotClean):
        target.close()
        raise
    except Exception as broken:
        target.close()
        logger.info("A video was refused: %r", broken)
        raise unfit(_("This video is damaged or incomplete, so it cannot be played. Please export it again."))
    poster = fit(poster, DISPLAY)
    return Prepared(
        kind=Kind.VIDEO,
        width=poster.width,
        height=poster.height,
        duration=round(duration, 2),
        captured=captured,
        files={
            Rendition.DISPLAY: ("mp4", target),
            Rendition.POSTER: ("webp", webp_of(poster)),
            Rendition.THUMBNAIL: ("webp", webp_of(fit(poster, THUMBNAIL))),
        },
    )


def _inspect(file: Any) -> None:
    """Before any decoder: boxes that add up, an index, and no reference to other files."""
    found: set[bytes] = set()
    try:
        for box in walk(file, 0, length_of(file)):
            found.add(box.name)
            if box.path == (b"moov",) and box.end - box.start > LONGEST_INDEX:
                raise BrokenBoxes
            if box.name in (b"rmra", b"cmov") or (box.name == b"dref" and external(box, box.read(file))):
                raise unfit(_("This video keeps its pictures in another file. Please export it as one MP4."))
    except BrokenBoxes:
        # Some cameras leave their own bytes behind the last box. Without the index before them nothing can be played.
        if not {b"moov", b"mdat"} <= found:
            raise
    if b"moov" not in found:
        raise unfit(_("This video is incomplete: its index is missing. Please send it again once it is saved."))


@contextmanager
def _opened(file: Any) -> Iterator[Any]:
    def nothing_else(url: str, *_flags: Any) -> None:
        raise PermissionError(url)

    file.seek(0)
    pinned = {"enable_drefs": "0", "use_absolute_path": "0", "protocol_whitelist": "none"}
    with av.open(
        file, mode="r", format="mov", options=pinned, io_open=nothing_else, metadata_errors="replace"
    ) as container:
        if not container.streams.video:
            raise unfit(_("There is no picture in this file. Please send a video as MP4 or MOV."))
        yield container


def _poster(file: Any) -> tuple[Image.Image, Any]:
    """The limits that the file announces, then the first frame worth showing: no frame, no video."""
    with _opened(file) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        if codec is None or codec.codec.canonical_name not in CODECS:
            raise unfit(_("This video uses a format that phones cannot play here. Please export it as MP4 (H.264)."))
        if codec.width * codec.height > limit("VIDEO_PIXELS"):
            raise unfit(_("This video is larger than 4K. Please send it in 4K or smaller."))
        _check_length((container.duration or 0) / av.time_base)
        codec.options = {"max_pixels": str(limit("VIDEO_PIXELS"))}
        return first_good_frame(container, stream), video_time(container.metadata)


def _copy(file: Any, target: Any) -> float:
    with _opened(file) as container:
        duration = remux(container, target.name, longest=limit("VIDEO_SECONDS"))
    # What the header announced is one thing, what the packets last another.
    _check_length(duration)
    with open(target.name, "r+b") as copy:
        scrub(copy)
        assert_only_media(copy)
    return duration


def _check_length(seconds: float) -> None:
    if seconds <= 0:
        raise unfit(_("This video has no length. Please export it again."))
    if seconds > limit("VIDEO_SECONDS") + 1:
        raise unfit(
            _("This video is longer than %(minutes)g minutes. Please cut it to the moment that matters.")
            % {"minutes": limit("VIDEO_SECONDS") / 60}
        )
