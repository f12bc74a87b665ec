"""Receipts that could be the same paper (I14). The same file is refused by its SHA-256; what is told here is only shown to who
approves: the same picture saved anew, or the same payee, day and amount. Two photographs of one paper have little in common."""

from __future__ import annotations

from datetime import date

from PIL import Image

from kocforum.uploads.models import Upload

from ..models import Expense
from ..models.expenses import DEAD

SIDE = 16
ALIKE = 10  # bits of 256; two slips of the same make on two tables differ in twenty and more


def look_of(upload: Upload) -> str:
    """A difference hash of 256 bits, as 64 hexadecimal digits: whether each of 16 × 16 places is darker than the one to its
    right (Krawetz, "Kind of like that", 2013). It stays nearly the same when a picture is scaled, brightened or compressed anew."""
    with upload.thumbnail.open("rb") as file, Image.open(file) as image:
        small = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
        grey = small.tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            place = row * (SIDE + 1) + column
            bits = bits << 1 | (grey[place] < grey[place + 1])
    return f"{bits:0{SIDE * SIDE // 4}x}"


def distance(one: str, other: str) -> int:
    """Bits in which two looks differ, 0 to 256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def could_be(look: str, *, payee: str, issued_on: date, amount_minor: int, besides: int | None = None) -> int | None:
    """The number of an expense whose receipt could be the same paper, over all initiatives; the nearest picture first."""
    others = Expense.objects.exclude(pk=besides).exclude(state__in=DEAD)
    looks = others.exclude(receipt_look="").values_list("pk", "receipt_look")
    found = ((distance(look, other), pk) for pk, other in looks.iterator()) if look else ()
    bits, nearest = min(found, default=(SIDE * SIDE, 0))
    if bits <= ALIKE:
        return nearest
    same = others.filter(payee__iexact=payee, issued_on=issued_on, amount_minor=amount_minor).order_by("pk")
    return same.values_list("pk", flat=True).first() if payee else None
