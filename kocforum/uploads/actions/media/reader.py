"""Reads a PDF in a process of its own: bytes on stdin; one line of JSON and the pixels of the first page on stdout.

It is started by its path, with nothing of the site in its environment, and takes its limits before it sees a byte of the file. PDFium
is built without an engine for scripts, and opens nothing but what it was given and the fonts of the machine.

Its first line says that it works: what ends without it says nothing about the file.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys

import pypdfium2 as pdfium
import pypdfium2.raw as raw

SHARPEST = 4.0  # pixels for a point: beyond that a small slip only grows in bytes
MOST_WORDS = 4000
READY = b"ready\n"
UNSEEN = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
FAINT = 48  # of 255: what differs by less from the ground is not read by an eye


def main(pages: int, longest: int, seconds: int, memory: int) -> None:
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    try:
        answer(sys.stdin.buffer.read(), pages, longest)
    except pdfium.PdfiumError as error:
        refuse("locked" if error.err_code == raw.FPDF_ERR_PASSWORD else "broken")


def answer(content: bytes, pages: int, longest: int) -> None:
    document = pdfium.PdfDocument(content)
    document.init_forms()  # what was filled in is drawn, too
    count = len(document)
    if count < 1:
        refuse("broken")
    elif count > pages:
        refuse("pages")
    else:
        show(document[0], longest)


def show(page: pdfium.PdfPage, longest: int) -> None:
    bitmap = drawn(page, longest)
    words = words_seen(page, bitmap, longest)
    told = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride, "words": words}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + bytes(bitmap.buffer))


def drawn(page: pdfium.PdfPage, longest: int) -> pdfium.PdfBitmap:
    scale = min(longest / max(page.get_size()), SHARPEST)
    return page.render(scale=scale, force_bitmap_format=raw.FPDFBitmap_BGR, rev_byteorder=True)


def words_seen(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, longest: int) -> str:
    """The letters without which the page would look otherwise. Whatever hides one (its colour, something laid over it, a place beside
    the page), it is told by what is drawn, and not by a list of tricks; only what lies right on other letters is told by its mode.

    What cannot be known: whether the shape that a font draws is the letter that it names. So nothing is settled by these words."""
    text = page.get_textpage()
    count = min(text.count_chars(), MOST_WORDS)
    owners = [raw.FPDFText_GetTextObject(text, index) for index in range(count)]
    for owner in {ctypes.cast(owner, ctypes.c_void_p).value: owner for owner in owners if owner}.values():
        raw.FPDFPageObj_SetIsActive(owner, False)
    bare = drawn(page, longest)
    kept = []
    for index, owner in enumerate(owners):
        letter = chr(raw.FPDFText_GetUnicode(text, index))
        # Blanks and ends of lines are no shapes; some of them PDFium adds itself.
        if letter.isspace() or (
            owner and painted(owner) and differs(bitmap, bare, place_of(page, text, index, bitmap))
        ):
            kept.append(letter)
    return "".join(kept)


def painted(owner: raw.FPDF_PAGEOBJECT) -> bool:
    red, green, blue, opacity = (ctypes.c_uint() for _part in range(4))
    if raw.FPDFTextObj_GetTextRenderMode(owner) in UNSEEN:
        return False
    return not raw.FPDFPageObj_GetFillColor(owner, red, green, blue, opacity) or opacity.value >= FAINT


def place_of(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int, bitmap: pdfium.PdfBitmap
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a letter in pixels, as far as it lies on the page."""
    left, right, bottom, top = (ctypes.c_double() for _side in range(4))
    if not raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return 0, 0, 0, 0
    across, down = ctypes.c_int(), ctypes.c_int()
    found = []
    for x, y in ((left, top), (right, bottom)):
        raw.FPDF_PageToDevice(page, 0, 0, bitmap.width, bitmap.height, 0, x, y, across, down)
        found.append((across.value, down.value))
    (one, upper), (other, lower) = found
    return (
        max(min(one, other), 0),
        max(min(upper, lower), 0),
        min(max(one, other) + 1, bitmap.width),
        min(max(upper, lower) + 1, bitmap.height),
    )


def differs(bitmap: pdfium.PdfBitmap, bare: pdfium.PdfBitmap, place: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = place
    for row in range(top, bottom):
        begin, end = row * bitmap.stride + 3 * left, row * bitmap.stride + 3 * right
        here, there = bytes(bitmap.buffer[begin:end]), bytes(bare.buffer[begin:end])
        if here != there and any(abs(one - other) >= FAINT for one, other in zip(here, there, strict=True)):
            return True
    return False


def refuse(why: str) -> None:
    sys.stdout.buffer.write(json.dumps({"refused": why}).encode() + b"\n")


if __name__ == "__main__":
    main(*(int(said) for said in sys.argv[1:]))
