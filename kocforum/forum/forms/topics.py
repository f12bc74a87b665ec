"""Topics as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import FailureMode, Function
from kocforum.members.models import Member

from ..enums import SortedAs
from ..models import Dimension


class ClaimForm(forms.Form):
    """Title and claim, by the revision that was read."""

    title = forms.CharField(label=_("Title"), max_length=120)
    claim = forms.CharField(
        label=_("The claim"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What seems to be so, and under which conditions. Numbers come from the lens, reasons from the engineers."
        ),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TopicForm(ClaimForm):
    """A new topic: defined by function and failure mode, never by conditions."""

    function = forms.ModelChoiceField(
        empty_label=_("Please choose"), label=_("Function"), queryset=Function.objects.none(), to_field_name="slug"
    )
    failure_mode = forms.ChoiceField(label=_("In which way"), required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["function"].queryset = Function.objects.all()
        self.fields["failure_mode"].choices = [("", "—"), *_modes_by_function()]


def _modes_by_function() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for mode in FailureMode.objects.select_related("function"):
        groups.setdefault(str(mode.function), []).append((mode.slug, str(mode)))
    return list(groups.items())


class SummaryForm(forms.Form):
    """The pinned synthesis."""

    summary = forms.CharField(
        label=_("Summary"), required=False, strip=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SortForm(forms.Form):
    post = forms.IntegerField(widget=forms.HiddenInput)
    sorted_as = forms.ChoiceField(choices=SortedAs.choices)


class AskForm(forms.Form):
    """One field of one record."""

    field = forms.ChoiceField(label=_("What do you want to know?"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("Anything to add?"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [
            ("software_version", _("Software version")),
            *[(f"dimension:{dimension.slug}", str(dimension)) for dimension in Dimension.objects.all()],
        ]


class AnswerForm(forms.Form):
    """The answer to a question, as a value of the dimension or as a version."""

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dimension = (
            Dimension.objects.filter(slug=field.partition(":")[2]).first() if field.startswith("dimension:") else None
        )
        if dimension is None:
            self.fields["value"] = forms.CharField(label=_("Software version"), max_length=40)
            return
        choices = [(value.slug, str(value)) for value in dimension.values.all()]
        kind, widget = (
            (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            if dimension.several
            else (forms.ChoiceField, forms.RadioSelect)
        )
        self.fields["value"] = kind(label=str(dimension), choices=choices, widget=widget)


class UnlinkForm(forms.Form):
    reason = forms.CharField(label=_("Why does it not belong here?"), max_length=200)


class HostForm(forms.Form):
    member = forms.CharField(label=_("User name of the new host"), max_length=40)

    def clean_member(self) -> Member:
        member = Member.objects.filter(username=self.cleaned_data["member"].strip().lstrip("@"), is_active=True).first()
        if member is None:
            raise forms.ValidationError(_("There is no member with this user name."))
        return member


class PassageForm(forms.Form):
    """A passage of a post, kept as it stands."""

    text = forms.CharField(
        label=_("The passage"), max_length=2000, strip=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    note = forms.CharField(label=_("Why it matters"), max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
