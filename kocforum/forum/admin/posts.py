"""Posts in admin: what waits, what is hidden, and four buttons."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from kocforum.errors import Refused
from kocforum.ui.backstage import ReasonForm
from kocforum.uploads.queries import attached_to

from ..actions.moderation import approve_post, hide_post, refuse_post, restore_post
from ..enums import FlagState, PostState
from ..models import Post
from .moderated import ModeratedAdmin, first_words, link

COLOURS = {
    PostState.VISIBLE: "success",
    PostState.PENDING: "warning",
    PostState.HIDDEN: "danger",
    PostState.REMOVED: "info",
}


class ApproveForm(forms.Form):
    reason = forms.CharField(
        label=_("Note for the log"), max_length=300, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


@admin.register(Post)
class PostAdmin(ModeratedAdmin):
    list_display = ("words", "shown_kind", "shown_state", "thread", "board", "author", "open_flags", "created_at")
    list_filter = ("state", "kind", "thread__board")
    list_select_related = ("thread__board", "author")
    search_fields = ("body", "thread__title", "author__username", "author__display_name")
    ordering = ("-id",)
    fields = (
        ("shown_state", "shown_kind"),
        "page",
        "author",
        "whole",
        "files",
        ("created_at", "edited_at", "revision"),
        "flagged",
        "log",
    )
    readonly_fields = ("shown_state", "shown_kind", "page", "whole", "files", "flagged", "log")
    actions: ClassVar = ["approve_selected"]
    actions_row = ("hide", "restore", "approve", "refuse")
    actions_detail = ("approve", "refuse", "hide", "restore")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        posts = super().get_queryset(request).select_related("thread__board", "author")
        return posts.annotate(open_flags_count=Count("flags", filter=Q(flags__state=FlagState.OPEN)))

    @display(description=_("text"))
    def words(self, post: Post) -> str:
        return f"#{post.number} {first_words(post.body)}"

    @display(description=_("kind"), ordering="kind")
    def shown_kind(self, post: Post) -> str:
        return post.get_kind_display()

    @display(description=_("state"), ordering="state", label=COLOURS)
    def shown_state(self, post: Post) -> tuple[str, str]:
        return post.state, post.get_state_display()

    @display(description=_("board"), ordering="thread__board")
    def board(self, post: Post) -> str:
        return str(post.thread.board)

    @display(description=_("open flags"), ordering="open_flags_count")
    def open_flags(self, post: Any) -> str:
        return str(post.open_flags_count or "")

    @display(description=_("on the page"))
    def page(self, post: Post) -> str:
        return link(post.get_absolute_url(), f"{post.thread.title} #{post.number}")

    @display(description=_("text"))
    def whole(self, post: Post) -> str:
        return mark_safe(linebreaks(post.body, autoescape=True)) if post.body else "—"

    @display(description=_("files"))
    def files(self, post: Post) -> str:
        shown = attached_to("post", [post.pk]).get(post.pk, [])
        return (
            format_html_join(
                " ",
                '<a href="{}" target="_blank" rel="noopener"><img src="{}" alt="" width="160" loading="lazy"></a>',
                ((upload.url, upload.thumbnail_url) for upload in shown),
            )
            or "—"
        )

    @display(description=_("flags"))
    def flagged(self, post: Post) -> str:
        rows = post.flags.select_related("by")
        return (
            format_html_join(
                mark_safe("<br>"),
                "{} · {} · {} {}",
                ((flag.get_state_display(), flag.get_reason_display(), flag.by or "", flag.note) for flag in rows),
            )
            or "—"
        )

    @display(description=_("moderation log"))
    def log(self, post: Post) -> str:
        rows = post.moderation.select_related("by")
        return (
            format_html_join(
                mark_safe("<br>"),
                "{} · {} · {} · {}",
                ((row.at.date().isoformat(), row.get_act_display(), row.by or "", row.reason) for row in rows),
            )
            or "—"
        )

    def has_hide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, state=PostState.VISIBLE)

    def has_restore_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, state=PostState.HIDDEN)

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.fits(request, object_id, state=PostState.PENDING)

    def _ask(self, request: HttpRequest, object_id: str, act: Any, title: Any, form: Any = ReasonForm) -> HttpResponse:
        return self.act(
            request,
            object_id,
            form=form,
            title=title,
            run=lambda row, said: act(by=request.user, post=row, **said),
        )

    @action(description=_("Hide"), url_path="hide", permissions=["hide"], icon="visibility_off")
    def hide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, hide_post, _("Hide this post"))

    @action(description=_("Restore"), url_path="restore", permissions=["restore"], icon="visibility")
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, restore_post, _("Show this post again"))

    @action(description=_("Approve"), url_path="approve", permissions=["review"], icon="check")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, approve_post, _("Let this post through"), ApproveForm)

    @action(description=_("Refuse"), url_path="refuse", permissions=["review"], icon="block")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, refuse_post, _("Do not let this post through"))

    @admin.action(description=_("Approve those that wait"), permissions=["review"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        done = 0
        for post in queryset:
            try:
                approve_post(by=request.user, post=post)
            except Refused as refused:
                self.message_user(request, f"#{post.pk}: {refused}", messages.WARNING)
            else:
                done += 1
        if done:
            said = ngettext("%(count)d post was let through.", "%(count)d posts were let through.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)
