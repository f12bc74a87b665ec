"""An endorsement as a certificate: a picture, and a PDF that carries its letters and the signed badge. A4 across, measured in millimetres."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from kocforum.ui.posters import CARD, FONT, INK, LINE, PAPER, RIVER, SOFT, wrapped

from ..models import Endorsement
from ..rules.credentials import did_of
from .badges import badge_of, signing_key
from .endorsements import lent_words

WIDE, HIGH, EDGE = 297, 210, 24
DOTS = 8  # of the picture, a millimetre
CODE_SIDE = 40
POINTS = 72 / 25.4  # of type, a millimetre


@dataclass(frozen=True)
class Line:
    """Words in a place: left and top in millimetres, the height of the letters too."""

    words: str
    left: float
    top: float
    size: float
    colour: str = INK


def lines_of(endorsement: Endorsement) -> list[Line]:
    """Everything that is written on it, from top to bottom."""
    payload, top = endorsement.payload, 52.0
    lines = [
        Line(settings.SITE_NAME, EDGE + 10, 30, 6, RIVER),
        Line(_("Endorsed by the brand"), EDGE + 10, 40, 5, SOFT),
    ]
    for words in _wrapped(payload["title"], 13, WIDE - 2 * EDGE - 20, 2):
        lines.append(Line(words, EDGE + 10, top, 13))
        top += 18
    top += 7
    for label, words in _facts(endorsement):
        lines.append(Line(label, EDGE + 10, top, 4.2, SOFT))
        for part in _wrapped(words, 5, WIDE - 2 * EDGE - 60 - CODE_SIDE, 2):
            lines.append(Line(part, EDGE + 44, top - 0.4, 5))
            top += 7.4
        top += 1.6
    did = did_of(signing_key())
    lines += [
        Line(f"SHA-256 {endorsement.sha256}", EDGE + 10, HIGH - EDGE - 13, 2.9, SOFT),
        Line(f"Ed25519 {did}", EDGE + 10, HIGH - EDGE - 8, 2.9, SOFT),
        Line(endorsement.code, WIDE - EDGE - 10 - CODE_SIDE, HIGH - EDGE - 13, 5.4),
        Line(_("Scan: does it hold now?"), WIDE - EDGE - 10 - CODE_SIDE, HIGH - EDGE - 6.6, 3.4, SOFT),
    ]
    return lines


def _facts(endorsement: Endorsement) -> list[tuple[str, str]]:
    payload = endorsement.payload
    days = " – ".join(dict.fromkeys(str(payload[name]) for name in ("begins_on", "ends_on") if payload[name]))
    lends = lent_words(payload) or _("its endorsement")
    until = f"{timezone.localtime(endorsement.expires_at):%Y-%m-%d}" if endorsement.expires_at else ""
    rows = [
        (_("Led by"), payload["organiser"]),
        (_("When"), days),
        (_("Where"), payload["place"]),
        (_("The brand lends"), lends),
        (_("Conditions"), payload["conditions"]),
        (_("Granted"), f"{timezone.localtime(endorsement.granted_at):%Y-%m-%d}" + (f" – {until}" if until else "")),
    ]
    return [(label, words) for label, words in rows if words]


def _wrapped(words: str, size: float, width: float, lines: int) -> list[str]:
    return wrapped(words, round(size * DOTS), round(width * DOTS), lines)


def as_picture(endorsement: Endorsement) -> bytes:
    """PNG, 2376 by 1680."""
    image = Image.new("RGB", (WIDE * DOTS, HIGH * DOTS), PAPER)
    pen = ImageDraw.Draw(image)
    frame = [side * DOTS for side in (EDGE / 2, EDGE / 2, WIDE - EDGE / 2, HIGH - EDGE / 2)]
    pen.rounded_rectangle(frame, 5 * DOTS, fill=CARD, outline=LINE, width=3)
    pen.rectangle((frame[0] + 4 * DOTS, frame[1], frame[0] + 6 * DOTS, frame[3]), fill=RIVER)
    for line in lines_of(endorsement):
        font = ImageFont.truetype(str(FONT), round(line.size * DOTS))
        pen.text((line.left * DOTS, line.top * DOTS), line.words, font=font, fill=line.colour)
    for left, top, side in _dark_squares(endorsement):
        pen.rectangle([round(place * DOTS) for place in (left, top, left + side, top + side)], fill=INK)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def as_pdf(endorsement: Endorsement) -> bytes:
    """One page, with the letters it needs, and `badge.json` inside: whoever has the file can check the signature without us."""
    from fpdf import FPDF  # here: a server that starts draws no certificates

    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_title(endorsement.payload["title"])
    pdf.set_creator(settings.SITE_NAME)
    pdf.set_creation_date(endorsement.granted_at)
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.add_font("certificate", fname=str(FONT))
    pdf.set_fill_color(PAPER)
    pdf.rect(0, 0, WIDE, HIGH, style="F")
    pdf.set_fill_color(CARD)
    pdf.set_draw_color(LINE)
    pdf.rect(EDGE / 2, EDGE / 2, WIDE - EDGE, HIGH - EDGE, style="DF", round_corners=True, corner_radius=5)
    pdf.set_fill_color(RIVER)
    pdf.rect(EDGE / 2 + 4, EDGE / 2, 2, HIGH - EDGE, style="F")
    for line in lines_of(endorsement):
        pdf.set_font("certificate", size=line.size * POINTS)
        pdf.set_text_color(line.colour)
        pdf.text(line.left, line.top + line.size * 1.16, line.words)
    pdf.set_fill_color(INK)
    for left, top, side in _dark_squares(endorsement):
        pdf.rect(left, top, side, side, style="F")
    pdf.embed_file(
        bytes=json.dumps(badge_of(endorsement), ensure_ascii=False, indent=1).encode(),
        basename="badge.json",
        desc="Open Badge 3.0",
        creation_date=endorsement.granted_at,
        modification_date=endorsement.granted_at,
    )
    return bytes(pdf.output())


def _dark_squares(endorsement: Endorsement) -> list[tuple[float, float, float]]:
    """The QR code of the page that says what holds now: left, top and side of each dark square."""
    code = segno.make(settings.SITE_URL.rstrip("/") + endorsement.get_absolute_url(), error="m")
    rows: Any = list(code.matrix)
    side = CODE_SIDE / len(rows)
    left, top = WIDE - EDGE - 10 - CODE_SIDE, HIGH - EDGE - 18 - CODE_SIDE
    return [
        (left + column * side, top + number * side, side)
        for number, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    ]
