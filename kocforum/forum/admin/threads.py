"""Threads in admin: lock, pin, move."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from kocforum.ui.backstage import ReasonForm

from ..actions.moderation import lock_thread, move_thread, pin_thread, unlock_thread, unpin_thread
from ..models import Board, Thread
from .moderated import ModeratedAdmin, link
from .posts import COLOURS


class MoveForm(ReasonForm):
    board = forms.ModelChoiceField(Board.objects.all(), label=_("To the board"), widget=UnfoldAdminSelectWidget)
    field_order: ClassVar = ["board", "reason"]


@admin.register(Thread)
class ThreadAdmin(ModeratedAdmin):
    list_display = ("title", "board", "shown_state", "is_pinned", "is_locked", "author", "reply_count", "last_post_at")
    list_filter = ("state", "kind", "board", "pinned", "official_status")
    list_select_related = ("board", "author")
    search_fields = ("title", "author__username", "author__display_name")
    ordering = ("-last_post_at", "-id")
    fields = (
        ("shown_state", "kind"),
        "page",
        ("board", "author"),
        ("created_at", "reply_count", "last_post_at"),
        ("is_pinned", "is_locked"),
        ("official_status", "official_note"),
    )
    readonly_fields = ("shown_state", "page", "is_pinned", "is_locked")
    actions_detail = ("lock", "unlock", "pin", "unpin", "move")

    @display(description=_("state"), ordering="state", label=COLOURS)
    def shown_state(self, thread: Thread) -> tuple[str, str]:
        return thread.state, thread.get_state_display()

    @display(description=_("pinned"), boolean=True, ordering="pinned")
    def is_pinned(self, thread: Thread) -> bool:
        return thread.pinned

    @display(description=_("locked"), boolean=True, ordering="locked_at")
    def is_locked(self, thread: Thread) -> bool:
        return thread.locked_at is not None

    @display(description=_("on the page"))
    def page(self, thread: Thread) -> str:
        return link(thread.get_absolute_url(), thread.title)

    def has_lock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, locked_at=False)

    def has_unlock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, locked_at=True)

    def has_pin_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, pinned=False)

    def has_unpin_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, pinned=True)

    def has_move_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id)

    def _ask(self, request: HttpRequest, object_id: str, act: Any, title: Any, form: Any = ReasonForm) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=form,
            title=title,
            run=lambda row, said: act(by=request.user, thread=row, **said),
        )

    @action(description=_("Lock"), url_path="lock", permissions=["lock"], icon="lock")
    def lock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, lock_thread, _("Lock this thread"))

    @action(description=_("Unlock"), url_path="unlock", permissions=["unlock"], icon="lock_open")
    def unlock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, unlock_thread, _("Unlock this thread"))

    @action(description=_("Pin"), url_path="pin", permissions=["pin"], icon="push_pin")
    def pin(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, pin_thread, _("Pin this thread"))

    @action(description=_("Unpin"), url_path="unpin", permissions=["unpin"], icon="keep_off")
    def unpin(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, unpin_thread, _("Unpin this thread"))

    @action(description=_("Move"), url_path="move", permissions=["move"], icon="drive_file_move")
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, move_thread, _("Move this thread"), MoveForm)
