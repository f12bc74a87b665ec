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

# Strangers write these words, so no pattern has a part without an end: blanks are one blank before anything is looked for, and digits
# are those of a fapiao, not every script's.
_FAPIAO = re.compile(r"发 ?票")
_CODE = re.compile(r"发 ?票 ?代 ?码 ?:? ?([0-9]{12}|[0-9]{10})(?![0-9])")
_NUMBER = re.compile(r"发 ?票 ?号 ?码 ?:? ?([0-9]{20}|[0-9]{8})(?![0-9])")
_NUMBER_LABEL = re.compile(r"发 ?票 ?号 ?码")
_OLDER_LABEL = re.compile(r"发 ?票 ?代 ?码|校 ?验 ?码")
_DIGITAL = re.compile(r"(?<![0-9A-Za-z])[0-9]{20}(?![0-9A-Za-z])")
_ISSUED = re.compile(r"开 ?票 ?日 ?期")
_DAY = re.compile(r"(?<![0-9])(20[0-9]{2}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日")
_TOTAL = re.compile(r"\( ?小 ?写 ?\) ?:? ?¥? ?([0-9,]{1,15}\.[0-9]{2})(?![0-9])")
_FARE = re.compile(r"票 ?价 ?:? ?¥ ?([0-9,]{1,15}\.[0-9]{2})(?![0-9])")
_SUM = re.compile(r"¥ ?([0-9,]{1,15}\.[0-9]{2})(?![0-9])")


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
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", words))
    if not _FAPIAO.search(plain):
        return Paper()
    return Paper(_number(plain), _day(plain), _total(plain))


def _number(plain: str) -> str:
    """Beside its label; or the only one of twenty digits on a page that has the label, and none of those of an older fapiao, whose check
    code has twenty digits, too."""
    codes, numbers = set(_CODE.findall(plain)), set(_NUMBER.findall(plain))
    if len(numbers) == 1:
        (number,) = numbers
        if len(number) == 20:
            return number
        return f"{codes.pop()}{number}" if len(codes) == 1 else ""
    if numbers or not _NUMBER_LABEL.search(plain) or _OLDER_LABEL.search(plain):
        return ""
    digital = set(_DIGITAL.findall(plain))
    return digital.pop() if len(digital) == 1 else ""


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
