"""Contest a promise and answer that, as forms."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import ContestState

ANSWERS = [
    (ContestState.KEPT, _("They are right: it counts as kept")),
    (ContestState.LEFT_OUT, _("It does not count, either way")),
    (ContestState.STANDS, _("It stands")),
]


class ContestForm(forms.Form):
    """What is wrong about it."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("What was different?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An approver who did not decide on this initiative reads it and answers with reasons."),
    )


class ContestAnswerForm(forms.Form):
    """The answer, with reasons."""

    to = forms.ChoiceField(label=_("Answer"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who contests it reads this."),
    )
