"""A call as a form: the brief, the prompt, who writes, what is sealed until when, the headings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import MomentField

from ..actions.calls import MOST_WAIT, Terms, named
from ..actions.drafts import Brief
from ..enums import CallKind, Goal
from ..models import Task
from ..rules.scaffolds import Scaffold, field_report
from .tasks import BriefForm, MomentInput


class CallForm(BriefForm):
    """`headings` are lines: words, after a stroke a hint; a line that begins with a question mark may stay unanswered."""

    prompt = forms.CharField(
        label=_("What you would like to be told"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    use = forms.CharField(
        label=_("What happens with it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who reads it, by when, what comes of it. Owners read this before they begin."),
    )
    kind = forms.ChoiceField(label=_("Who writes"), choices=CallKind.choices, widget=forms.RadioSelect)
    invitees = forms.CharField(
        label=_("First speakers"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("User names, separated by commas. Only they write; the others answer them."),
    )
    sealed = forms.BooleanField(
        label=_("Sealed writing"),
        required=False,
        help_text=_("Nobody reads another's text before giving the own, so nobody is led."),
    )
    staff_reads = forms.BooleanField(
        label=_("Staff read sealed entries before the reveal"),
        required=False,
        help_text=_("It is said on the page. Without it nobody at the brand reads them either."),
    )
    reveal_at = MomentField(
        label=_("Revealed at"), required=False, widget=MomentInput(), help_text=_("Empty: when all have given.")
    )
    community_at = MomentField(
        label=_("The others join at"), required=False, widget=MomentInput(), help_text=_("Empty: at the reveal.")
    )
    confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_("Only those asked, for what is not for sale yet: a watermark, no search, no word in any letter."),
    )
    headings = forms.CharField(
        label=_("Headings to answer"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line; a hint after |, a ? in front where it may stay empty. None: free writing."),
    )
    staff_wait = forms.IntegerField(
        label=_("Staff wait for so many voices"),
        min_value=0,
        max_value=MOST_WAIT,
        help_text=_("Answers of staff stay folded until so many members have spoken under an entry."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Title")
        self.fields["why"].help_text = _("Who writes for an hour wants to know.")

    def brief(self) -> Brief:
        """As actions take it; of an invited call the audience is its first speakers."""
        brief = replace(super().brief(), goal=self.cleaned_data["goal"] or Goal.DEPTH)
        people = named(self.cleaned_data["invitees"])
        if self.cleaned_data["kind"] == CallKind.INVITED and people:
            return replace(brief, criteria={"members": people})
        return brief

    def terms(self) -> Terms:
        said = self.cleaned_data
        names = (
            "prompt",
            "use",
            "kind",
            "sealed",
            "staff_reads",
            "confidential",
            "reveal_at",
            "community_at",
            "staff_wait",
        )
        return Terms(**{name: said[name] for name in names}, scaffold=rows_of(said["headings"]))

    @staticmethod
    def initial_from(task: Task) -> dict[str, Any]:
        """A kept draft as the form shows it."""
        call = task.call
        names = ("prompt", "use", "kind", "sealed", "staff_reads", "reveal_at", "community_at", "staff_wait")
        return {
            **BriefForm.initial_from(task),
            **{name: getattr(call, name) for name in names},
            "confidential": task.is_confidential,
            "invitees": ", ".join(task.audience.criteria.get("members", [])),
            "headings": lines_of(call.scaffold),
        }


def rows_of(lines: str) -> Scaffold:
    """Lines of the form as headings."""
    rows = []
    for number, line in enumerate((line.strip() for line in lines.splitlines() if line.strip()), 1):
        optional = line.startswith(("?", "？"))
        heading, _stroke, hint = line.lstrip("?？ ").replace("｜", "|").partition("|")
        rows.append({"key": f"h{number}", "heading": heading.strip(), "hint": hint.strip(), "required": not optional})
    return rows


def lines_of(scaffold: Scaffold) -> str:
    """Headings as lines of the form."""
    return "\n".join(
        ("" if row.get("required") else "? ") + row["heading"] + (f" | {row['hint']}" if row.get("hint") else "")
        for row in scaffold
    )


def report_lines() -> str:
    """The headings of a report from the road, as lines."""
    return lines_of(field_report())


class ClarifyForm(forms.Form):
    text = forms.CharField(
        label=_("What was unclear"), max_length=1000, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class ExtendForm(forms.Form):
    closes_at = MomentField(label=_("New end"), widget=MomentInput())
    reveal_at = MomentField(label=_("Revealed at"), required=False, widget=MomentInput())
