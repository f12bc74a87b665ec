"""The queue of flags, the open ones first, and the log of what moderators did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from kocforum.ui.backstage import ReasonForm

from ..actions.moderation import resolve_flag
from ..enums import FlagState
from ..models import Flag, ModerationEntry
from .moderated import ModeratedAdmin, first_words, link


@admin.register(Flag)
class FlagAdmin(ModeratedAdmin):
    list_display = ("words", "shown_state", "reason", "note", "thread", "by", "at", "resolved_by")
    list_filter = ("state", "reason", "at")
    list_select_related = ("post__thread", "by", "resolved_by")
    search_fields = ("note", "post__body", "post__thread__title")
    fields = (
        ("shown_state", "reason"),
        "note",
        ("by", "at"),
        "page",
        "author",
        "whole",
        ("resolved_by", "resolved_at"),
    )
    readonly_fields = ("shown_state", "page", "author", "whole")
    actions_row = ("uphold", "dismiss")
    actions_detail = ("uphold", "dismiss")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        return super().get_queryset(request).select_related("post__thread", "post__author", "by", "resolved_by")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [Case(When(state=FlagState.OPEN, then=Value(0)), default=Value(1)).asc(), "-id"]

    @display(description=_("text"))
    def words(self, flag: Flag) -> str:
        return f"#{flag.post.number} {first_words(flag.post.body)}"

    @display(
        description=_("state"),
        ordering="state",
        label={FlagState.OPEN: "warning", FlagState.UPHELD: "danger", FlagState.DISMISSED: "info"},
    )
    def shown_state(self, flag: Flag) -> tuple[str, str]:
        return flag.state, flag.get_state_display()

    @display(description=_("thread"))
    def thread(self, flag: Flag) -> str:
        return flag.post.thread.title

    @display(description=_("on the page"))
    def page(self, flag: Flag) -> str:
        return link(flag.post.get_absolute_url(), f"{flag.post.thread.title} #{flag.post.number}")

    @display(description=_("author"))
    def author(self, flag: Flag) -> str:
        return str(flag.post.author or "—")

    @display(description=_("text"))
    def whole(self, flag: Flag) -> str:
        return mark_safe(linebreaks(flag.post.body, autoescape=True)) if flag.post.body else "—"

    def has_settle_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, state=FlagState.OPEN)

    def _settle(self, request: HttpRequest, object_id: str, title: Any, *, uphold: bool) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=ReasonForm,
            title=title,
            run=lambda row, said: resolve_flag(by=request.user, flag=row, uphold=uphold, **said),
        )

    @action(description=_("Uphold"), url_path="uphold", permissions=["settle"], icon="gavel")
    def uphold(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._settle(request, object_id, _("Uphold and hide the post"), uphold=True)

    @action(description=_("Dismiss"), url_path="dismiss", permissions=["settle"], icon="do_not_disturb_on")
    def dismiss(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._settle(request, object_id, _("Dismiss, the post stays"), uphold=False)


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ModeratedAdmin):
    list_display = ("at", "act", "reason", "thread", "post", "by")
    list_filter = ("act", "at")
    list_select_related = ("thread", "post", "by")
    search_fields = ("reason", "thread__title", "by__username")
    ordering = ("-id",)
