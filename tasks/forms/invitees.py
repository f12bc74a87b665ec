"""What is looked for among those who told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import SoftwareVersion, VehicleModel
from kocforum.members.enums import KocLevel

from ..queries.invitees import Wanted
from ..queries.subjects import subjects_for


class WantedForm(forms.Form):
    """An address: what is chosen stands in it, and can be passed on to a colleague."""

    about = forms.ChoiceField(label=_("About"), required=False)
    version = forms.ChoiceField(label=_("On version"), required=False)
    model = forms.ChoiceField(label=_("Car"), required=False)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    level = forms.MultipleChoiceField(
        label=_("KOC levels"),
        choices=[(level.value, level.label) for level in KocLevel if level.value],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        self.fields["about"].choices = [("", _("Everything that was told")), *subjects_for(by)]
        versions = SoftwareVersion.objects.values_list("name", flat=True)
        self.fields["version"].choices = every + [(name, name) for name in versions]
        models = VehicleModel.objects.filter(retired=False)
        self.fields["model"].choices = every + [(one.slug, str(one)) for one in models]

    def wanted(self) -> Wanted:
        """As the query takes it. What cannot be is as if it was not said."""
        self.full_clean()
        said = self.cleaned_data
        return Wanted(
            subject=said.get("about", ""),
            version=said.get("version", ""),
            model=said.get("model", ""),
            city=said.get("city", "").strip(),
            levels=tuple(said.get("level") or ()),
        )
