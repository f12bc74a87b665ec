"""The ledger in Django admin: to be read. The one act is to give a delivery again."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from .deliveries import give_again
from .facts import known_facts
from .models import Delivery, Fact, Heartbeat, Schedule
from .subscribers import known_handlers


class ReadOnly(ModelAdmin):
    """The domain decides: what happened is not edited."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class NameFilter(admin.SimpleListFilter):
    """Names from the code: asking a long ledger which names it holds would read all of it."""

    title = _("name")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(name, name) for name in known_facts()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(name=self.value()) if self.value() else queryset


class SubscriberFilter(NameFilter):
    title = _("subscriber")
    parameter_name = "subscriber"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(path, path) for path in known_handlers()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(subscriber=self.value()) if self.value() else queryset


@admin.register(Fact)
class FactAdmin(ReadOnly):
    list_display = ("id", "name", "by", "at")
    list_filter = (NameFilter,)
    list_select_related = ("by",)
    search_fields = ("=id", "name")
    date_hierarchy = "at"
    ordering = ("-id",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("id", "fact", "subscriber", "state", "attempts", "due_at", "done_at")
    list_filter = ("state", SubscriberFilter)
    list_select_related = ("fact",)
    search_fields = ("=fact__id", "subscriber")
    ordering = ("-id",)
    actions: ClassVar = ["give_deliveries_again"]

    def has_give_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ledger.change_delivery")

    @admin.action(description=_("Give again"), permissions=["give"])
    def give_deliveries_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        given = give_again(queryset)
        said = ngettext("%d delivery is given again.", "%d deliveries are given again.", given) % given
        self.message_user(request, said, messages.SUCCESS if given else messages.WARNING)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnly):
    list_display = ("name", "due_at", "last_done_at", "went_well")
    ordering = ("due_at",)

    @admin.display(description=_("went well"), boolean=True)
    def went_well(self, row: Schedule) -> bool:
        return not row.error


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("place", "since", "at")
    ordering = ("-at",)
