"""Codes, themes, marks, verdicts and quotes as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Code, Codebook, Theme


class CodeForm(forms.Form):
    name = forms.CharField(label=_("Code"), max_length=60)
    memo = forms.CharField(
        label=_("Memo"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("When it applies, when not, and an example."),
    )
    theme = forms.ModelChoiceField(
        label=pgettext_lazy("coding", "Theme"), queryset=Theme.objects.none(), required=False, empty_label=_("None yet")
    )

    def __init__(self, *args: Any, book: Codebook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = book.themes.all()


class EditCodeForm(CodeForm):
    retired = forms.BooleanField(label=_("Out of use"), required=False)


class ThemeForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("coding", "Theme"), max_length=60)
    memo = forms.CharField(label=_("Memo"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("The one who is released reads it."))


class MarkForm(forms.Form):
    """A passage and its code; `start` and `end` in code points."""

    code = forms.ModelChoiceField(label=_("Code"), queryset=Code.objects.none(), empty_label=_("Please choose"))
    start = forms.IntegerField(min_value=0, max_value=1_000_000)
    end = forms.IntegerField(min_value=0, max_value=1_000_000)
    version = forms.IntegerField(min_value=1, max_value=32_767)
    memo = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, book: Codebook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].queryset = book.codes.filter(retired_at__isnull=True)
