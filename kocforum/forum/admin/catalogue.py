"""What staff of the forum keep by hand: boards, conditions, and the words that the content check knows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export.admin import ImportExportModelAdmin
from import_export.resources import ModelResource
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from kocforum.ui.backstage import CatalogueAdmin

from ..actions.boards import show_boards_anew
from ..models import Board, ContentRule, Dimension, DimensionValue
from ..queries.moderation import forget_rules


class BoardTable(ModelResource):
    class Meta:
        model = Board
        import_id_fields = ("slug",)
        fields = ("slug", "name", "name_en", "about", "about_en", "position", "visibility", "review")

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        show_boards_anew(boards=Board.objects.all())


@admin.register(Board)
class BoardAdmin(CatalogueAdmin):
    resource_classes: ClassVar = [BoardTable]
    list_display = ("name", "name_en", "slug", "parent", "function", "model", "visibility", "review", "position")
    list_filter = ("visibility", "review")
    list_select_related = ("parent", "function", "model")
    search_fields = ("slug", "name", "name_en")
    autocomplete_fields = ("parent",)

    def save_model(self, request: HttpRequest, obj: Board, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "visibility" in form.changed_data:
            show_boards_anew(boards=[obj])


class DimensionTable(ModelResource):
    class Meta:
        model = Dimension
        import_id_fields = ("slug",)
        fields = ("slug", "name", "name_en", "position", "several")


class ValueInline(TabularInline):
    model = DimensionValue
    extra = 0


@admin.register(Dimension)
class DimensionAdmin(CatalogueAdmin):
    resource_classes: ClassVar = [DimensionTable]
    list_display = ("name", "name_en", "slug", "several", "position")
    search_fields = ("slug", "name", "name_en")
    inlines: ClassVar = [ValueInline]


class RuleTable(ModelResource):
    class Meta:
        model = ContentRule
        import_id_fields = ("phrase",)
        fields = ("phrase", "verdict", "note")

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        forget_rules()


@admin.register(ContentRule)
class ContentRuleAdmin(ModelAdmin, ImportExportModelAdmin):
    resource_classes: ClassVar = [RuleTable]
    import_form_class = ImportForm
    export_form_class = ExportForm
    list_display = ("phrase", "verdict", "note")
    list_filter = ("verdict",)
    search_fields = ("phrase", "note")

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: ContentRule, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_rules()

    def delete_model(self, request: HttpRequest, obj: ContentRule) -> None:
        super().delete_model(request, obj)
        forget_rules()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ContentRule]) -> None:
        super().delete_queryset(request, queryset)
        forget_rules()
