"""Stock and loans as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import DayField

from ..models import Loan, StockItem
from ..rules.material import MOST_OF_A_THING
from .initiatives import DAY


class ItemForm(forms.Form):
    """A new thing."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("What the thing is"), max_length=120)
    unit = forms.CharField(label=_("Counted in"), max_length=20, help_text=_("Pieces, boxes, cars."))
    on_hand = forms.IntegerField(label=_("How many are there"), min_value=0, max_value=MOST_OF_A_THING)
    returnable = forms.BooleanField(label=_("It comes back"), required=False)


class CountForm(forms.Form):
    """More, or fewer."""

    change = forms.IntegerField(
        label=_("More or fewer"),
        min_value=-MOST_OF_A_THING,
        max_value=MOST_OF_A_THING,
        help_text=_("20, or -3."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300)


class LoanForm(forms.Form):
    """Reserve some of a thing."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    item = forms.ModelChoiceField(label=_("Which thing"), queryset=StockItem.objects.none())
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_OF_A_THING)
    due_back_on = DayField(label=_("Back by"), widget=DAY, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Who leads it reads this. No address of anybody.")
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = StockItem.objects.visible_to(by)
        self.fields["item"].label_from_instance = lambda item: (
            _("%(name)s: %(free)s (%(unit)s) free")
            % {
                "name": item.name,
                "free": item.free,
                "unit": item.unit,
            }
        )


class LoanMoveForm(forms.Form):
    """How many came back, and what became of the rest."""

    came_back = forms.IntegerField(label=_("How many came back"), min_value=1, required=False)
    reason = forms.CharField(label=_("What became of the rest"), max_length=300, required=False)

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"loan-{loan.pk}-%s", initial={"came_back": loan.quantity}, **kwargs)
        self.fields["came_back"].max_value = loan.quantity
        self.fields["came_back"].widget.attrs["max"] = loan.quantity
