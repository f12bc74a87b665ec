"""Forms of threads and posts. They make values; what is allowed is decided by the actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.uploads.forms import UploadsForm

from ..enums import FlagReason
from ..models import Board


class ThreadForm(UploadsForm, forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    body = forms.CharField(
        label=_("Your words"), widget=forms.Textarea(attrs={"rows": 10}), strip=False, max_length=100_000
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class PostForm(UploadsForm, forms.Form):
    body = forms.CharField(
        label=_("Your words"), widget=forms.Textarea(attrs={"rows": 5}), strip=False, max_length=100_000
    )
    reply_to = forms.IntegerField(widget=forms.HiddenInput, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class EditForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    body = forms.CharField(
        label=_("Your words"), widget=forms.Textarea(attrs={"rows": 10}), strip=False, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class FlagForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=FlagReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Anything to add?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason, kept in the log"), max_length=300)


class MoveForm(ReasonForm):
    board = forms.ModelChoiceField(
        empty_label=_("Please choose"), label=_("To which board?"), queryset=Board.objects.none()
    )

    def __init__(self, *args, boards, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards
