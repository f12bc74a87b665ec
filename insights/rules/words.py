"""Findings say what goes together. That one thing makes the other happen is a hypothesis, which has an author."""

from __future__ import annotations

import re

_ZH = re.compile(
    r"导致|引起|引发|致使|归因于|(?<!说明)(?<!就)(?<!不)原因(?:是|为|在于)|(?<!不能)(?<!不)(?<!无法)证明|是由于|造成|源于|根因"
)
_EN = re.compile(
    r"\b(?:causes?|caused|causing|because of|due to|results? (?:in|from)|leads? to|led to|proves?(?! nothing)|proven|root cause)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|no|never)\b[^.;]{0,24}\bcause\b", re.IGNORECASE)


def claim_of_cause(text: str) -> str:
    """The words with which a text claims a cause, or ""."""
    denied = _DENIED.sub(" ", text)
    found = _ZH.search(denied) or _EN.search(denied)
    return found.group() if found else ""
