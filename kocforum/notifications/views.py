"""The inbox."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .actions import mark_read, put_away, set_preference
from .kinds import kind_of
from .models import Notification
from .queries import choices_of, news_of, unread_count


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What happened, the newest first."""
    page = Paginator(Notification.objects.visible_to(request.user), 20).get_page(request.GET.get("page"))
    news = news_of(page.object_list, request.user)
    shown = {one.notification.pk for one in news}
    gone = [row for row in page.object_list if row.pk not in shown and row.read_at is None]
    if gone:
        put_away(by=request.user, notifications=gone)
    context = {"page": page, "news": news, "section": "notifications"}
    return render(request, "notifications/inbox.html", context)


@never_cache
def badge(request: HttpRequest) -> HttpResponse:
    """The number at the bell."""
    count = unread_count(request.user) if request.user.is_authenticated else 0
    return render(request, "notifications/_badge.html", {"count": count})


@login_required
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notification is about; with that it is read."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_read(by=request.user, notification=notification)
    kind = kind_of(notification.kind)
    if kind is None or not kind.queryset_for(request.user).filter(pk=notification.object_id).exists():
        messages.info(request, _("This is no longer there."))
        return redirect("notifications")
    return redirect(kind.url(notification.object_id, notification.params))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All read."""
    mark_read(by=request.user)
    return redirect("notifications")


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds by which channels."""
    choices = choices_of(request.user)
    if request.method == "POST":
        for choice in choices:
            for way in choice["ways"]:
                if not way["reaches"]:
                    continue  # its box is grey, and no browser sends a grey box
                wanted = f"{choice['kind'].slug}:{way['channel']}" in request.POST
                if wanted != way["wanted"]:
                    set_preference(by=request.user, kind=choice["kind"].slug, channel=way["channel"], wanted=wanted)
        messages.success(request, _("Saved."))
        return redirect("notification_preferences")
    return render(request, "notifications/preferences.html", {"choices": choices, "section": "notifications"})
