"""What every task asks of the colleague who makes it, the moves, and what a member says of oneself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.forum.models import Board, Thread
from kocforum.garage.models import SoftwareVersion, VehicleModel
from kocforum.members.enums import KocLevel
from kocforum.ui.fields import MomentField

from ..actions.drafts import MOST_ANSWERS, Brief
from ..enums import Goal, TaskState
from ..models import Task


class AudienceForm(forms.Form):
    """Who is meant: nothing chosen means everybody."""

    models = forms.ModelMultipleChoiceField(
        label=_("Cars"),
        queryset=VehicleModel.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    versions = forms.ModelMultipleChoiceField(
        label=_("Versions"),
        queryset=SoftwareVersion.objects.none(),
        to_field_name="name",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What runs on the car now."),
    )
    koc_levels = forms.MultipleChoiceField(
        label=_("KOC levels"),
        choices=[(level.value, level.label) for level in KocLevel if level.value],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    boards = forms.ModelMultipleChoiceField(
        label=_("Wrote on these boards"),
        queryset=Board.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cities = forms.CharField(
        label=_("Cities"), max_length=200, required=False, help_text=_("Separated by commas, as members write them.")
    )
    sample = forms.IntegerField(
        label=_("Random sample"), min_value=1, max_value=1_000_000, required=False, help_text=_("Empty: all who fit.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["models"].queryset = VehicleModel.objects.filter(retired=False)
        self.fields["versions"].queryset = SoftwareVersion.objects.all()
        self.fields["boards"].queryset = Board.objects.filter(visibility="public")

    def criteria(self) -> dict[str, Any]:
        """As actions take them."""
        said = self.cleaned_data
        cities = said.get("cities", "").replace("，", ",").replace("、", ",").split(",")
        return {
            "models": [row.slug for row in said.get("models") or []],
            "versions": [row.name for row in said.get("versions") or []],
            "koc_levels": list(said.get("koc_levels") or []),
            "boards": [row.slug for row in said.get("boards") or []],
            "cities": [city.strip() for city in cities if city.strip()],
            "sample": said.get("sample"),
        }

    @staticmethod
    def initial_of(criteria: dict[str, Any]) -> dict[str, Any]:
        """Kept criteria as the form shows them."""
        return {**criteria, "cities": "，".join(criteria.get("cities", []))}


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class BriefForm(AudienceForm):
    """The part of a draft that all forms of asking share."""

    title = forms.CharField(label=_("Question"), max_length=120)
    why = forms.CharField(
        label=_("Why we ask"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Owners read it above the options."),
    )
    decision = forms.CharField(
        label=_("What is decided with it"),
        max_length=300,
        required=False,
        help_text=_("What will be done differently depending on the answer. Owners read it; nothing opens without it."),
    )
    basis = forms.CharField(
        label=_("What it rests on"), max_length=300, required=False, help_text=_("For colleagues only.")
    )
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal.choices, widget=forms.HiddenInput, required=False)
    minutes = forms.DecimalField(
        label=_("Minutes for each person"), min_value=Decimal("0.1"), max_value=600, decimal_places=1, max_digits=5
    )
    opens_at = MomentField(
        label=_("Opens"), required=False, widget=MomentInput(), help_text=_("Empty: when it is opened by hand.")
    )
    closes_at = MomentField(label=_("Closes"), required=False, widget=MomentInput())
    enough = forms.IntegerField(
        label=_("Enough answers"),
        min_value=1,
        max_value=MOST_ANSWERS,
        required=False,
        help_text=_("With so many nobody else is invited. Empty: everybody is."),
    )
    on_front = forms.BooleanField(label=_("Show it on the front page"), required=False)
    thread = forms.ModelChoiceField(queryset=Thread.objects.none(), required=False, widget=forms.HiddenInput)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["thread"].queryset = Thread.objects.visible_to(by)

    def brief(self) -> Brief:
        """As actions take it."""
        names = (
            "title",
            "why",
            "decision",
            "basis",
            "minutes",
            "opens_at",
            "closes_at",
            "enough",
            "on_front",
            "thread",
        )
        return Brief(
            **{name: self.cleaned_data[name] for name in names},
            goal=self.cleaned_data["goal"] or Goal.DISTRIBUTION,
            criteria=self.criteria(),
        )

    @staticmethod
    def initial_from(task: Task) -> dict[str, Any]:
        """A kept draft as the form shows it."""
        names = ("title", "why", "decision", "basis", "goal", "minutes", "opens_at", "closes_at", "on_front", "thread")
        return {
            **{name: getattr(task, name) for name in names},
            "enough": task.audience.enough,
            **AudienceForm.initial_of(task.audience.criteria),
        }


class MoveForm(forms.Form):
    """One move: the state that was seen, and what it needs."""

    expected = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those who took part read it."),
    )
    changed = forms.CharField(
        label=_("What changes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Said to everybody who took part: what you decided with their answers."),
    )
    unchanged = forms.CharField(
        label=_("What does not, and why"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    staff_hours = forms.DecimalField(
        label=_("Hours of staff in all"),
        min_value=0,
        max_value=9999,
        decimal_places=1,
        max_digits=5,
        required=False,
        help_text=_("For the advisor's record; owners do not see it."),
    )

    def __init__(self, *args: Any, task: Task, to: TaskState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {"expected"}
        if to == TaskState.CANCELLED:
            kept.add("reason")
        if to == TaskState.REPORTED:
            kept |= {"changed", "unchanged", "staff_hours"}
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.initial |= {"expected": task.state}


class BudgetForm(forms.Form):
    minutes = forms.IntegerField(label=_("Minutes a month"), min_value=0, max_value=600)
