"""Record what happened: chips first, words last, nothing asked twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Function
from kocforum.garage.queries.catalogue import lineage
from kocforum.ui.fields import MomentField

from ..enums import Outcome, Precision, Severity, Signal, Venue
from ..queries.recents import recent_functions
from .observations import ObservationForm


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ReportForm(ObservationForm):
    """The capture form. `function` is one of the chips, `function_other` the list behind "more" and wins."""

    function = forms.ChoiceField(label=_("Which function?"), widget=forms.RadioSelect, required=False)
    function_other = forms.ModelChoiceField(
        label=_("Another function"), queryset=Function.objects.none(), required=False, to_field_name="slug"
    )
    failure_mode = forms.ChoiceField(label=_("In which way?"), widget=forms.RadioSelect, required=False)
    occurred_at = MomentField(label=_("When?"), widget=MomentInput)
    precision = forms.ChoiceField(label=_("How exactly?"), choices=Precision.choices, initial=Precision.MINUTE)
    outcome = forms.ChoiceField(
        label=_("How did it go?"), choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )
    signals = forms.MultipleChoiceField(
        label=_("Anything odd?"), choices=Signal.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    signals_other = forms.CharField(label=_("Another sign, in your words"), max_length=60, required=False)
    severity = forms.ChoiceField(
        label=_("How serious?"), choices=Severity.choices, widget=forms.RadioSelect, required=False
    )
    district = forms.CharField(label=_("District or town"), max_length=60, required=False)
    venue = forms.ChoiceField(
        label=_("What kind of place?"), choices=Venue.choices, widget=forms.RadioSelect, required=False
    )
    tried = forms.CharField(
        label=_("What did you try?"), max_length=300, required=False, help_text=_("Separate several with a comma.")
    )
    narrative = forms.CharField(
        label=_("In your own words"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        strip=False,
        max_length=100_000,
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("Empty: it writes itself from what you ticked.")
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Any, chosen: Function | None = None, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        offered = recent_functions(by)
        if chosen and chosen not in offered:
            offered = [chosen, *offered]
        self.fields["function"].choices = [(function.slug, str(function)) for function in offered]
        self.fields["function_other"].queryset = Function.objects.select_related("parent")
        if self.is_bound and chosen is None:
            chosen = Function.objects.filter(
                slug=(self.data.get("function_other") or self.data.get("function") or "").replace("\0", "")
            ).first()
        self.fields["failure_mode"].choices = modes_for(chosen) if chosen else []
        if not self.is_bound:
            self.initial.setdefault("occurred_at", timezone.localtime())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("function_other")
        cleaned["function"] = chosen.slug if chosen else cleaned.get("function") or ""
        if not cleaned["function"]:
            self.add_error("function", _("Choose the function that it was about."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The keywords of `tell_report`, without `by`."""
        said = self.cleaned_data
        own_sign = said["signals_other"]
        return {
            **{
                name: said[name]
                for name in ("function", "failure_mode", "vehicle", "occurred_at", "precision", "outcome")
            },
            **{name: said[name] for name in ("title", "narrative", "severity", "uploads", "op_id", "software_version")},
            **self.counts(),
            "conditions": self.conditions(),
            "signals": [*said["signals"], *([own_sign] if own_sign else [])],
            "place": {"district": said["district"], "venue": said["venue"]},
            "tried": [word for word in said["tried"].replace("，", ",").replace("、", ",").split(",") if word.strip()],
        }


def modes_for(function: Function) -> list[tuple[str, str]]:
    """Failure modes of a function and of those above it, nearest first."""
    return [
        (mode.slug, str(mode))
        for above in lineage(function)
        for mode in above.failure_modes.order_by("position", "slug")
    ]
