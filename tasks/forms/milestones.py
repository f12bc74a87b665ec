"""A step of a project, and how it was reached."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import DayField

from .initiatives import DAY


class MilestoneForm(forms.Form):
    """What is to be reached, and until when."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(label=_("What is to be reached"), max_length=160)
    due_on = DayField(label=_("Until"), required=False, widget=DAY)


class ReachedForm(forms.Form):
    """One of them is reached."""

    milestone = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    words = forms.CharField(label=_("How it was reached"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
