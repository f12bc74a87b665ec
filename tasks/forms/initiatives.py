"""An initiative as a form: what, why, when, where, for whom, what is asked, how everybody stays safe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.members.models import Member
from kocforum.ui.fields import DayField

from ..actions.initiatives import AskDraft, Pitch
from ..enums import AskKind
from ..models import Club, Initiative
from ..queries.clubs import clubs_of
from ..queries.initiatives import places_of

CURRENCIES = ("CNY", "EUR", "HKD", "USD")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InitiativeForm(forms.Form):
    """The pitch without its lines of what is asked."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("In short"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you want to do, and why. This is what members read first."),
    )
    plan = forms.CharField(
        label=_("Plan"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What happens, step by step; who does what; the smallest number with which it still takes place."),
    )
    begins_on = DayField(label=_("From"), required=False, widget=DAY)
    ends_on = DayField(label=_("Until"), required=False, widget=DAY)
    place = forms.CharField(label=_("Where"), max_length=200, required=False, help_text=_("One city, or several."))
    for_whom = forms.CharField(label=_("For whom"), max_length=200, required=False)
    heads = forms.IntegerField(label=_("How many people"), min_value=1, max_value=1_000_000, required=False)
    clubs = forms.ModelMultipleChoiceField(
        label=_("Clubs that do it together"),
        queryset=Club.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    deputy = forms.CharField(
        label=_("Deputy"),
        max_length=40,
        required=False,
        help_text=_("User name of who takes over if you cannot. Needed before you submit it."),
    )
    safety = forms.CharField(
        label=_("How everybody stays safe"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "One point in each line: route, weather, insurance, first aid, whom to call. Needed before you submit it."
        ),
    )
    shown_to_members = forms.BooleanField(
        label=_("Members may read it after you submit it, and stand behind it"), required=False, initial=True
    )

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["clubs"].queryset = clubs_of(by)

    def clean_deputy(self) -> Member | None:
        name = self.cleaned_data["deputy"].strip().removeprefix("@")
        if not name:
            return None
        found = Member.objects.visible_to(self.by).filter(username=name).first()
        if found is None:
            raise forms.ValidationError(_("Nobody of this user name is here."))
        return found

    def pitch(self, lines: LineFormSet) -> Pitch:
        """As actions take it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "op_id"}
        said["safety"] = said["safety"].splitlines()
        said["clubs"] = list(said["clubs"])
        return Pitch(**said, asks=lines.drafts())

    @staticmethod
    def initial_from(initiative: Initiative) -> dict[str, Any]:
        """What is kept, as the form shows it."""
        names = ("title", "summary", "plan", "begins_on", "ends_on", "place", "for_whom", "heads", "shown_to_members")
        return {
            **{name: getattr(initiative, name) for name in names},
            "deputy": initiative.deputy.username if initiative.deputy else "",
            "safety": "\n".join(initiative.safety),
            "clubs": [club.pk for club in initiative.clubs.all()],
        }

    @staticmethod
    def initial_after(before: Initiative) -> dict[str, Any]:
        """A past initiative as a template: its words as they were submitted, without its days and its people."""
        version = before.versions.order_by("-number").first()
        content = version.content if version else {}
        names = ("title", "summary", "plan", "place", "for_whom", "heads")
        said = {name: content.get(name) or "" for name in names}
        return {**said, "safety": "\n".join(content.get("safety", ())), "shown_to_members": True}


class LineForm(forms.Form):
    """One line of what is asked; an empty one says nothing."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AskKind.choices, initial=AskKind.MONEY)
    what = forms.CharField(label=_("What for"), max_length=200, required=False)
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=12, decimal_places=2, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="CNY")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("amount") and not said.get("what"):
            self.add_error("what", _("Say what it is for."))
        return said


class LinesOfAsks(forms.BaseFormSet):
    def drafts(self) -> list[AskDraft]:
        """Lines with words, as actions take them: money in the smallest unit of its currency."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("what")]
        return [
            AskDraft(
                kind=row["kind"],
                what=row["what"],
                amount_minor=int(row["amount"] * 10 ** places_of(row["currency"])) if row.get("amount") else None,
                currency=row["currency"] if row.get("amount") else "",
            )
            for row in rows
        ]


LineFormSet = forms.formset_factory(LineForm, formset=LinesOfAsks, extra=3, max_num=30, absolute_max=40)


def lines_from(asks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept lines as the form shows them."""
    return [
        {
            "kind": ask["kind"],
            "what": ask["what"],
            "amount": Decimal(ask["amount_minor"]).scaleb(-places_of(ask["currency"])) if ask["amount_minor"] else None,
            "currency": ask["currency"] or "CNY",
        }
        for ask in asks
    ]
