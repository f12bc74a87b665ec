"""How it was, and what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.uploads.forms import UploadsForm


class FeedbackForm(forms.Form):
    """Two taps: a number, and a line if one likes."""

    recommend = forms.TypedChoiceField(
        label=_("Would you tell a friend to come next time?"),
        help_text=_("0 never, 10 by all means"),
        coerce=int,
        choices=[(number, str(number)) for number in range(11)],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What to keep, what to do differently"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
    )


class ReportForm(UploadsForm, forms.Form):
    """What happened, what the next one should know, pictures."""

    story = forms.CharField(label=_("What happened"), max_length=6000, widget=forms.Textarea(attrs={"rows": 8}))
    lessons = forms.CharField(
        label=_("What the next one should know"),
        help_text=_("Whoever takes it as a template reads this first."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def values(self) -> dict[str, Any]:
        """For the action."""
        said = {name: self.cleaned_data[name] for name in ("story", "lessons")}
        return {**said, "added": self.cleaned_data["uploads"], "dropped": self.dropped}
