"""What a writer fills in: the text, the rights, who writes along."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.uploads.forms import UploadsForm

from ..actions.manuscripts import Rights

MOST = 2**31 - 1


class WritingForm(UploadsForm, forms.Form):
    """`version` and `revision` say from what it was written. Both may be empty where somebody only saves."""

    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    body = forms.CharField(label=_("Your text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 18}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> tuple[int, int]:
        return self.cleaned_data["version"], self.cleaned_data["revision"]

    def goes_on_from(self, version: int, revision: int) -> None:
        """Let a refused form be sent once more from what the server has by now."""
        self.data = self.data.copy()
        self.data["version"], self.data["revision"] = version, revision


class RightsForm(forms.Form):
    """What may be done with an entry; every box stands for itself, and says what happens without it."""

    quote_inside = forms.BooleanField(
        label=_("Colleagues of the brand may quote it"),
        required=False,
        help_text=_("Without it they read it like everybody, and put no sentence of yours under a ticket."),
    )
    quote_public = forms.BooleanField(
        label=_("It may be quoted in public, with my name"),
        required=False,
        help_text=_("Without it nobody quotes it in public, and it does not come among the stories."),
    )
    marketing = forms.BooleanField(
        label=_("It may be used in advertising"),
        required=False,
        help_text=_("Without it nobody advertises with it."),
    )
    keep_when_left = forms.BooleanField(
        label=_("It stays when I leave the community, without my name"),
        required=False,
        help_text=_("Without it every word of it goes with you, also from quotes."),
    )

    def rights(self) -> Rights:
        return Rights(**self.cleaned_data)


class WriterForm(forms.Form):
    """Somebody who is asked to write along."""

    username = forms.CharField(
        label=_("User name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    share = forms.IntegerField(label=_("Share, %"), min_value=1, max_value=99, initial=30)
    part = forms.CharField(label=_("What they do"), max_length=80, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The writer reads it."))
