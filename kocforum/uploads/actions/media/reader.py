"""Reads a PDF in a process of its own: bytes on stdin; one line of JSON and the pixels of the first page on stdout.

It is started by its path, with nothing of the site in its environment, and takes its limits before it sees a byte of the file. PDFium
is built without an engine for scripts, and opens nothing but what it was given and the fonts of the machine.
"""

from __future__ import annotations

import json
import resource
import sys

import pypdfium2 as pdfium
import pypdfium2.raw as raw

SHARPEST = 4.0  # pixels for a point: beyond that a small slip only grows in bytes
MOST_WORDS = 4000


def main(pages: int, longest: int, seconds: int, memory: int) -> None:
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
    scale = min(longest / max(page.get_size()), SHARPEST)
    bitmap = page.render(scale=scale, force_bitmap_format=raw.FPDFBitmap_BGR, rev_byteorder=True)
    text = page.get_textpage()
    words = text.get_text_range(0, min(text.count_chars(), MOST_WORDS))
    told = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride, "words": words}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + bytes(bitmap.buffer))


def refuse(why: str) -> None:
    sys.stdout.buffer.write(json.dumps({"refused": why}).encode() + b"\n")


if __name__ == "__main__":
    main(*(int(said) for said in sys.argv[1:]))
