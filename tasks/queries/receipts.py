"""Receipts that could be the same paper (I14), and what a PDF says of itself beside what was typed. The same file is refused by its
SHA-256; what is told here is only shown to who approves: the same picture saved anew, the fapiao of another expense, or the same payee,
day and amount. Two photographs of one paper have little in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageChops

from kocforum.uploads.models import Upload

from ..models import Expense
from ..models.expenses import DEAD
from ..rules.fapiao import Paper, paper_in

CURRENCY = "CNY"
SIDE = 16
NEAREST = 200  # of papers of one form so many are told apart by their numbers
ALIKE = 10  # bits of 256; two slips of the same make on two tables differ in twenty and more
TILE = 6  # pixels of a thumbnail: about a letter of a fapiao
OTHER = 12  # of 255: a digit that is another one differs by 15 and more in its tile, a page that was only saved anew by less than 10


def look_of(upload: Upload) -> str:
    """A difference hash of 256 bits, as 64 hexadecimal digits: whether each of 16 × 16 places is darker than the one to its
    right (Krawetz, "Kind of like that", 2013). It stays nearly the same when a picture is scaled, brightened or compressed anew."""
    grey = _grey(upload).resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            place = row * (SIDE + 1) + column
            bits = bits << 1 | (grey[place] < grey[place + 1])
    return f"{bits:0{SIDE * SIDE // 4}x}"


def _grey(upload: Upload) -> Image.Image:
    with upload.thumbnail.open("rb") as file, Image.open(file) as image:
        return image.convert("L")


def same_page(one: Image.Image, other: Image.Image) -> bool:
    """Whether no letter is another one, as far as the drawn pages show it. A page that was shifted is another one here."""
    apart = ImageChops.difference(one, other if one.size == other.size else other.resize(one.size))
    tiles = [max(side // TILE, 1) for side in one.size]
    return apart.resize(tiles, Image.Resampling.BOX).getextrema()[1] < OTHER


def distance(one: str, other: str) -> int:
    """Bits in which two looks differ, 0 to 256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def could_be(
    receipt: Upload,
    look: str,
    *,
    payee: str,
    issued_on: date,
    amount_minor: int,
    number: str = "",
    besides: int | None = None,
) -> int | None:
    """The number of an expense whose receipt could be the same paper, over all initiatives: the one with the fapiao `number` that
    stands on this paper, then the nearest picture."""
    others = Expense.objects.exclude(pk=besides).exclude(state__in=DEAD)
    if number and (known := others.filter(fapiao=number).values_list("pk", flat=True).first()):
        return known
    looks = others.exclude(receipt_look="").values_list("pk", "receipt_look")
    found = ((distance(look, other), pk) for pk, other in looks.iterator()) if look else ()
    alike = [pk for _bits, pk in sorted(one for one in found if one[0] <= ALIKE)][:NEAREST]
    if alike and number:
        alike = _without_other_numbers(alike, number, receipt)
    if alike:
        return alike[0]
    same = others.filter(payee__iexact=payee, issued_on=issued_on, amount_minor=amount_minor).order_by("pk")
    return same.values_list("pk", flat=True).first() if payee else None


def _without_other_numbers(alike: list[int], number: str, receipt: Upload) -> list[int]:
    """Every fapiao of the country has one form, so that two of them look alike: what a PDF says of its number tells them apart, where
    another number is drawn, too. A file can say what it does not show."""
    rows = Expense.objects.select_related("receipt").in_bulk(alike)
    page = _grey(receipt)
    return [
        pk
        for pk in alike
        if paper_in(rows[pk].receipt.words).number in ("", number) or same_page(page, _grey(rows[pk].receipt))
    ]


@dataclass(frozen=True)
class Compared:
    """What the PDF of an expense says, and which of it was typed otherwise: names of fields of the expense."""

    paper: Paper
    differs: tuple[str, ...]


def compared(expense: Expense) -> Compared | None:
    """None where the receipt is a picture, or a PDF of which nothing could be read. An amount is compared in the currency of a fapiao."""
    paper = paper_in(expense.receipt.words)
    if not paper:
        return None
    abroad = expense.original_currency
    amount = expense.original_minor if abroad else expense.amount_minor
    fits = (abroad or expense.envelope.currency) == CURRENCY
    pairs = (
        ("fapiao", paper.number, expense.fapiao),
        ("amount_minor", paper.amount_minor if fits else None, amount),
        ("issued_on", paper.issued_on, expense.issued_on),
    )
    return Compared(paper, tuple(name for name, said, typed in pairs if said and said != typed))
