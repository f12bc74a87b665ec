"""Pictures to share: what it is, where it stands, and a QR code that leads there. Drawn by Pillow with a font of our own."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import segno
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, EDGE = 1080, 1440, 84
PAPER, CARD, INK, SOFT, LINE = "#f6f5f1", "#ffffff", "#1b1f24", "#565d66", "#e2dfd7"
RIVER, RIVER_SOFT, RIVER_DEEP = "#0f6f86", "#d9ecf0", "#0a4a5c"
FONT = Path(__file__).parent / "fonts" / "NotoSansSC-subset.otf"
UNITS = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)  # Latin words and numbers stay whole
NEVER_FIRST = "，。、；：？！）」』》】…—·,.;:?!)%"


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What a poster says. `stages` are (label, reached) of the river; `facts` short lines; `url` the absolute address."""

    kicker: str
    title: str
    url: str
    site: str
    words: str = ""
    facts: Sequence[str] = field(default_factory=tuple)
    stages: Sequence[tuple[str, bool]] = field(default_factory=tuple)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def wrapped(text: str, size: int, width: int, lines: int) -> list[str]:
    """Lines of at most `width` pixels, at most `lines` of them; punctuation never begins a line, and an ellipsis ends what is cut."""
    font = _font(size)
    out: list[str] = []
    line = ""
    for unit in UNITS.findall(" ".join(text.split())):
        if font.getlength(line + unit) > width and unit not in NEVER_FIRST:
            out.append(line)
            line = ""
        line += unit
    out.append(line)
    if len(out) > lines:
        out = [*out[: lines - 1], out[lines - 1][:-1] + "…"]
    return [line.strip() for line in out if line.strip()]


def draw(poster: Poster) -> bytes:
    """The poster as PNG, 1080 by 1440."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _wave(pen)
    pen.text((EDGE + 84, 88), poster.site, font=_font(38), fill=INK, stroke_width=1, stroke_fill=INK)
    pen.rounded_rectangle((48, 176, WIDTH - 48, HEIGHT - 300), 40, fill=CARD, outline=LINE, width=2)
    top = _kicker(pen, poster.kicker, 232)
    for line in wrapped(poster.title, 58, WIDTH - 2 * EDGE - 24, 4):
        pen.text((EDGE + 12, top), line, font=_font(58), fill=INK, stroke_width=1, stroke_fill=INK)
        top += 84
    top += 18
    if poster.stages:
        top = _river(pen, poster.stages, top)
    for fact in poster.facts[:4]:
        pen.text((EDGE + 12, top), fact, font=_font(32), fill=SOFT)
        top += 52
    room = (HEIGHT - 340 - top) // 54
    if poster.words and room > 0:
        top += 14
        for line in wrapped(poster.words, 34, WIDTH - 2 * EDGE - 24, min(room, 7)):
            pen.text((EDGE + 12, top), line, font=_font(34), fill=INK)
            top += 54
    _code(image, poster.url)
    pen.text((EDGE, HEIGHT - 214), _("Scan to read on and to add your car"), font=_font(34), fill=INK)
    pen.text((EDGE, HEIGHT - 158), _("What you met is not for nothing"), font=_font(28), fill=SOFT)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wave(pen: ImageDraw.ImageDraw) -> None:
    """The mark of the house: a wave of two curves and a drop above it."""
    scale, left, top = 2.7, EDGE - 4, 82
    curves = [((2, 17), (7, 17), (7, 9), (13, 9)), ((13, 9), (19, 9), (19, 17), (24, 17))]
    for start, one, two, end in curves:
        line = []
        for step in range(41):
            t = step / 40
            parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            at = [
                sum(part * point[axis] for part, point in zip(parts, (start, one, two, end), strict=True))
                for axis in (0, 1)
            ]
            line.append((left + at[0] * scale, top + at[1] * scale))
        for x, y in line:
            pen.ellipse((x - 4.6, y - 4.6, x + 4.6, y + 4.6), fill=RIVER)
    pen.ellipse((left + 1 * scale, top + 5 * scale, left + 7 * scale, top + 11 * scale), fill="#7fbccb")


def _kicker(pen: ImageDraw.ImageDraw, words: str, top: int) -> int:
    wide = _font(30).getlength(words)
    pen.rounded_rectangle((EDGE + 12, top, EDGE + 12 + wide + 44, top + 56), 28, fill=RIVER_SOFT)
    pen.text((EDGE + 34, top + 6), words, font=_font(30), fill=RIVER_DEEP)
    return top + 88


def _river(pen: ImageDraw.ImageDraw, stages: Sequence[tuple[str, bool]], top: int) -> int:
    step = (WIDTH - 2 * EDGE - 24) / len(stages)
    for place, (label, reached) in enumerate(stages):
        left = EDGE + 12 + place * step
        pen.rounded_rectangle((left, top, left + step - 10, top + 12), 6, fill=RIVER if reached else LINE)
        pen.text((left, top + 24), label, font=_font(24), fill=INK if reached else SOFT)
    return top + 84


def _code(image: Image.Image, url: str) -> None:
    made = io.BytesIO()
    segno.make(url, error="m").save(made, kind="png", scale=8, border=2, dark=INK, light=CARD)
    code = Image.open(made).convert("RGB").resize((208, 208), Image.Resampling.NEAREST)
    image.paste(code, (WIDTH - 48 - 208, HEIGHT - 260))
