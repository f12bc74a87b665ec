"""A workshop as a form: what is decided, when and where, who comes, how votes are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import MomentField

from ..actions.calls import named
from ..actions.drafts import Brief
from ..actions.workshop_terms import MOST_ARRIVAL, MOST_SEATS, Terms, closing_of
from ..enums import Goal, Meeting, SeatRole
from ..models import Task
from .tasks import BriefForm, MomentInput

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Singapore", "Europe/Berlin", "Europe/London", "Europe/Oslo", "America/Los_Angeles")  # fmt: skip

KEPT = ("zone", "meeting", "place", "travel", "arrival_minutes", "seats", "reading", "consent", "anonymous", "votes_each", "votes_on_one")  # fmt: skip
PEOPLE = {
    "invitees": {SeatRole.KOC, SeatRole.EXPERT},
    "cohosts": {SeatRole.COHOST},
    "scribes": {SeatRole.SCRIBE},
    "observers": {SeatRole.OBSERVER},
}


class WorkshopForm(BriefForm):
    """The moment is typed as the clocks in `zone` show it."""

    starts_at = MomentField(label=_("Begins"), widget=MomentInput())
    zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES])
    meeting = forms.ChoiceField(label=_("Where people meet"), choices=Meeting.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("Where people meet in person: address, floor, gate."),
    )
    travel = forms.CharField(
        label=_("Getting there"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The way, parking, charging, and what the brand pays for."),
    )
    arrival_minutes = forms.IntegerField(
        label=_("The door opens"), min_value=0, max_value=MOST_ARRIVAL, required=False, help_text=_("Minutes before.")
    )
    seats = forms.IntegerField(
        label=_("Seats for owners"),
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("Six to ten talk well with each other."),
    )
    invitees = forms.CharField(
        label=_("Who is invited"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "User names, separated by commas: owners, and colleagues as experts. More than there are seats wait."
        ),
    )
    cohosts = forms.CharField(
        label=_("Co-hosts"),
        max_length=400,
        help_text=_("At least one colleague who can lead on when you drop out."),
    )
    scribes = forms.CharField(
        label=_("Scribes"),
        max_length=400,
        required=False,
        help_text=_("They type in what is said and what is written on paper."),
    )
    observers = forms.CharField(
        label=_("Observers"),
        max_length=400,
        required=False,
        help_text=_("Silent, and named on the list that everybody sees."),
    )
    reading = forms.CharField(
        label=_("To read before"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.CharField(
        label=_("What everybody accepts before the room"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Each version is kept, and with each seat which one was accepted."),
    )
    anonymous = forms.BooleanField(
        label=_("Notes show no names"), required=False, help_text=_("Only their authors know which are theirs.")
    )
    votes_each = forms.IntegerField(label=_("Votes of each person"), min_value=1, max_value=20)
    votes_on_one = forms.IntegerField(label=_("At most on one idea"), min_value=1, max_value=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Title")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("arrival_minutes") is None:
            said["arrival_minutes"] = Terms.arrival_minutes
        if said.get("starts_at") and said.get("zone"):
            said["starts_at"] = said["starts_at"].replace(tzinfo=ZoneInfo(said["zone"]))
        return said

    def terms(self) -> Terms:
        said = self.cleaned_data
        people = {name: named(said[name]) for name in PEOPLE}
        return Terms(starts_at=said["starts_at"], **{name: said[name] for name in KEPT}, **people)

    def brief(self) -> Brief:
        """As actions take it: its audience is who is invited, its end a day after the beginning."""
        terms = self.terms()
        return replace(
            super().brief(),
            goal=self.cleaned_data["goal"] or Goal.IDEAS,
            opens_at=None,
            closes_at=closing_of(terms),
        )

    @staticmethod
    def initial_from(task: Task) -> dict[str, Any]:
        """A kept draft as the form shows it."""
        workshop = task.workshop
        listed = list(workshop.list.select_related("member").order_by("pk"))
        return {
            **BriefForm.initial_from(task),
            **{name: getattr(workshop, name) for name in KEPT},
            "starts_at": workshop.starts_at.astimezone(ZoneInfo(workshop.zone)).replace(tzinfo=None),
            **{
                name: ", ".join(one.member.username for one in listed if one.role in roles)
                for name, roles in PEOPLE.items()
            },
        }
