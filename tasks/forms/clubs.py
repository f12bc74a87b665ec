"""A club as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import VehicleModel
from kocforum.garage.queries import models_for_choice


class ClubForm(forms.Form):
    """What its members have in common, and what it is for."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=40)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    model = forms.ModelChoiceField(
        label=_("Car"), queryset=VehicleModel.objects.none(), required=False, empty_label=_("every model")
    )
    about = forms.CharField(
        label=_("What it is for"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("When you meet, what you do, who is welcome."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = models_for_choice()


class HandOverForm(forms.Form):
    """Who leads it from now on, by user name."""

    to = forms.CharField(label=_("Who leads it from now on"), max_length=40, help_text=_("User name of a member."))
