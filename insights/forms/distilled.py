"""The distilled report as a form: one finding a line, each with the reports it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_CITED = re.compile(r"\s*\[([^\[\]]*)\]\s*$")


def as_text(findings: Sequence[dict[str, Any]]) -> str:
    """Findings as lines: `Sentence [12, 15]`."""
    return "\n".join(
        f"{finding['text']} [{', '.join(str(pk) for pk in finding['reports'])}]"
        if finding["reports"]
        else finding["text"]
        for finding in findings
    )


class DistilledForm(forms.Form):
    """Three marked parts, and what speaks against the first."""

    findings = forms.CharField(
        label=_("Findings"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text=_(
            "One finding a line, at its end the numbers of the reports that it rests on: [12, 15]. What goes together, not why."
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
        said = []
        for line in self.cleaned_data["findings"].splitlines():
            if not line.strip():
                continue
            cited = _CITED.search(line)
            numbers = re.findall(r"\d{1,18}", cited.group(1)) if cited else []
            said.append(
                {"text": line[: cited.start()] if cited else line, "reports": [int(number) for number in numbers]}
            )
        return said
