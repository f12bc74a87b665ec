"""What may stand in a cell: whole numbers from nought upwards, and shares that survive an empty denominator."""

from __future__ import annotations

import math

NAN = math.nan


def whole(value: object, what: str = "a count") -> int:
    """`value` as an int. Whole floats and NumPy integers pass; a negative or broken number raises ValueError."""
    try:
        number = int(value)  # type: ignore[call-overload]
        same = number == value
    except (TypeError, ValueError, OverflowError) as problem:
        raise ValueError(f"{what} must be a whole number, not {value!r}") from problem
    if not same or number < 0:
        raise ValueError(f"{what} must be a whole number from 0 upwards, not {value!r}")
    return number


def part_of(successes: object, n: object) -> tuple[int, int]:
    """The pair as ints; ValueError when there are more successes than trials."""
    some, all_ = whole(successes, "successes"), whole(n, "n")
    if some > all_:
        raise ValueError(f"{some} successes out of {all_}")
    return some, all_


def share(part: float, of: float) -> float:
    """part / of, or nan where there is nothing to share."""
    return part / of if of else NAN


def exp(x: float) -> float:
    """e^x that overflows to infinity instead of raising."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf
