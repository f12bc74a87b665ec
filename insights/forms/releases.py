"""Forms of releases, offers and verifications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.forum.enums import Outcome
from kocforum.forum.queries.dimensions import dimensions_with_values
from kocforum.garage.models import Vehicle, VehicleModel
from kocforum.garage.queries import in_garage
from kocforum.uploads.forms import UploadsForm

from ..enums import ReleaseKind
from ..models import Ticket


class ReleaseForm(forms.Form):
    """A release, with the announcement that everybody reads."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ReleaseKind.choices, widget=forms.RadioSelect)
    version = forms.CharField(label=_("Version"), max_length=40, required=False, help_text=_("For a software version."))
    title = forms.CharField(label=_("Title in Chinese"), max_length=120, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    vehicle_models = forms.ModelMultipleChoiceField(
        label=_("For models"),
        queryset=VehicleModel.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    announcement = forms.CharField(
        label=_("Announcement in Chinese"), widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=20_000
    )
    announcement_en = forms.CharField(
        label=_("Announcement in English"), widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=20_000
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vehicle_models"].queryset = VehicleModel.objects.filter(retired=False)


class AnswerForm(forms.Form):
    """Which ticket a release answers."""

    ticket = forms.ModelChoiceField(empty_label=_("Please choose"), label=_("Ticket"), queryset=Ticket.objects.none())

    def __init__(self, *args: Any, tickets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket"].queryset = tickets


class ConsentForm(forms.Form):
    consent = forms.BooleanField(label=_("I have read this and want to take part."), required=False)


class CarField(forms.ModelChoiceField):
    """One of the member's own cars, with what runs on it."""

    def label_from_instance(self, vehicle: Vehicle) -> str:
        return f"{vehicle} · {vehicle.version_now}" if vehicle.version_now else str(vehicle)


class ObservedForm(forms.Form):
    """How it went on the new version: counts, conditions, words."""

    failures = forms.IntegerField(
        label=_("Failed"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    successes = forms.IntegerField(
        label=_("Worked"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    outcome = forms.ChoiceField(
        label=_("How was it?"), choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("In your own words"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        strip=False,
        max_length=100_000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dimensions = list(dimensions_with_values())
        for dimension in self.dimensions:
            choices = [(value.slug, str(value)) for value in dimension.values.all()]
            several = dimension.several
            self.fields[f"cond_{dimension.slug}"] = (
                forms.MultipleChoiceField(
                    label=str(dimension), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
                )
                if several
                else forms.ChoiceField(label=str(dimension), choices=choices, required=False, widget=forms.RadioSelect)
            )

    def condition_fields(self) -> list[forms.BoundField]:
        """The bound fields of the dimensions, in order."""
        return [self[f"cond_{dimension.slug}"] for dimension in self.dimensions]

    def observed(self) -> dict[str, Any]:
        """Keywords that `verify` and `seal` share."""
        said = self.cleaned_data
        failed, worked = said.get("failures"), said.get("successes")
        counted = bool(failed or worked)
        conditions = {}
        for dimension in self.dimensions:
            if value := said.get(f"cond_{dimension.slug}"):
                conditions[dimension.slug] = value if isinstance(value, list) else [value]
        return {
            "attempts": (failed or 0) + (worked or 0) if counted else None,
            "failures": (failed or 0) if counted else None,
            "outcome": said.get("outcome") or "",
            "words": said.get("words") or "",
            "conditions": conditions,
        }


class VerifyForm(UploadsForm, ObservedForm):
    """A verification in the thread, with the car it was tried in."""

    vehicle = CarField(
        label=_("Which car?"), queryset=Vehicle.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["vehicle"].queryset = in_garage(by)
