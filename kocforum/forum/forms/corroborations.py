"""Answer a report with one's own car: two taps when nothing differs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import Stance
from .observations import CountField, ObservationForm


class CorroborationForm(ObservationForm):
    """Stance, car, counts and conditions; for what helps, before and after."""

    stance = forms.ChoiceField(label=_("In your car?"), choices=Stance.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Anything to add?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        strip=False,
        max_length=100_000,
    )
    action = forms.CharField(label=_("What helps?"), max_length=200, required=False)
    before_failures = CountField(label=_("Failed before"))
    before_attempts = CountField(label=_("Tried before"))
    after_failures = CountField(label=_("Failed since"))
    after_attempts = CountField(label=_("Tried since"))
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """The keywords of `corroborate`, without `by` and `report`."""
        said = self.cleaned_data
        return {
            **{
                name: said[name]
                for name in ("stance", "vehicle", "note", "action", "uploads", "op_id", "software_version")
            },
            **self.counts(),
            "conditions": self.conditions(),
            "before": {"attempts": said["before_attempts"], "failures": said["before_failures"]},
            "after": {"attempts": said["after_attempts"], "failures": said["after_failures"]},
        }
