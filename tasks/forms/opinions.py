"""A statement drawn from an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Entry
from ..models.opinions import LONGEST_STATEMENT


class StatementForm(forms.Form):
    entry = forms.ModelChoiceField(label=_("Drawn from"), queryset=Entry.objects.none(), empty_label=None)
    text = forms.CharField(
        label=_("The statement"),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One thought, so plain that one can only agree or disagree."),
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, entries: QuerySet[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries
        self.fields["entry"].choices = list(entries.values_list("pk", "title"))  # read once, not at every rendering
