"""Cars as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import DayField

from .models import SoftwareVersion, Vehicle, VehicleModel
from .queries import models_for_choice


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class VehicleForm(forms.Form):
    """A car: chosen from the catalogue, or in the owner's words."""

    model = forms.ModelChoiceField(
        label=_("Model"),
        queryset=VehicleModel.objects.none(),
        required=False,
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=_("Another one"),
    )
    model_text = forms.CharField(label=_("Another one: its name"), max_length=60, required=False)
    trim = forms.CharField(label=_("Trim"), max_length=60, required=False)
    year = forms.IntegerField(label=_("Model year"), widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    mileage_km = forms.IntegerField(
        label=_("Mileage, km"), required=False, min_value=0, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = models_for_choice()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("model") and not cleaned.get("model_text"):
            self.add_error("model", _("Which car is it? Choose a model or write its name."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The keywords of `add_vehicle` and `edit_vehicle`."""
        said = self.cleaned_data
        model = said["model"].slug if said["model"] else said["model_text"]
        return {"model": model, "trim": said["trim"], "year": said["year"], "mileage_km": said["mileage_km"]}


class VersionForm(forms.Form):
    """A software version and since when."""

    software_version = forms.CharField(
        label=_("Software version"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "versions", "autocomplete": "off"}),
    )
    installed_on = DayField(label=_("Installed on"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("installed_on", timezone.localdate())
        self.known = list(SoftwareVersion.objects.values_list("name", flat=True)[:20])


class NewVehicleForm(VehicleForm, VersionForm):
    """A car with what runs on it now."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["software_version"].required = False
        self.fields["installed_on"].required = False

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            **super().values(),
            "software_version": said["software_version"],
            "installed_on": said["installed_on"],
            "op_id": said["op_id"],
        }


class LeavingForm(forms.Form):
    leaving = forms.ChoiceField(
        label=_("What happened to it?"),
        choices=Vehicle.Leaving.choices,
        widget=forms.RadioSelect,
        initial=Vehicle.Leaving.SOLD,
    )
