"""What went wrong at an event, as its crew writes it down: on a phone, on the spot."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import MomentField

from ..enums import IncidentKind
from ..models import Event
from ..rules.incidents import MOST_INVOLVED, MOST_WORDS
from .tasks import MomentInput


class IncidentForm(forms.Form):
    """The moment is typed as the clocks at the event's place show it."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What is it?"), choices=IncidentKind.choices, widget=forms.RadioSelect)
    happened_at = MomentField(label=_("When did it happen?"), widget=MomentInput())
    what = forms.CharField(
        label=_("What happened?"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you saw, in order. No guesses at whose fault it is."),
    )
    done = forms.CharField(
        label=_("What was done about it?"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("First aid, who stayed with them, who was called. You can add to it later."),
    )
    people = forms.IntegerField(
        label=_("People involved"), min_value=0, max_value=MOST_INVOLVED, required=False, initial=1
    )
    doctor = forms.BooleanField(label=_("A doctor or an ambulance was called"), required=False)
    police = forms.BooleanField(label=_("The police was called"), required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(event.timezone)

    def clean_happened_at(self) -> Any:
        return self.cleaned_data["happened_at"].replace(tzinfo=self.zone)

    def clean_people(self) -> int:
        return self.cleaned_data["people"] or 0


class AdditionForm(forms.Form):
    """What is known by now."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("What you know now"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
