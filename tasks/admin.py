"""Tasks with their counts, what the advisor proposed, and how the brand asks.

Who was asked, who answered and what they chose stand in no list here: polls are confidential, and counts are enough.
Tasks move on the desk, by actions.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from kocforum.ui.backstage import LookOnlyAdmin

from .actions.participations import MOST_MINUTES
from .enums import TaskState
from .models import Advice, AskingPolicy, Outcome, Participation, Task, TaskTransition
from .queries.advice import WARNINGS, sentences
from .queries.progress import Progress, progress_of

COLOURS = {
    TaskState.OPEN.value: "info",
    TaskState.REPORTED.value: "success",
    TaskState.CLOSED.value: "warning",
    TaskState.ANALYSED.value: "warning",
    TaskState.CANCELLED.value: "danger",
}


class LookOnlyInline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Part of the task: whoever sees one sees the other."""
        return request.user.has_perm("tasks.view_task")


class TransitionInline(LookOnlyInline):
    model = TaskTransition
    verbose_name_plural = _("What happened")
    fields = ("from_state", "to_state", "reason", "by", "at")


class OutcomeInline(LookOnlyInline):
    model = Outcome
    verbose_name_plural = _("What came of it")
    fields = ("label", "state", "note", "at")


class LateFilter(admin.SimpleListFilter):
    title = pgettext_lazy("task", "report")
    parameter_name = "report"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("owed", _("owed")), ("late", _("late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "owed":
            return queryset & Task.objects.owed()
        return queryset & Task.objects.late() if self.value() == "late" else queryset


@admin.register(Task)
class TaskAdmin(LookOnlyAdmin):
    list_display = ("title", "form", "stands", "closes_at", "in_audience", "took_part", "report_due_at")
    list_filter = ("state", "form", "goal", LateFilter)
    search_fields = ("title", "decision")
    ordering = ("-id",)
    inlines: ClassVar = [TransitionInline, OutcomeInline]
    actions_detail = ("to_the_desk",)
    fieldsets = (
        (None, {"fields": ("title", "form", "goal", "state", "why", "decision", "basis", "minutes", "created_by")}),
        (_("Window"), {"fields": ("opens_at", "closes_at", "opened_at", "closed_at", "report_due_at", "reported_at")}),
        (_("Who was asked"), {"fields": ("described", "in_audience", "invited", "held", "reminded", "took_part")}),
    )
    readonly_fields = ("described", "in_audience", "invited", "held", "reminded", "took_part")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = Participation.objects.filter(task=OuterRef("pk")).order_by().values("task").annotate(n=Count("pk"))
        tasks = super().get_queryset(request).select_related("audience", "created_by")
        return tasks.annotate(answered=Coalesce(Subquery(counted.values("n")), 0))

    @display(description=_("state"), ordering="state", label=COLOURS)
    def stands(self, task: Task) -> tuple[str, str]:
        return task.state, task.get_state_display()

    @display(description=_("In the audience"), ordering="audience__size")
    def in_audience(self, task: Task) -> int:
        return task.audience.size

    @display(description=_("Answered"), ordering="answered")
    def took_part(self, task: Any) -> int:
        return task.answered

    @display(description=_("criteria"))
    def described(self, task: Task) -> str:
        said = task.audience.criteria.items()
        return "; ".join(
            f"{name}: {', '.join(value) if isinstance(value, list) else value}" for name, value in said
        ) or str(_("Everybody"))

    @display(description=_("Invited"))
    def invited(self, task: Task) -> int:
        return _progress(task).invited

    @display(description=_("Not disturbed"))
    def held(self, task: Task) -> int:
        return _progress(task).held

    @display(description=_("Reminded"))
    def reminded(self, task: Task) -> int:
        return _progress(task).reminded

    @action(description=_("Open on the desk"), url_path="desk", permissions=["view"], icon="open_in_new")
    def to_the_desk(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect("desk_task", pk=object_id)


def _progress(task: Any) -> Progress:
    """Counted once for the three lines of a page."""
    if not hasattr(task, "counted"):
        task.counted = progress_of(task)
    return task.counted


@admin.register(Advice)
class AdviceAdmin(LookOnlyAdmin):
    list_display = ("goal", "form", "second", "days", "frame", "answers", "margin", "by", "at", "task")
    list_filter = ("form", "goal")
    list_select_related = ("by", "task")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("goal", "options_known", "reason", "days", "confidential", "starter", "decision")}),
        (_("The advice"), {"fields": ("form", "for_form", "second", "for_second", "beware")}),
        (_("What it promised"), {"fields": ("frame", "rate", "answers", "margin", "minutes", "staff_hours")}),
        (None, {"fields": ("task", "by", "at")}),
    )
    readonly_fields = ("for_form", "for_second", "beware")

    @display(description=_("What spoke for it and against it"))
    def for_form(self, advice: Advice) -> SafeString:
        return _reasons(advice, advice.form)

    @display(description=_("What spoke for it and against it"))
    def for_second(self, advice: Advice) -> SafeString:
        return _reasons(advice, advice.second)

    @display(description=_("Warnings"))
    def beware(self, advice: Advice) -> SafeString:
        said = [(WARNINGS[code],) for code in advice.warnings if code in WARNINGS]
        return format_html_join("", "<div>{}</div>", said) or SafeString("—")


def _reasons(advice: Advice, form: str) -> SafeString:
    rows = (("+" if speaks_for else "−", text) for text, speaks_for in sentences(advice.because, form))
    return format_html_join("", "<div>{} {}</div>", rows)


class AskingPolicyForm(forms.ModelForm):
    """The numbers within what can be meant; the words of the model."""

    BOUNDS: ClassVar = {"report_within_days": (1, 365), "budget_minutes": (0, MOST_MINUTES), "wave_size": (1, 5000)}

    class Meta:
        model = AskingPolicy
        fields = ("debt", "report_within_days", "budget_minutes", "wave_size")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in self.BOUNDS.items():
            if given := self.fields.get(name):
                self.fields[name] = forms.IntegerField(
                    label=given.label,
                    min_value=least,
                    max_value=most,
                    initial=given.initial,
                    widget=UnfoldAdminIntegerFieldWidget,
                )


@admin.register(AskingPolicy)
class AskingPolicyAdmin(SimpleHistoryAdmin, ModelAdmin):
    """One row with its history."""

    form = AskingPolicyForm
    list_display = ("__str__", "debt", "report_within_days", "budget_minutes", "wave_size")
    history_list_display: ClassVar = ["debt", "report_within_days", "budget_minutes", "wave_size"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not AskingPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
