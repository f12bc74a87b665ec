"""What the writer of an entry puts above the talk under it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Entry


class AskForm(forms.Form):
    question = forms.CharField(label=_("Ask the others"), max_length=200)
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class CloseForm(forms.Form):
    """`question` says below which question it stands."""

    answer = forms.CharField(
        label=_("Where it ended"), max_length=600, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    sub_question = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)


class SumUpForm(forms.Form):
    summary = forms.CharField(
        label=_("Sum up where the talk stands"),
        max_length=2000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ChangeOfMindForm(forms.Form):
    change_of_mind = forms.CharField(
        label=_("What the talk changed in my view"),
        max_length=2000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def above_the_talk(
    entry: Entry, refused: forms.Form | None = None, *, kept: dict[str, Any], leads: bool, converging: bool
) -> dict[str, Any]:
    """What stands above the talk under an entry, and to who leads it the forms that change it; `refused` in its own place, and what was
    `kept` of words that could not be sent. `unplaced`: what was refused where there is no such form any more."""
    questions = list(entry.sub_questions.all())
    if not leads:
        return {"questions": questions, "unplaced": refused}
    open_ones = [row for row in questions if row.closed_at is None]
    for row in open_ones:
        meant = kept.get("sub_question") == str(row.pk)
        initial = {"sub_question": row.pk, "answer": kept.get("answer", "") if meant else ""}
        row.closing = CloseForm(initial=initial, auto_id=f"close-{row.pk}-%s")
        if isinstance(refused, CloseForm) and refused["sub_question"].value() == str(row.pk):
            row.closing = refused
    shown = {
        "asking": AskForm(initial={"op_id": uuid.uuid4(), **kept}, auto_id="ask-%s"),
        "summing_up": SumUpForm(initial={"summary": entry.summary, **kept}),
        "changing": ChangeOfMindForm(initial={"change_of_mind": entry.change_of_mind, **kept}),
    }
    if not converging:
        del shown["changing"]
    placed = {name: _in_place(form, refused) for name, form in shown.items()}
    stands = refused in [*placed.values(), *(row.closing for row in open_ones)]
    return {"questions": questions, **placed, "unplaced": None if stands else refused}


def _in_place(form: forms.Form, refused: forms.Form | None) -> forms.Form:
    return refused if refused is not None and type(refused) is type(form) else form
