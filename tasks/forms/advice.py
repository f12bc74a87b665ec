"""The advisor's six questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import Goal, Reason
from ..models import Advice
from ..queries.advisor import Situation
from .tasks import AudienceForm

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AdviceForm(AudienceForm):
    """Six questions, the decision, and whom one thinks of."""

    goal = forms.ChoiceField(label=_("What do you want to reach?"), choices=Goal.choices, widget=forms.RadioSelect)
    options_known = forms.ChoiceField(
        label=_("Do you know the possible answers already?"), choices=YES_NO, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=_("What should the answer be?"), choices=Reason.choices, widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("Days until the decision"), min_value=0, max_value=3650)
    confidential = forms.ChoiceField(label=_("Is it confidential?"), choices=YES_NO, widget=forms.RadioSelect)
    starter = forms.ChoiceField(label=_("Who starts it?"), choices=Advice.Starter.choices, widget=forms.RadioSelect)
    decision = forms.CharField(
        label=_("What is decided with it?"),
        max_length=300,
        required=False,
        help_text=_("Nothing opens without a decision. You can name it later."),
    )

    def situation(self) -> Situation:
        """As the advisor takes it."""
        said: dict[str, Any] = self.cleaned_data
        return Situation(
            goal=said["goal"],
            options_known=said["options_known"] == "yes",
            reason=said["reason"],
            days=said["days"],
            confidential=said["confidential"] == "yes",
            starter=said["starter"],
            decision=said["decision"],
        )
