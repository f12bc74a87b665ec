"""A poll as a form: the shared brief, up to eight options with pictures and guesses, and the promise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kocforum.errors import Refused
from kocforum.uploads.actions import receive
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import takeable

from ..enums import ResultsPromise
from ..queries.polls import OptionDraft
from .tasks import BriefForm

ROWS = 8
PICTURES = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"


class PollForm(BriefForm):
    """Options are rows `label-1 picture-1 kept-1 guess-1 …`; a picture that was received once is kept by its number."""

    results = forms.ChoiceField(
        label=_("Who reads the results"), choices=ResultsPromise.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, options: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = kwargs["by"]
        self.received: dict[int, Upload] = {}
        for place in range(1, ROWS + 1):
            row = options[place - 1] if place <= len(options) else None
            self.fields[f"label-{place}"] = forms.CharField(
                label=_("Option %(n)s") % {"n": place}, max_length=60, required=False, initial=row and row.label
            )
            self.fields[f"picture-{place}"] = forms.FileField(
                label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": PICTURES})
            )
            self.fields[f"kept-{place}"] = forms.IntegerField(
                required=False, widget=forms.HiddenInput, initial=row and row.picture and row.picture.pk
            )
            self.fields[f"drop-{place}"] = forms.BooleanField(label=_("Take the picture away"), required=False)
            self.fields[f"guess-{place}"] = forms.IntegerField(
                label=_("Our guess, %"), min_value=0, max_value=100, required=False, initial=row and row.guess
            )
        self._known = {row.picture.pk: row.picture for row in options if row and row.picture}

    def rows(self) -> list[dict[str, Any]]:
        """The rows as the page shows them: bound fields, and the picture that is kept."""
        names = ("label", "picture", "kept", "drop", "guess")
        return [
            {**{name: self[f"{name}-{place}"] for name in names}, "place": place, "shown": self._shown(place)}
            for place in range(1, ROWS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for place in range(1, ROWS + 1):
            self._receive(place, said)
        return said

    def options(self) -> list[OptionDraft]:
        """As the action takes them."""
        said = self.cleaned_data
        return [
            OptionDraft(label=said.get(f"label-{n}") or "", picture=self.received.get(n), guess=said.get(f"guess-{n}"))
            for n in range(1, ROWS + 1)
            if said.get(f"label-{n}") or self.received.get(n)
        ]

    def _receive(self, place: int, said: dict[str, Any]) -> None:
        """A new picture, or the one that was received before, by this form or by the draft."""
        file = said.get(f"picture-{place}")
        if isinstance(file, UploadedFile):
            try:
                self.received[place] = receive(by=self.by, file=file)
            except Refused as refused:
                self.add_error(f"picture-{place}", str(refused))
            return
        number = said.get(f"kept-{place}")
        if not number or said.get(f"drop-{place}"):
            return
        found = self._known.get(number) or next(iter(takeable(self.by, [number])), None)
        if found is not None:
            self.received[place] = found

    def _shown(self, place: int) -> Upload | None:
        if self.is_bound:
            return self.received.get(place)
        return self._known.get(self[f"kept-{place}"].initial)
