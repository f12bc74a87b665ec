"""What the words of a PDF say of its fapiao: number, day, total. It is told beside what was typed and decides nothing, so what is not
quite sure is left out: a wrong word about somebody's receipt is worse than none.

A digital fapiao has one number of twenty digits; older ones a code of ten or twelve and a number of eight. In the text of a PDF a
value often stands far from its label, because labels are the form and values were laid over it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_FAPIAO = re.compile(r"发\s*票")
_CODE = re.compile(r"发\s*票\s*代\s*码\s*:?\s*(\d{12}|\d{10})(?!\d)")
_NUMBER = re.compile(r"发\s*票\s*号\s*码\s*:?\s*(\d{20}|\d{8})(?!\d)")
_DIGITAL = re.compile(r"(?<![0-9A-Za-z])\d{20}(?![0-9A-Za-z])")
_ISSUED = re.compile(r"开\s*票\s*日\s*期")
_DAY = re.compile(r"(?<!\d)(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_TOTAL = re.compile(r"\(\s*小\s*写\s*\)\s*:?\s*¥?\s*([\d,]{1,15}\.\d{2})(?!\d)")
_FARE = re.compile(r"票\s*价\s*:?\s*¥\s*([\d,]{1,15}\.\d{2})(?!\d)")
_SUM = re.compile(r"¥\s*([\d,]{1,15}\.\d{2})(?!\d)")


@dataclass(frozen=True)
class Paper:
    """What a fapiao says of itself, as far as it could be read. The amount is in fen."""

    number: str = ""
    issued_on: date | None = None
    amount_minor: int | None = None

    def __bool__(self) -> bool:
        return bool(self.number or self.issued_on or self.amount_minor)


def paper_in(words: str) -> Paper:
    """The fapiao that these words are, or an empty one."""
    # Fonts of forms hold full-width signs and old radicals in the place of the usual ones.
    plain = unicodedata.normalize("NFKC", words)
    if not _FAPIAO.search(plain):
        return Paper()
    return Paper(_number(plain), _day(plain), _total(plain))


def _number(plain: str) -> str:
    """Beside its label; or the only one of twenty digits on a page that has the label."""
    codes, numbers = set(_CODE.findall(plain)), set(_NUMBER.findall(plain))
    if len(numbers) == 1:
        (number,) = numbers
        if len(number) == 20:
            return number
        return f"{codes.pop()}{number}" if len(codes) == 1 else ""
    digital = set(_DIGITAL.findall(plain))
    return digital.pop() if not numbers and not codes and len(digital) == 1 and _labelled(plain) else ""


def _labelled(plain: str) -> bool:
    return re.search(r"发\s*票\s*号\s*码", plain) is not None


def _day(plain: str) -> date | None:
    """The only day on a page that has the label of the day."""
    days = set(_DAY.findall(plain))
    if not _ISSUED.search(plain) or len(days) != 1:
        return None
    year, month, day = (int(part) for part in days.pop())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _total(plain: str) -> int | None:
    """Beside its label; or the largest of three sums, when it is the other two together."""
    for labelled in (_TOTAL, _FARE):
        found = {_minor(said) for said in labelled.findall(plain)}
        if len(found) == 1:
            return found.pop()
    sums = [_minor(said) for said in _SUM.findall(plain)]
    return max(sums) if len(sums) == 3 and sum(sums) == 2 * max(sums) else None


def _minor(said: str) -> int:
    return int(Decimal(said.replace(",", "")) * 100)
