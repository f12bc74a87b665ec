"""What a file is, from its first bytes. Its name and what the browser says about it are not asked."""

from __future__ import annotations

import filetype
from django.utils.translation import gettext as _

from ...enums import Kind
from .prepared import damaged, unfit

HEAD = 8192
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/apng": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
# What a browser opens as a page begins elsewhere: only what is a PDF from its first byte is one here.
_PDF, _BOM = b"%PDF-", b"\xef\xbb\xbf"
_LATE = 1024  # other programs open one that begins up to here
# QuickTime before it had a signature begins with one of these.
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"pnot"}


def sniff(head: bytes, *, papers: bool = False) -> tuple[str, str]:
    """(kind, decoder) of an accepted file: the only decoder that will ever see these bytes."""
    if not head:
        raise unfit(_("This file is empty."))
    if head.startswith(_PDF):
        if not papers:
            raise unfit(_("A PDF can only be a receipt. Please add a picture here: a screenshot will do."))
        return Kind.PAPER, "pdf"
    if papers and _is_fapiao_for_machines(head):
        raise unfit(_("An OFD or XML file cannot be shown here. Please export it as PDF, or take a picture of it."))
    signature = head[4:8]
    if signature == b"ftyp":
        brands = _brands(head)
        if b"avif" in brands or b"avis" in brands:
            raise unfit(_other(papers))
        return (Kind.IMAGE, "HEIF") if brands & _HEIF else (Kind.VIDEO, "mov")
    if signature in _OLD_QUICKTIME:
        return Kind.VIDEO, "mov"
    guess = filetype.guess(head)
    if guess is None or guess.mime not in _PICTURES:
        if papers and _PDF in head[:_LATE]:
            raise damaged()
        raise unfit(_other(papers))
    return Kind.IMAGE, _PICTURES[guess.mime]


def _brands(head: bytes) -> set[bytes]:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}


def _is_fapiao_for_machines(head: bytes) -> bool:
    """OFD is a ZIP that begins with its own name or says it soon; the other is XML."""
    begins = head.removeprefix(_BOM).lstrip()
    return (head.startswith(b"PK") and b"OFD.xml" in head) or begins.startswith((b"<?xml", b"<EInvoice"))


def _other(papers: bool) -> str:
    if papers:
        return _("This kind of file cannot be a receipt. Add a picture (JPEG, PNG, WebP, GIF or HEIC) or a PDF.")
    return _("This kind of file cannot be added. Pictures: JPEG, PNG, WebP, GIF or HEIC. Video: MP4 or MOV.")
