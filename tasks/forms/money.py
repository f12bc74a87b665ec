"""Expenses, the account of the money, its parts and answers as forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kocforum.ui.fields import DayField
from kocforum.uploads.forms import FilesInput, UploadsField, UploadsForm
from kocforum.uploads.models import Upload
from kocforum.uploads.rules import MEGABYTE, limit

from ..actions.expense_terms import ExpenseDraft
from ..actions.money import TranchePlan
from ..models import BudgetLine, Envelope, Expense
from ..models.expenses import RECEIPTS
from ..queries.initiatives import places_of
from ..queries.money import TranchePart
from ..queries.receipts import CURRENCY
from ..rules.fapiao import Paper, paper_in
from .initiatives import CURRENCIES, DAY

# Without `capture`: a phone then offers the camera, the album, where a digital fapiao lies as a screenshot, and its files.
RECEIPT = {"multiple": False, "accept": "image/*,application/pdf,.pdf"}


def as_minor(amount: Decimal, currency: str) -> int:
    """In the smallest unit of the currency; what is smaller than that is cut off by the field's two places."""
    return int(amount * 10 ** places_of(currency))


def as_amount(amount_minor: int, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-places_of(currency))


class ExpenseForm(UploadsForm, forms.Form):
    """What was paid, with its receipt. `receipt` is the one that was handed in before, which stays unless another is added."""

    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    meant_for = RECEIPTS
    new_uploads = UploadsField(label=_("Photo or PDF of the receipt"), required=False, widget=FilesInput(attrs=RECEIPT))
    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    what = forms.CharField(
        label=_("What for"),
        max_length=200,
        help_text=_("After the settlement everybody reads this. No names of people."),
    )
    line = forms.ModelChoiceField(label=_("Line"), queryset=BudgetLine.objects.none(), empty_label=None)
    payee = forms.CharField(label=_("Who was paid"), max_length=120, help_text=_("As it stands on the receipt."))
    issued_on = DayField(label=_("Day of the receipt"), widget=DAY)
    fapiao = forms.CharField(
        label=_("Fapiao number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Digital: the 20 digits. Paper: code and number, one after the other."),
    )
    rate = forms.DecimalField(label=_("Rate of that day"), min_value=0, max_digits=12, decimal_places=6, required=False)
    rate_on = DayField(label=_("Day of the rate"), widget=DAY, required=False)
    related_party = forms.BooleanField(
        label=_("The payee belongs to one of us, or is close to one of us. Two approvers look at it."), required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For those who approve and pay."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, envelope: Envelope, lines: list[BudgetLine], receipt: Upload | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.receipt = receipt
        self.paper = self.paper_before = Paper()
        self.read: Any = ""  # what came of looking into the PDF
        self.fields["new_uploads"].help_text = _(
            "Take a photo now, or choose a picture or the PDF of a digital fapiao: up to %(mb)s MB and %(pages)s pages."
        ) % {"mb": limit("PDF_BYTES") // MEGABYTE, "pages": limit("PDF_PAGES")}
        self.fields["line"].queryset = BudgetLine.objects.filter(pk__in=[line.pk for line in lines])
        if envelope.currency not in CURRENCIES:
            self.fields["currency"].choices = [(code, code) for code in (envelope.currency, *CURRENCIES)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        before = [None, self.receipt, *self.kept_uploads][-2]
        self.paper_before = paper_in(before.words) if before else Paper()
        self.kept_uploads = self.kept_uploads[-1:]  # a new one takes the place of the one before
        said["receipt"] = self.kept_uploads[0] if self.kept_uploads else self.receipt
        if said["receipt"] is None and "new_uploads" not in self.errors:
            self.add_error("new_uploads", _("Add a photo or the PDF of the receipt."))
        self.paper = paper_in(said["receipt"].words) if said["receipt"] else Paper()
        if said.get("amount") and places_of(said.get("currency", "")) == 0 and said["amount"] % 1:
            self.add_error("amount", _("This currency has no smaller unit."))
        return said

    def draft(self) -> ExpenseDraft:
        """As actions take it."""
        said = self.cleaned_data
        names = ("receipt", "line", "what", "note", "payee", "issued_on", "fapiao", "related_party", "rate", "rate_on")
        return ExpenseDraft(
            amount_minor=as_minor(said["amount"], said["currency"]),
            currency=said["currency"],
            **{name: said[name] for name in names},
        )

    def read_from_paper(self) -> None:
        """Show the form once more, with what stands on the PDF where nothing was typed. What the PDF before it said was not typed, nor
        was a day that was only proposed. Nothing was handed in, so that nothing is missing yet but a file."""
        self.is_valid()
        self.errors_of_file_only()
        typed, differs = self.data.copy(), []
        if typed.get("issued_on") == timezone.localdate().isoformat() and self.paper.issued_on:
            typed["issued_on"] = ""
        before = self._values_of(self.paper_before)
        for name, value in self._values_of(self.paper).items():
            here = self.cleaned_data.get(name)
            if not typed.get(name) or (before[name] and here == before[name]):
                typed[name] = str(value or "")
            elif value and here != value:
                differs.append(str(self.fields[name].label))
        self.data = typed
        if self.errors:
            return
        if differs:
            self.read = _("Read from the PDF. It says something else than you typed, which stays: %(names)s.") % {
                "names": gettext(", ").join(differs)
            }
        elif self.paper:
            self.read = _("Read from the PDF. Look whether it is right.")
        else:
            self.read = _("Nothing could be read in it. Please type what stands on it.")

    def _values_of(self, paper: Paper) -> dict[str, Any]:
        """By field; an amount in the currency of a fapiao only."""
        amount = paper.amount_minor if self.data.get("currency") == CURRENCY else None
        return {
            "fapiao": paper.number,
            "amount": amount and as_amount(amount, CURRENCY),
            "issued_on": paper.issued_on,
        }

    def errors_of_file_only(self) -> None:
        for name in [name for name in self.errors if name != "new_uploads"]:
            del self.errors[name]

    @staticmethod
    def initial_from(expense: Expense) -> dict[str, Any]:
        """What is kept, as the form shows it."""
        names = ("what", "note", "payee", "issued_on", "fapiao", "related_party", "rate", "rate_on", "line")
        abroad = expense.original_currency
        return {
            **{name: getattr(expense, name) for name in names},
            "amount": as_amount(expense.original_minor, abroad) if abroad else as_amount(expense.amount_minor, expense.envelope.currency),
            "currency": abroad or expense.envelope.currency,
        }  # fmt: skip


class AccountForm(UploadsForm, forms.Form):
    """What was done with the money, told to everybody."""

    words = forms.CharField(
        label=_("What was done with the money"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads this after the settlement."),
    )


class PartForm(forms.Form):
    """A part that is not released yet; an empty one says nothing."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=12, decimal_places=2, required=False)
    condition = forms.CharField(label=_("When a colleague says that"), max_length=500, required=False)
    due_on = DayField(label=_("Or on the day"), widget=DAY, required=False)


class PartsOfMoney(forms.BaseFormSet):
    def plans(self, currency: str) -> list[TranchePlan]:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("amount")]
        return [
            TranchePlan(
                amount_minor=as_minor(row["amount"], currency), condition=row["condition"], due_on=row["due_on"]
            )
            for row in rows
        ]


PartFormSet = forms.formset_factory(PartForm, formset=PartsOfMoney, extra=2, max_num=12, absolute_max=14)


def parts_from(tranches: list[TranchePart], currency: str) -> list[dict[str, Any]]:
    """What is planned, as the form shows it."""
    waits = [part.tranche for part in tranches if part.tranche.released_at is None]
    return [
        {"amount": as_amount(one.amount_minor, currency), "condition": one.condition, "due_on": one.due_on}
        for one in waits
    ]
