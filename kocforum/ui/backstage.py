"""The ground for every app's Django admin: rows are looked at, and changed by actions that ask for what they need.

class BoardAdmin(LookOnlyAdmin):
    actions_detail = ("close",)

    @action(description=_("Close"), url_path="close", permissions=["close"])
    def close(self, request, object_id):
        return self.act(request, object_id, form=ReasonForm, title=_("Close"),
                        run=lambda row, values: actions.close_board(by=request.user, board=row, **values))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.widgets import UnfoldAdminTextareaWidget

from kocforum.errors import Forbidden, Invalid, Refused


class ReasonForm(forms.Form):
    """The commonest thing that an action asks: why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class LookOnlyAdmin(ModelAdmin):
    """Rows to look at. Nothing is added, changed or deleted by hand; buttons call actions."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def act(
        self,
        request: HttpRequest,
        object_id: Any,
        *,
        form: type[forms.Form],
        title: Any,
        run: Callable[[Any, dict[str, Any]], Any],
        done: Any = "",
        initial: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask with `form` on a page of its own, call `run(row, cleaned values)`, go back to the row.

        Refusals come back into the form; what was typed stays.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        asked = form(request.POST or None, initial=dict(initial or {}))
        if request.method == "POST" and asked.is_valid():
            try:
                run(row, asked.cleaned_data)
            except Invalid as refusal:
                for field, said in refusal.fields.items():
                    asked.add_error(field if field in asked.fields else None, said)
            except Forbidden as refusal:
                raise PermissionDenied(str(refusal)) from refusal
            except Refused as refusal:
                asked.add_error(None, str(refusal))
            else:
                messages.success(request, done or _("Done."))
                return HttpResponseRedirect(self.address_of(row))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": asked,
            "row": row,
            "opts": self.opts,
            "back": self.address_of(row),
        }
        return render(request, "admin/act.html", context, status=400 if asked.errors else 200)

    def address_of(self, row: Any) -> str:
        """The page of a row in this admin."""
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])


class CatalogueAdmin(SimpleHistoryAdmin, ModelAdmin, ImportExportModelAdmin):
    """Rows that staff keep by hand: with their history, in and out as a table by `resource_classes`."""

    list_per_page = 100
    import_form_class = ImportForm
    export_form_class = ExportForm

    def has_import_permission(self, request: HttpRequest) -> bool:
        """A table adds and changes rows, so whoever may do neither imports none."""
        return self.has_add_permission(request) and self.has_change_permission(request)


def style(request: HttpRequest) -> str:
    """Our additions to the theme."""
    return static("css/admin.css")


def title(request: HttpRequest) -> str:
    """The name of the house over the admin."""
    return settings.SITE_NAME_EN if (get_language() or "").startswith("en") else settings.SITE_NAME


def environment(request: HttpRequest) -> list[str]:
    """The label beside the name: where am I?"""
    if settings.PRODUCTION:
        return [_("Production"), "danger"]
    return [_("Development"), "warning"] if settings.DEBUG else [_("Embedded"), "info"]
