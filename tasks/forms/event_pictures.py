"""Pictures of an event, and the one that shows the way: two fields of files in one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.uploads.forms import FilesInput, UploadsField, UploadsForm

from ..models import Event
from ..models.events import EVENT_PICTURES, EVENT_WAY


class WayForm(UploadsForm, forms.Form):
    """One picture: a sketch, or what a map shows."""

    new_uploads = UploadsField(
        label=_("A picture of the way"),
        required=False,
        widget=FilesInput(attrs={"multiple": False, "accept": "image/*"}),
        help_text=_("A sketch, or what your map shows: the entrance, the car park, where people meet."),
    )


class ScenesForm(UploadsForm, forms.Form):
    """What it looks like there."""


def picture_forms(event: Event, by: Any, data: Any = None, files: Any = None) -> tuple[ScenesForm, WayForm]:
    return (
        ScenesForm(data, files, by=by, part_of=(EVENT_PICTURES, event.pk), prefix="scenes"),
        WayForm(data, files, by=by, part_of=(EVENT_WAY, event.pk), prefix="way"),
    )
