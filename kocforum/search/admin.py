"""Words of the search, in admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from kocforum.errors import Invalid

from .actions import check_word, drop_word, keep_word
from .models import Word
from .rules import can_keep_words


class WordForm(forms.ModelForm):
    class Meta:
        model = Word
        fields: ClassVar = ["text", "proposed"]

    def clean_text(self) -> str:
        try:
            return check_word(self.cleaned_data["text"])
        except Invalid as error:
            raise forms.ValidationError(str(error))


@admin.register(Word)
class WordAdmin(ModelAdmin):
    """Kept and dropped by the actions of search; a word is never rewritten into another one."""

    form = WordForm
    list_display = ("text", "proposed", "source", "by", "at")
    list_filter = ("proposed", "source")
    list_select_related = ("by",)
    search_fields = ("text",)

    def get_readonly_fields(self, request: HttpRequest, obj: Word | None = None) -> tuple[str, ...]:
        return ("text",) if obj else ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_keep_words(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Word | None = None) -> bool:
        return can_keep_words(request.user)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_keep_words(request.user)

    def save_model(self, request: HttpRequest, obj: Word, form: Any, change: bool) -> None:
        kept = keep_word(by=request.user, text=obj.text, proposed=obj.proposed)
        obj.pk = kept.pk

    def delete_model(self, request: HttpRequest, obj: Word) -> None:
        drop_word(by=request.user, word=obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for word in queryset:
            drop_word(by=request.user, word=word)
