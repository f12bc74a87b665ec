"""The distilled report as a form: one finding a line, each with the reports and surveys it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_CITED = re.compile(r"\s*\[([^\[\]]*)\]\s*$")
_REPORT = re.compile(r"(?<![\dQqVvRr])\d{1,18}")
_MARKED = {
    kind: re.compile(rf"[{letter}{letter.lower()}]\s?(\d{{1,18}})")
    for kind, letter in {"surveys": "Q", "quotes": "V", "rooms": "R"}.items()
}


def as_text(findings: Sequence[dict[str, Any]]) -> str:
    """Findings as lines: `Sentence [12, 15, Q3, V4, R5]`, surveys with a Q for question, quotes with a V for voice, results of rooms with an R."""
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: dict[str, Any]) -> str:
    surveys = (f"Q{pk}" for pk in finding.get("surveys", []))
    quotes = (f"V{pk}" for pk in finding.get("quotes", []))
    rooms = (f"R{pk}" for pk in finding.get("rooms", []))
    cited = [*map(str, finding["reports"]), *surveys, *quotes, *rooms]
    return f"{finding['text']} [{', '.join(cited)}]" if cited else finding["text"]


def _cited(line: str) -> dict[str, Any]:
    """A line as a finding."""
    found = _CITED.search(line)
    marks = found.group(1) if found else ""
    others = {kind: [int(number) for number in mark.findall(marks)] for kind, mark in _MARKED.items()}
    for mark in _MARKED.values():
        marks = mark.sub(" ", marks)
    return {
        "text": line[: found.start()] if found else line,
        "reports": [int(number) for number in _REPORT.findall(marks)],
        **{kind: numbers for kind, numbers in others.items() if numbers},
    }


class DistilledForm(forms.Form):
    """Three marked parts, and what speaks against the first."""

    findings = forms.CharField(
        label=_("Findings"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_(
            "One finding a line, at its end the numbers of the reports that it rests on, surveys with a Q, quotes with a V, "
            "results of rooms with an R: [12, 15, Q3, V4, R5]. "
            "What goes together, not why."
        ),
    )
    counter_examples = forms.CharField(
        label=_("What speaks against it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    hypothesis = forms.CharField(
        label=_("Hypothesis"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_("Here you may say why. It carries your name."),
    )
    recommendation = forms.CharField(
        label=_("Recommendation"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_findings(self) -> list[dict[str, Any]]:
        return [_cited(line) for line in self.cleaned_data["findings"].splitlines() if line.strip()]
