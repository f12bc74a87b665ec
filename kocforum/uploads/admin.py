"""Uploads for community operators: to look at, not to edit. What is hidden is hidden with the thing it is part of."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from .models import Upload


@admin.register(Upload)
class UploadAdmin(ModelAdmin):
    list_display = ("look", "owner", "kind", "state", "attached_to", "number", "captured_at", "created_at")
    list_display_links = ("owner",)
    list_filter = ("kind", "state", "attached_to", "created_at")
    list_select_related = ("owner",)
    search_fields = ("owner__username", "original_name", "sha256")
    ordering = ("-id",)
    fields = (
        "look",
        ("owner", "kind", "state"),
        ("original_name", "size", "sha256"),
        ("width", "height", "duration"),
        ("captured_at", "captured_at_source", "captured_offset"),
        ("attached_to", "number", "position"),
        ("created_at", "loose_since"),
    )
    readonly_fields = ("look",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        """What is sealed from operators has a name and a fingerprint, too."""
        return super().get_queryset(request).filter(pk__in=Upload.objects.visible_to(request.user).values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        return False

    @admin.display(description=_("picture"))
    def look(self, upload: Upload) -> str:
        return format_html(
            '<a href="{}"><img src="{}" alt="{}" width="96" loading="lazy"></a>',
            upload.url,
            upload.thumbnail_url,
            upload.get_kind_display(),
        )
