"""Scores, decisions and moves of an endorsement as forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import MomentField

from ..enums import Verdict
from ..models import Review
from ..models.reviews import CRITERIA
from ..queries.initiatives import in_money
from .money import as_amount, as_minor
from .tasks import MomentInput

FIVE = [(number, str(number)) for number in range(1, 6)]


class ScoreForm(forms.Form):
    """1 to 5 on each criterion; `version` is what was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("In words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CRITERIA:
            label = Review._meta.get_field(name).verbose_name
            self.fields[name] = forms.TypedChoiceField(label=label, choices=FIVE, coerce=int, widget=forms.RadioSelect)

    def scores(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in CRITERIA}

    def criteria(self) -> list[forms.BoundField]:
        return [self[name] for name in CRITERIA]


class DecisionForm(forms.Form):
    """The answer, with reasons and an amount for each line (`asks` as they were frozen); told now or at a moment before it is due."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Decision"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who proposed it reads this. After a no, say what would make it a yes."),
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, if it is endorsed on conditions."),
    )
    tell_at = MomentField(
        label=_("Tell it at"),
        required=False,
        widget=MomentInput(),
        help_text=_("Empty: now. Not after the answer is due."),
    )

    def __init__(self, *args: Any, asks: Sequence[dict[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        for place, ask in enumerate(asks):
            if ask["amount_minor"] is None:
                continue
            asked = as_amount(ask["amount_minor"], ask["currency"])
            self.fields[f"granted_{place}"] = forms.DecimalField(
                label=ask["what"],
                required=False,
                min_value=0,
                max_value=asked,
                max_digits=12,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "placeholder": str(asked)}),
                help_text=_("Asked: %(amount)s. Empty: all of it.")
                % {"amount": in_money(ask["amount_minor"], ask["currency"])},
            )

    def lines(self) -> list[forms.BoundField]:
        """The lines that have an amount."""
        return [self[name] for name in self.fields if name.startswith("granted_")]

    def decision(self) -> dict[str, Any]:
        """As `actions.reviews.decide` takes it."""
        said = {name: self.cleaned_data[name] for name in ("version", "verdict", "reason", "conditions", "tell_at")}
        amounts = [self.cleaned_data.get(f"granted_{place}") for place in range(len(self.asks))]
        granted = [
            None if amount is None else as_minor(amount, ask["currency"])
            for amount, ask in zip(amounts, self.asks, strict=True)
        ]
        return {**said, "granted": granted if any(one is not None for one in granted) else None}


class MoveEndorsementForm(forms.Form):
    """Where an endorsement goes, and why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who checks it reads this."),
    )
