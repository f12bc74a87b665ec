"""PDFs made for tests: a fapiao as it arrives by mail, and files that mean no good."""

from __future__ import annotations

import io
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF
from fpdf.enums import AccessPermission

from kocforum.ui.posters import FONT

NUMBER = "26342000000012345678"


def sent(content: bytes, name: str = "发票.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def page(pages: int = 1, **size: Any) -> FPDF:
    pdf = FPDF(**size)
    pdf.add_font("zh", fname=str(FONT))
    pdf.set_auto_page_break(False)
    for _number in range(pages):
        pdf.add_page()
        pdf.set_font("zh", size=11)
    return pdf


def fapiao(number: str = NUMBER, amount: str = "120.00", day: str = "2026年11月01日", **more: Any) -> bytes:
    """A digital fapiao: labels and lines of the form, then the values that were laid over them. `locked` with a password, `closed`
    to changes only, `pages` in all, `apart`: each value behind the labels, as text comes out of many of them."""
    pdf = page(more.get("pages", 1), format=(210, 140))
    if "locked" in more:
        pdf.set_encryption(owner_password="owner", user_password=more["locked"])
    if "closed" in more:
        pdf.set_encryption(owner_password="owner", permissions=AccessPermission.none())
    pdf.page = 1
    pdf.set_font("zh", size=20)
    pdf.text(72, 16, "电子发票（普通发票）")
    pdf.set_font("zh", size=10)
    pdf.rect(8, 32, 194, 92)
    for top in (52, 96, 108):
        pdf.line(8, top, 202, top)
    values = [(162, 12, number), (162, 18, day), (150, 104, f"￥{amount}")]
    labels = [(140, 12, "发票号码："), (140, 18, "开票日期："), (112, 104, "价税合计（小写）")]
    pdf.text(12, 40, f"购买方名称：{more.get('buyer', '回声汽车')}")
    pdf.text(110, 40, "销售方名称：黄山水站")
    pdf.text(12, 60, f"*水*{more.get('goods', '矿泉水 40 箱')}")
    if more.get("apart"):
        pdf.text(140, 92, f"￥{float(amount) - 10:.2f}")
        pdf.text(180, 92, "￥10.00")
        places = [*labels, *values]
    else:
        places = [place for pair in zip(labels, values, strict=True) for place in pair]
    for left, top, words in places:
        pdf.text(left, top, words)
    return bytes(pdf.output())


def older_fapiao(code: str = "034002300111", number: str = "12345678") -> bytes:
    pdf = page()
    for top, words in enumerate((f"发票代码：{code}", f"发票号码：{number}", "开票日期：2026 年 11 月 01 日"), 1):
        pdf.text(20, 10 * top, words)
    pdf.text(20, 60, "价税合计（大写）壹佰贰拾圆整（小写）￥ 1,120.00")
    return bytes(pdf.output())


def blank(width: float = 200, height: float = 200, pages: int = 1) -> bytes:
    return bytes(page(pages, format=(width, height)).output())


def raw(objects: list[bytes]) -> bytes:
    """A file of these objects, the first of which is the catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


def of_one_page(about: bytes = b"", more: tuple[bytes, ...] = (), box: bytes = b"0 0 200 200") -> bytes:
    """A catalogue, its pages, and one page whose content is object 4."""
    first = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>%s>>" % (
        box,
        about,
    )
    contents = more or (b"<</Length 0>>\nstream\n\nendstream",)
    return raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", first, *contents])


def stream(content: bytes, about: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream" % (len(packed), about, packed)


def bomb_of_pixels(side: int = 40_000) -> bytes:
    """A few kilobytes that announce an image of gigabytes on a page of ordinary size."""
    image = stream(
        bytes(1_000_000),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8" % (side, side),
    )
    return of_one_page(more=(stream(b"200 0 0 200 0 0 cm /I Do"), image))


def bomb_of_strokes(count: int = 400_000) -> bytes:
    """A page that is drawn over and over."""
    return of_one_page(
        more=(stream(b"0 0 m 200 200 l 0 200 l 200 0 l S q 9 w 1 0 0 rg 0 0 200 200 re f* Q\n" * count),)
    )


def form(script: bool) -> bytes:
    """A PDF with a field; `script`: one that would change what stands in it, when it is opened and when the page is."""
    run = b"<</S/JavaScript/JS(this.getField\\('f'\\).value = 'RAN';)>>" if script else b"<</S/Named/N/NextPage>>"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(f)/V(kept)/Rect[10 10 190 60]/DA(/Helv 20 Tf)>>"
    first = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[4 0 R]/AA<</O %s>>>>" % run
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OpenAction %s/AcroForm<</Fields[4 0 R]>>>>" % run
    return raw([catalogue, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", first, field])
