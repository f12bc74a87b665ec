"""What somebody keeps of the day of an event, and what others say to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.forum.models import Thread
from kocforum.uploads.forms import FilesInput, UploadsField, UploadsForm

from ..models import Memory
from ..models.memories import MEMORY_PICTURES
from ..queries.memories import THREADS_OFFERED, threads_to_attach
from ..rules.memories import is_gathered


class MemoryForm(UploadsForm, forms.Form):
    """Pictures, words, and a thread of one's own, if there is one."""

    new_uploads = UploadsField(
        label=_("Your pictures"),
        required=False,
        widget=FilesInput(),
        help_text=_(
            "Up to nine; one of them may be a film of up to three minutes. Place and device are removed from the files."
        ),
    )
    words = forms.CharField(
        label=_("Your words about it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
    )
    thread = forms.ModelChoiceField(
        label=_("A thread of yours about it"),
        queryset=Thread.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Only those who may open it there see it here."),
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, by: Any, memory: Memory | None = None, **kwargs: Any) -> None:
        part_of = (MEMORY_PICTURES, memory.pk) if memory else None
        super().__init__(*args, by=by, part_of=part_of, **kwargs)
        self.adds_no_pictures = memory is not None and is_gathered(memory.event)
        if self.adds_no_pictures and not self.files:  # what is sent nevertheless is refused with a sentence
            del self.fields["new_uploads"]
        offered = list(threads_to_attach(by).values_list("pk", flat=True)[:THREADS_OFFERED])
        attached = memory.thread_id if memory is not None and memory.author_id == by.pk else None
        self.out_of_sight: int | None = None
        if attached and attached not in offered:
            if Thread.objects.visible_to(by).filter(pk=attached).exists():
                offered.append(attached)
            else:
                self.out_of_sight = attached
        self.fields["thread"].queryset = Thread.objects.filter(pk__in=offered).order_by("-created_at", "-pk")
        if not offered:
            del self.fields["thread"]

    def values(self) -> dict[str, Any]:
        """For the actions."""
        said = self.cleaned_data
        return {
            "words": said["words"],
            "uploads": said["uploads"],
            "thread": said.get("thread") or self.out_of_sight,
        }

    def renew(self, **values: Any) -> None:
        """Send this the next time, with all that was typed."""
        self.data = self.data.copy()
        self.data.update({name: str(value) for name, value in values.items()})


class WishForm(forms.Form):
    """Take it down, please."""

    wish = forms.CharField(
        label=_("Which picture, and why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class HideForm(forms.Form):
    """Nobody else reads it any more."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Its author reads it, who looks after it, and who asked for it."),
        max_length=300,
        widget=forms.TextInput(),
    )


class KeepForm(forms.Form):
    """It stays."""

    answer = forms.CharField(
        label=_("Why it stays"), help_text=_("Who asked reads it."), max_length=300, widget=forms.TextInput()
    )
