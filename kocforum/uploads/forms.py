"""Pictures and video in a plain form: several files at once, and nothing sent twice when another field was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.errors import Refused

from . import actions, queries
from .models import Upload

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,video/mp4,video/quicktime,.heic,.heif,.mov"
BIGGEST_ID = 2**63 - 1


class FilesInput(forms.FileInput):
    """`<input type=file multiple>` with the kinds that are accepted."""

    allow_multiple_selected = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, "accept": ACCEPT, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else list(files.get(name) or [])


class UploadsField(forms.FileField):
    """Any number of files, none needed. Names and types are not asked here: `receive` looks at the bytes."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [file for file in data or [] if file]


class UploadsForm(forms.Form):
    """Mix into a form: `class ReplyForm(UploadsForm, forms.Form)`, made with `by=request.user`.

    The request's `new_uploads` are files, its `uploads` the ids of those received before, by the page's script or by an
    earlier try of this form, and its `drop` those of them that are not wanted any more. After `is_valid`,
    `cleaned_data["uploads"]` is the list of Upload rows for the action; invalid or not, `kept_uploads` are the rows
    that `uploads/field.html` shows again with their hidden ids. `meant_for` is the kind of thing that they will be part of.
    """

    meant_for = ""
    new_uploads = UploadsField(label=_("Photos or a video"), required=False)

    def __init__(self, *args: Any, by: Any = None, part_of: tuple[str, int] | None = None, **kwargs: Any) -> None:
        """`part_of` is the kind and number of the thing that is edited, whose own uploads may stay."""
        super().__init__(*args, **kwargs)
        self.by = by
        self.part_of = part_of or ("", None)
        self.kept_uploads: list[Upload] = self._of_thing()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.kept_uploads = self._named()
        for file in cleaned.pop("new_uploads", None) or []:
            try:
                self.kept_uploads.append(actions.receive(by=self.by, file=file, meant_for=self.meant_for))
            except Refused as refused:
                self.add_error("new_uploads", f"{file.name}: {refused}" if file.name else str(refused))
        cleaned["uploads"] = self.kept_uploads
        return cleaned

    @property
    def dropped(self) -> list[int]:
        """What was shown and is not wanted any more."""
        return self._ids("drop")

    def _of_thing(self) -> list[Upload]:
        kind, number = self.part_of
        return queries.attached_to(kind, [number]).get(number, []) if number else []

    def _named(self) -> list[Upload]:
        dropped = set(self._ids("drop"))
        wanted = [pk for pk in self._ids("uploads") if pk not in dropped]
        kind, number = self.part_of
        if not wanted:
            return []
        # What others put there stays there when somebody else saves.
        known = {
            row.pk: row for row in [*self._of_thing(), *queries.takeable(self.by, wanted, kind=kind, number=number)]
        }
        return [known[pk] for pk in dict.fromkeys(wanted) if pk in known]

    def _ids(self, name: str) -> list[int]:
        key = self.add_prefix(name)
        values = self.data.getlist(key) if hasattr(self.data, "getlist") else self.data.get(key, [])
        return [int(value) for value in values if str(value).isdecimal() and int(value) <= BIGGEST_ID]
