"""The fields that every observation has: a report's, a corroboration's and a verification's form alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle
from kocforum.garage.queries import in_garage
from kocforum.uploads.forms import UploadsForm

from ..queries.dimensions import dimensions_with_values


class VehicleField(forms.ModelChoiceField):
    """One of the member's own cars, with what runs on it."""

    def label_from_instance(self, vehicle: Vehicle) -> str:
        return f"{vehicle} · {vehicle.version_now}" if vehicle.version_now else str(vehicle)


class CountField(forms.IntegerField):
    """How often: a small number, empty when nobody counted."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 999})
        super().__init__(**{"min_value": 0, "max_value": 10_000, "required": False, "widget": widget, **kwargs})


class ObservationForm(UploadsForm):
    """Car, version, counts and conditions. Conditions are one field per dimension; what is left alone was not observed."""

    vehicle = VehicleField(
        label=_("Which car?"), queryset=Vehicle.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    software_version = forms.CharField(
        label=_("Software version then"),
        max_length=40,
        required=False,
        help_text=_("Empty: what your garage says for that day."),
    )
    failures = CountField(label=_("Failed"))
    successes = CountField(label=_("Worked"))

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["vehicle"].queryset = in_garage(by)
        self.dimensions = list(dimensions_with_values())
        for dimension in self.dimensions:
            self.fields[f"cond_{dimension.slug}"] = self._field_of(dimension)

    @staticmethod
    def _field_of(dimension) -> forms.Field:
        choices = [(value.slug, str(value)) for value in dimension.values.all()]
        if dimension.several:
            return forms.MultipleChoiceField(
                label=str(dimension), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        return forms.ChoiceField(label=str(dimension), choices=choices, required=False, widget=forms.RadioSelect)

    def condition_fields(self) -> list[forms.BoundField]:
        """The bound fields of the dimensions, in order."""
        return [self[f"cond_{dimension.slug}"] for dimension in self.dimensions]

    def split_condition_fields(self, first: Collection[str]) -> tuple[list[forms.BoundField], list[forms.BoundField]]:
        """The fields of these dimensions, and the others; what is already answered counts to the first."""
        near, others = [], []
        for dimension, field in zip(self.dimensions, self.condition_fields(), strict=True):
            (near if dimension.slug in first or field.value() else others).append(field)
        return near, others

    def conditions(self) -> dict[str, list[str]]:
        """{dimension: values} of what was ticked."""
        said = {}
        for dimension in self.dimensions:
            value = self.cleaned_data.get(f"cond_{dimension.slug}")
            if value:
                said[dimension.slug] = value if isinstance(value, list) else [value]
        return said

    def counts(self) -> dict[str, int | None]:
        """Attempts and failures; both None when neither box was used."""
        failed, worked = self.cleaned_data.get("failures"), self.cleaned_data.get("successes")
        if not failed and not worked:
            return {"attempts": None, "failures": None}
        return {"attempts": (failed or 0) + (worked or 0), "failures": failed or 0}
