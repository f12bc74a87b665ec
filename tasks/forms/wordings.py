"""The words of a survey as plain fields: each question with what stands beneath it, its ends and its options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..rules.questionnaire import Choice, Item


class WordingForm(forms.Form):
    """Fields `<key>-text`, `-help`, `-low_label`, `-high_label`, `<key>-<option>`, `<key>-<option>-retired`."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[Item], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["seen"].initial = version
        for item in items:
            self._add(f"{item.key}-text", _("Question"), 200, item.text, required=True)
            self._add(f"{item.key}-help", _("Words beneath it"), 300, item.help)
            if item.low_label or item.high_label:
                self._add(f"{item.key}-low_label", _("Words at the low end"), 40, item.low_label)
                self._add(f"{item.key}-high_label", _("Words at the high end"), 40, item.high_label)
            for one in item.choices:
                self._add(f"{item.key}-{one.key}", _("Option"), 60, one.label, required=True)
                self.fields[f"{item.key}-{one.key}-retired"] = forms.BooleanField(
                    label=_("no longer offered"), required=False, initial=one.retired, disabled=one.retired
                )

    def _add(self, name: str, label: Any, longest: int, initial: str, required: bool = False) -> None:
        self.fields[name] = forms.CharField(label=label, max_length=longest, initial=initial, required=required)

    def questions(self) -> list[dict[str, Any]]:
        """For the page: the question with its bound fields."""
        return [
            {
                "item": item,
                "fields": [self[name] for name in self._names(item)],
                "options": [
                    {"label": self[f"{item.key}-{one.key}"], "retired": self[f"{item.key}-{one.key}-retired"]}
                    for one in item.choices
                ],
            }
            for item in self.items
        ]

    def _names(self, item: Item) -> list[str]:
        names = [f"{item.key}-{name}" for name in ("text", "help", "low_label", "high_label")]
        return [name for name in names if name in self.fields]

    def corrected(self) -> list[Item]:
        """The questions with the words that were typed."""
        said = self.cleaned_data
        return [
            replace(
                item,
                **{name.removeprefix(f"{item.key}-"): said[name] for name in self._names(item)},
                choices=tuple(self._choice(item, one) for one in item.choices),
            )
            for item in self.items
        ]

    def _choice(self, item: Item, one: Choice) -> Choice:
        name = f"{item.key}-{one.key}"
        return replace(one, label=self.cleaned_data[name], retired=one.retired or self.cleaned_data[f"{name}-retired"])
