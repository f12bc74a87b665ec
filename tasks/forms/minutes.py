"""Forms of what comes after a room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import MinutesVerdict, ResultState, WordKind


class AnswerForm(forms.Form):
    """Confirm the minutes, or say how it was."""

    verdict = forms.ChoiceField(label=_("Were they right?"), choices=MinutesVerdict.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("How it was"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("If it was different. It stays in the minutes, with a host's reply."),
    )


class RemarksForm(forms.Form):
    """What the hosts add to what the log says."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    remarks = forms.CharField(
        label=_("Remarks of the hosts"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened is in the minutes by itself. Add what the board does not show."),
    )


class ReplyForm(forms.Form):
    """What a host says to an objection."""

    answer = forms.IntegerField(widget=forms.HiddenInput)
    reply = forms.CharField(label=_("Your reply"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class WordForm(forms.Form):
    """A word to those who met. Owners just talk; who works for the brand says what kind of word it is."""

    kind = forms.ChoiceField(label=_("What it is"), choices=WordKind.choices, initial=WordKind.TALK)
    text = forms.CharField(
        label=_("To those who met"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
    )
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, of_the_brand: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not of_the_brand:
            self.fields["kind"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=WordKind.TALK, empty_value=WordKind.TALK
            )


class ResultForm(forms.Form):
    """How far a result is."""

    result = forms.IntegerField(widget=forms.HiddenInput)
    expected = forms.CharField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label=_("How far it is"), choices=ResultState.choices)
    reason = forms.CharField(label=_("Why not"), max_length=400, required=False)
