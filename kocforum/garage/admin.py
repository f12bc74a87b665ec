"""The catalogue as staff keep it, and cars whose owners used words of their own."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from kocforum.ui.backstage import CatalogueAdmin, LookOnlyAdmin

from .actions import match_by_name, match_vehicles, match_versions
from .models import FailureMode, Function, InstalledVersion, SoftwareVersion, Trim, Vehicle, VehicleModel
from .queries import normalise_version, version_key
from .rules import can_match


class ModelTable(ModelResource):
    class Meta:
        model = VehicleModel
        import_id_fields = ("slug",)
        fields = ("slug", "name", "name_en", "position", "retired")


class FunctionTable(ModelResource):
    parent = Field("parent", "parent", ForeignKeyWidget(Function, "slug"))

    class Meta:
        model = Function
        import_id_fields = ("slug",)
        fields = ("slug", "name", "name_en", "parent", "position")


class VersionTable(ModelResource):
    vehicle_models = Field("vehicle_models", "vehicle_models", ManyToManyWidget(VehicleModel, ",", "slug"))

    class Meta:
        model = SoftwareVersion
        import_id_fields = ("name",)
        fields = ("name", "vehicle_models", "shipped_on")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row["name"] = normalise_version(str(row.get("name") or ""))

    def before_save_instance(self, instance: SoftwareVersion, row: Any, **kwargs: Any) -> None:
        instance.sort_key = version_key(instance.name)


class TrimInline(TabularInline):
    model = Trim
    extra = 0


@admin.register(VehicleModel)
class VehicleModelAdmin(CatalogueAdmin):
    resource_classes: ClassVar = [ModelTable]
    list_display = ("name", "name_en", "slug", "position", "retired")
    list_filter = ("retired",)
    search_fields = ("slug", "name", "name_en")
    inlines: ClassVar = [TrimInline]


class FailureModeInline(TabularInline):
    model = FailureMode
    extra = 0
    fields = ("slug", "name", "name_en", "position")


@admin.register(Function)
class FunctionAdmin(CatalogueAdmin):
    resource_classes: ClassVar = [FunctionTable]
    list_display = ("name", "name_en", "slug", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("slug", "name", "name_en")
    autocomplete_fields = ("parent",)
    inlines: ClassVar = [FailureModeInline]


class VersionForm(forms.ModelForm):
    def clean_name(self) -> str:
        """As owners' versions are kept: no V, no blanks, half width."""
        return normalise_version(self.cleaned_data["name"])


@admin.register(SoftwareVersion)
class SoftwareVersionAdmin(CatalogueAdmin):
    resource_classes: ClassVar = [VersionTable]
    form = VersionForm
    list_display = ("name", "shipped_on")
    list_filter = ("vehicle_models",)
    search_fields = ("name",)
    autocomplete_fields = ("vehicle_models",)

    def save_model(self, request: HttpRequest, obj: SoftwareVersion, form: Any, change: bool) -> None:
        obj.sort_key = version_key(obj.name)
        super().save_model(request, obj, form, change)


class MatchForm(forms.Form):
    model = forms.ModelChoiceField(
        VehicleModel.objects.all(), label=_("It is the model"), widget=UnfoldAdminSelectWidget
    )


class OwnWordsFilter(admin.SimpleListFilter):
    """Cars or installations that the catalogue does not know yet."""

    title = _("in the catalogue")
    parameter_name = "known"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("No, own words")), ("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        field = "model" if queryset.model is Vehicle else "catalogued"
        return queryset.filter(**{f"{field}__isnull": self.value() == "no"}) if self.value() else queryset


@admin.register(Vehicle)
class VehicleAdmin(LookOnlyAdmin):
    """Cars without their owners' names: whose they are is nobody's business here."""

    list_display = ("shown", "model", "trim", "year", "created_at", "left_at")
    list_filter = (OwnWordsFilter, "model", "year")
    list_select_related = ("model",)
    search_fields = ("model_text", "trim")
    ordering = ("-id",)
    fields = ("shown", "model", "trim", "year", "mileage_km", "created_at", "left_at", "leaving")
    readonly_fields = ("shown",)
    actions: ClassVar = ["look_again"]
    actions_detail = ("match",)

    @display(description=_("owner's words"), ordering="model_text")
    def shown(self, vehicle: Vehicle) -> str:
        return vehicle.model_text or "—"

    def has_match_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_match(request.user)

    @admin.action(description=_("Look again in the catalogue"), permissions=["match"])
    def look_again(self, request: HttpRequest, queryset: QuerySet[Vehicle]) -> None:
        say_matched(self, request, match_by_name(by=request.user, vehicles=queryset))

    @action(description=_("Match with the catalogue"), url_path="match", permissions=["match"], icon="link")
    def match(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=MatchForm,
            title=_("Match all cars with these words"),
            run=lambda row, said: match_vehicles(by=request.user, words=row.model_text, **said),
        )


@admin.register(InstalledVersion)
class InstalledVersionAdmin(LookOnlyAdmin):
    list_display = ("version", "catalogued", "installed_on", "recorded_at")
    list_filter = (OwnWordsFilter, "installed_on")
    list_select_related = ("catalogued",)
    search_fields = ("version",)
    ordering = ("-id",)
    fields = ("version", "catalogued", "installed_on", "recorded_at")
    actions: ClassVar = ["match"]

    def has_match_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_match(request.user)

    @admin.action(description=_("Match with the catalogue"), permissions=["match"])
    def match(self, request: HttpRequest, queryset: QuerySet[InstalledVersion]) -> None:
        say_matched(self, request, match_versions(by=request.user, installed=queryset))


def say_matched(model_admin: Any, request: HttpRequest, count: int) -> None:
    """How many rows found their place."""
    said = ngettext("%(count)d row was matched.", "%(count)d rows were matched.", count) % {"count": count}
    model_admin.message_user(request, said, messages.SUCCESS if count else messages.WARNING)
