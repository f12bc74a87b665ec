"""Places on channels as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import DayField
from kocforum.uploads.forms import FilesInput, UploadsField, UploadsForm

from ..actions.promotion import SlotDraft
from ..enums import PromotionPlace
from ..models import Event, Initiative, PromotionSlot
from ..models.events import TAKES_PLACE
from .initiatives import DAY


class SlotForm(forms.Form):
    """Where, when, with which words."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    place = forms.ChoiceField(label=_("Channel"), choices=PromotionPlace.choices)
    begins_on = DayField(label=_("First day"), widget=DAY)
    ends_on = DayField(label=_("Last day"), widget=DAY)
    event = forms.ModelChoiceField(
        label=_("Which event"),
        queryset=Event.objects.none(),
        required=False,
        empty_label=_("The initiative itself"),
    )
    wording = forms.CharField(
        label=_("Words"), max_length=200, required=False, help_text=_("Ours about it. Theirs we do not change.")
    )
    link = forms.URLField(label=_("Where it stands"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = Event.objects.filter(initiative=initiative, state__in=TAKES_PLACE)
        self.fields["event"].queryset = events.order_by("starts_at", "pk")

    def draft(self) -> SlotDraft:
        """As actions take it."""
        return SlotDraft(**{name: value for name, value in self.cleaned_data.items() if name != "op_id"})


class SlotMoveForm(UploadsForm, forms.Form):
    """The proof that it ran, or why it is pulled."""

    proof_link = forms.URLField(label=_("Link to the proof"), max_length=500, required=False, assume_scheme="https")
    new_uploads = UploadsField(
        label=_("Or a picture of it"), required=False, widget=FilesInput(attrs={"multiple": False, "accept": "image/*"})
    )
    reason = forms.CharField(label=_("Why it is pulled"), max_length=300, required=False)

    def __init__(self, *args: Any, slot: PromotionSlot, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"slot-{slot.pk}-%s", **kwargs)
