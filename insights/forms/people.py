"""The KOC level: given and taken by people, with a reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.members.enums import KocLevel


class LevelForm(forms.Form):
    level = forms.ChoiceField(label=_("Level"), choices=KocLevel.choices, required=False)
    reason = forms.CharField(label=_("Reason, shown on the profile"), max_length=200)
    expected = forms.CharField(widget=forms.HiddenInput, required=False)
