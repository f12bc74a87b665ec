"""One stretch of sound, as the page's script sends it."""

from __future__ import annotations

from django import forms

from kocforum.ui.fields import MomentField


class VoiceForm(forms.Form):
    op_id = forms.UUIDField()
    begun_at = MomentField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])
    seconds = forms.IntegerField(min_value=0, max_value=24 * 3600)
    file = forms.FileField()
