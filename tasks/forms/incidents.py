"""What went wrong at an event, as its crew writes it down: on a phone, on the spot."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.text import clean_line
from kocforum.ui.fields import MomentField

from ..enums import IncidentKind
from ..models import Event, Incident
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

    def other_than(self, told: Incident) -> str:
        """What was sent now and is not what was told, as words that can be added to it; blank where it is the same."""
        said = self.cleaned_data
        lines = [said[name] for name in ("what", "done") if clean_line(said[name]) != clean_line(getattr(told, name))]
        at, told_at = said["happened_at"], told.happened_at
        if f"{at:%Y%m%d%H%M}" != f"{told_at.astimezone(self.zone):%Y%m%d%H%M}" and not at > told_at == told.filed_at:
            lines.append(f"{self.fields['happened_at'].label} {at:%Y-%m-%d %H:%M}")
        if said["kind"] != told.kind:
            lines.append(str(IncidentKind(said["kind"]).label))
        if said["people"] != told.people:
            lines.append(_("People involved: %(n)s") % {"n": said["people"]})
        for name in ("doctor", "police"):
            if said[name] != getattr(told, name):
                label = self.fields[name].label
                lines.append(label if said[name] else _("Not so: %(what)s") % {"what": label})
        return "\n".join(str(line) for line in lines if line)


class AdditionForm(forms.Form):
    """What is known by now."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("What you know now"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
