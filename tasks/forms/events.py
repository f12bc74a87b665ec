"""An event as its organisers write it, and a place at it as a member takes it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle
from kocforum.garage.queries import in_garage
from kocforum.text import clean_line
from kocforum.ui.fields import MomentField

from ..actions.events import MOST_PARTY, MOST_PLACES, EventTerms, QuestionDraft
from ..actions.rsvps import MOST_WORDS, Minors
from ..models import Event, EventQuestion, Rsvp
from .tasks import MomentInput
from .workshops import ZONES

MUST = "*"
OF_MINORS = ("minors", "guardian", "guardian_phone")


class EventForm(forms.Form):
    """Moments are typed as the clocks in `timezone` show them."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    about = forms.CharField(
        label=_("What to expect"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One point in each line, beginning with its time."),
    )
    city = forms.CharField(label=_("City"), max_length=40)
    place = forms.CharField(
        label=_("Place"), max_length=200, help_text=_("Where people meet: address, gate, car park.")
    )
    starts_at = MomentField(label=_("Begins"), widget=MomentInput())
    ends_at = MomentField(label=_("Ends"), widget=MomentInput())
    timezone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES])
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=MOST_PLACES)
    party_most = forms.IntegerField(label=_("Most people in one party"), min_value=1, max_value=MOST_PARTY, initial=5)
    asks_car = forms.BooleanField(
        label=_("Ask for car and plate"),
        required=False,
        help_text=_("Only organisers read plates; a month later they are gone."),
    )
    waiver = forms.CharField(
        label=_("What is risky about it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "In your own words: road, weather, water, what everybody answers for. Whoever takes a place accepts this; when you change it, everybody is asked again."
        ),
    )
    questions = forms.CharField(
        label=_("Questions to who comes"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One in each line, a * at the end of those that must be answered. Once it is open, questions are only added."
        ),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours for which a free place is kept"), min_value=1, max_value=168, initial=12
    )
    offers_stop_hours = forms.IntegerField(
        label=_("Hours before the beginning, offers stop"), min_value=0, max_value=168, initial=6
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in ("starts_at", "ends_at"):
            if said.get(name) and said.get("timezone"):
                said[name] = said[name].replace(tzinfo=ZoneInfo(said["timezone"]))
        return said

    def terms(self) -> EventTerms:
        """As actions take it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "op_id"}
        lines = [line.strip() for line in said.pop("questions").splitlines()]
        questions = [
            QuestionDraft(text=line.rstrip("*＊ "), required=line.endswith(("*", "＊"))) for line in lines if line
        ]
        return EventTerms(**said, questions=questions)

    def stands_now(self, event: Event) -> list[tuple[str, str]]:
        """Of a form that was sent: (label, what is kept) wherever something else was typed."""
        moments = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        shown = {"starts_at": f"{event.begins_there:%Y-%m-%d %H:%M}", "ends_at": f"{event.ends_there:%Y-%m-%d %H:%M}"}
        found = []
        for name, kept in (self.initial_from(event) | moments).items():
            typed = self.cleaned_data.get(name)
            if isinstance(typed, str):
                typed = typed.replace("\r\n", "\n")
            if typed != kept:
                words = (_("yes") if kept else _("no")) if isinstance(kept, bool) else shown.get(name, str(kept))
                found.append((str(self.fields[name].label), str(words or _("nothing"))))
        return found

    @staticmethod
    def initial_from(event: Event) -> dict[str, Any]:
        """What is kept, as the form shows it."""
        names = ("title", "about", "agenda", "city", "place", "timezone", "capacity", "party_most", "asks_car", "offer_hours", "offers_stop_hours", "waiver")  # fmt: skip
        lines = [f"{one.text}{MUST if one.required else ''}" for one in event.questions.all()]
        return {
            **{name: getattr(event, name) for name in names},
            "starts_at": event.begins_there.replace(tzinfo=None),
            "ends_at": event.ends_there.replace(tzinfo=None),
            "questions": "\n".join(lines),
        }


class PlaceForm(forms.Form):
    """How many come, what the organisers ask, and whether others see it."""

    def __init__(
        self, *args: Any, event: Event, questions: list[EventQuestion], by: Any, mine: Rsvp | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.fields["party"] = forms.IntegerField(
            label=_("How many people, with you"),
            min_value=1,
            max_value=event.party_most,
            initial=mine.party if mine else 1,
        )
        if event.asks_car:
            self.fields["vehicle"] = forms.ModelChoiceField(
                label=_("With which car"),
                queryset=in_garage(by) if by.is_authenticated else Vehicle.objects.none(),
                required=False,
                initial=mine.vehicle_id if mine else None,
                empty_label=_("without a car"),
            )
            self.fields["plate"] = forms.CharField(
                label=_("Plate"), max_length=12, required=False, initial=mine.plate if mine else ""
            )
        for question in questions:
            self.fields[question.key] = forms.CharField(
                label=question.text,
                max_length=MOST_WORDS,
                required=question.required,
                initial=mine.answers.get(question.key, "") if mine else "",
            )
        if event.party_most > 1:
            self._ask_for_minors(event, mine)
        self.fields["waived"] = forms.CharField(max_length=64, required=False)
        self.fields["listed"] = forms.BooleanField(
            label=_("Others may see that I come"), required=False, initial=mine.listed if mine else False
        )

    def _ask_for_minors(self, event: Event, mine: Rsvp | None) -> None:
        self.fields["minors"] = forms.IntegerField(
            label=_("How many of them are under 18"),
            min_value=0,
            max_value=event.party_most - 1,
            required=False,
            initial=mine.minors if mine and mine.minors else None,
        )
        self.fields["guardian"] = forms.CharField(
            label=_("Whom the crew calls for them"),
            max_length=60,
            required=False,
            initial=mine.guardian if mine else "",
        )
        self.fields["guardian_phone"] = forms.CharField(
            label=_("Phone of that person"),
            max_length=24,
            required=False,
            initial=mine.guardian_phone if mine else "",
            widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        """Whom to call, and no number: it was forgotten, and the crew would call nobody."""
        said = super().clean() or self.cleaned_data
        if "minors" in said and said["minors"] is None and any(clean_line(said.get(name)) for name in OF_MINORS[1:]):
            self.add_error("minors", _("How many of them are under 18?"))
        return said

    @property
    def usual(self) -> list[forms.BoundField]:
        """What everybody is asked."""
        return [field for field in self if field.name not in {*OF_MINORS, "waived", "listed"}]

    @property
    def of_minors(self) -> list[forms.BoundField]:
        """What is asked of who brings children, empty where everybody comes alone."""
        return [self[name] for name in OF_MINORS if name in self.fields]

    @property
    def minors_shown(self) -> bool:
        """Whether there is something to see in them."""
        return any(field.errors or field.value() for field in self.of_minors)

    def values(self) -> dict[str, Any]:
        """As the action takes it. Where everybody comes alone, no child does."""
        said = dict(self.cleaned_data)
        count, guardian, phone = (said.pop(name, None) for name in OF_MINORS)
        said["minors"] = Minors(count=count or 0, guardian=guardian or "", phone=phone or "")
        answers = {question.key: said.pop(question.key) for question in self.questions}
        return {**said, "answers": answers}
