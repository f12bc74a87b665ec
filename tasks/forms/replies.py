"""A reply under an entry, and what its writer puts above the replies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle
from kocforum.garage.queries import in_garage

from ..enums import ReplyKind
from ..models import Entry, Reply, SubQuestion


class ReplyForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Your response"), choices=ReplyKind.choices, widget=forms.RadioSelect, initial=ReplyKind.ADDS
    )
    vehicle = forms.ModelChoiceField(
        label=_("Your car"),
        queryset=Vehicle.objects.none(),
        required=False,
        empty_label=_("No car"),
        help_text=_("Each car counts once, with its version of today."),
    )
    sub_question = forms.ModelChoiceField(
        label=_("About"), queryset=SubQuestion.objects.none(), required=False, empty_label=_("The entry as a whole")
    )
    body = forms.CharField(
        label=_("Your words"),
        max_length=10_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    private = forms.BooleanField(
        label=_("Ask in private"), required=False, help_text=_("Only its writers and staff read it.")
    )
    to = forms.ModelChoiceField(queryset=Reply.objects.none(), required=False, widget=forms.HiddenInput)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Any, entry: Entry, writes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Reply.objects.visible_to(by).filter(entry=entry)
        self.fields["sub_question"].queryset = SubQuestion.objects.filter(entry=entry, closed_at__isnull=True)
        if not any(row.closed_at is None for row in entry.sub_questions.all()):
            del self.fields["sub_question"]
        if not by.is_staff:
            del self.fields["private"]
        self.fields["to"].error_messages["invalid_choice"] = _(
            "What you answer is no longer there. Your words are still here."
        )
        cars = in_garage(by) if by.is_authenticated else Vehicle.objects.none()
        own = self.fields["vehicle"]
        own.queryset = cars
        own.choices = [("", own.empty_label), *((car.pk, str(car)) for car in cars)]  # read once, to be shown or not
        if writes:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in (ReplyKind.ADDS, ReplyKind.ASKS)]
        if writes or not cars:
            del self.fields["vehicle"]

    def clean(self) -> dict[str, Any]:
        # Nobody sees what stands beside a hidden field.
        for sentence in self.errors.pop("to", []):
            self.add_error(None, sentence)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        said = self.cleaned_data
        return {
            "kind": said["kind"],
            "body": said["body"],
            "vehicle": said.get("vehicle"),
            "sub_question": said.get("sub_question"),
            "to": said["to"],
            "private": bool(said.get("private")),
        }


class EditReplyForm(forms.Form):
    body = forms.CharField(
        label=_("Your words"), max_length=10_000, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
