"""What was told to members and which letters went out: looked at when somebody heard nothing."""

from __future__ import annotations

from django.contrib import admin

from kocforum.ui.backstage import LookOnlyAdmin

from .models import Notification, Sending


@admin.register(Notification)
class NotificationAdmin(LookOnlyAdmin):
    list_display = ("member", "kind", "count", "last_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("member",)
    search_fields = ("member__username",)
    ordering = ("-id",)
    fields = ("member", "kind", "count", "first_at", "last_at", "read_at")


@admin.register(Sending)
class SendingAdmin(LookOnlyAdmin):
    list_display = ("notification", "channel", "round", "at", "sent_at")
    list_filter = ("channel", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("notification",)
    ordering = ("-id",)
