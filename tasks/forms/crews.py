"""Who helps at an event, and what its organisers tell."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions.crews import MOST_WORDS
from ..enums import CrewRole


class CrewForm(forms.Form):
    """A member by the name under which they sign in."""

    username = forms.CharField(label=_("Name under which they sign in"), max_length=151)
    role = forms.ChoiceField(label=_("What they do"), choices=CrewRole.choices, initial=CrewRole.GATE)


class AnnouncementForm(forms.Form):
    """Some lines to everybody who has a place or waits for one."""

    words = forms.CharField(
        label=_("What to know"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MOST_WORDS}),
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)
