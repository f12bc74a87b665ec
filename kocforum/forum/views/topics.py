"""Topics as pages: the list, one topic with its lens, and what its host does."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.links import links_for
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text
from kocforum.ui.visitors import page_number

from ..actions import topics as actions
from ..forms.topics import ClaimForm, HostForm, SummaryForm, TopicForm, UnlinkForm
from ..models import HostInvitation, Report, Topic
from ..queries.lens import lens_of_topic
from ..queries.lines import lines_of
from ..queries.river import river_of_topics
from ..queries.topics import candidates_for, open_invitations_for, threads_of_topic, topics_to_list, unsorted_replies
from ..rules.topics import can_appoint_host, can_change_topic, can_host, can_open_topic
from .doors import topic_or_404

PER_PAGE = 20
KEPT_SECONDS = 300
PARTS = ("head", "lens", "reports", "side")


def topics(request: HttpRequest) -> HttpResponse:
    """All topics."""
    page = Paginator(topics_to_list(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rivers = river_of_topics(page.object_list)
    context = {
        "section": "topics",
        "page": page,
        "rows": [(topic, rivers[topic.pk]) for topic in page.object_list],
        "may_open": request.user.is_authenticated and can_open_topic(request.user) is True,
        "invitations": open_invitations_for(request.user) if request.user.is_authenticated else [],
    }
    return render(request, "forum/topics/list.html", context)


def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic: claim, river, lens, reports. The middle is the same for everyone and kept under the topic's version."""
    shown = topic_or_404(request.user, pk)
    hosts = request.user.is_authenticated and can_host(request.user, shown) is True
    context = {
        "section": "topics",
        "topic": shown,
        "shared": _shared(shown, page_number(request.GET) or 1),
        "links": links_for("topic", request.user, shown),
        "hosts": hosts,
        "may_change": hosts and can_change_topic(request.user, shown) is True,
        "may_appoint": request.user.is_authenticated
        and (can_appoint_host(request.user) or shown.host_id == request.user.pk),
        "tray": unsorted_replies(shown, request.user).count() if hosts else 0,
    }
    return render(request, "forum/topics/detail.html", context)


def _shared(shown: Topic, number: int) -> dict[str, str]:
    """Public reports only stand here, so the part is the same for every reader."""
    key = f"topic-parts:{shown.pk}:{shown.version}:{get_language()}:{number}"
    parts = cache.get(key)
    if parts is None:
        page = Paginator(threads_of_topic(shown, AnonymousUser()), PER_PAGE).get_page(number)
        context = {
            "topic": shown,
            "page": page,
            "stages": river_of_topics([shown])[shown.pk],
            "lens": lens_of_topic(shown),
            "lines": lines_of(page.object_list),
        }
        parts = {part: render_to_string(f"forum/topics/_{part}.html", context) for part in PARTS}
        cache.set(key, parts, KEPT_SECONDS)
    return parts


@keeps_unsent_text("topic", fields=("title", "claim"))
@login_required
def new_topic(request: HttpRequest) -> HttpResponse:
    """Open a topic, with a report to begin with where one was named."""
    may = can_open_topic(request.user)
    first = (
        Report.objects.visible_to(request.user)
        .filter(pk=_number(request.GET.get("report")))
        .select_related("function", "failure_mode")
        .first()
    )
    initial = {"op_id": uuid.uuid4(), **unsent_text(request, "topic")}
    if first:
        initial |= {
            "function": first.function.slug,
            "failure_mode": first.failure_mode.slug if first.failure_mode_id else "",
        }
    form = TopicForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            opened = actions.open_topic(
                by=request.user,
                title=said["title"],
                function=said["function"].slug,
                failure_mode=said["failure_mode"],
                claim=said["claim"],
                op_id=said["op_id"],
            )
            if first:
                actions.link_report(by=request.user, topic=opened, report=first)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(opened)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "forum/topics/new.html", {"form": form, "may": may, "first": first, "section": "topics"}, status=status
    )


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 15 else 0


@keeps_unsent_text("invitation", fields=("title", "claim"))
@login_required
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline to host."""
    asked = get_object_or_404(
        HostInvitation.objects.select_related("report__thread", "report__function"), pk=pk, member=request.user
    )
    form = ClaimForm(request.POST if "accept" in request.POST else None, initial={"title": asked.report.thread.title})
    if request.method == "POST":
        try:
            if "decline" in request.POST:
                actions.decline_invitation(by=request.user, invitation=asked)
                messages.info(request, _("Thank you for your word all the same. Someone else will be asked."))
                return redirect(asked.report)
            if form.is_valid():
                said = form.cleaned_data
                opened = actions.accept_invitation(
                    by=request.user, invitation=asked, title=said["title"], claim=said["claim"]
                )
                messages.success(request, _("You host this topic now. Replies of its reports lie in your tray."))
                return redirect(opened)
        except Refused as refused:
            refuse_into(form, refused) if form.is_bound else messages.error(request, str(refused))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "forum/topics/invitation.html", {"asked": asked, "form": form, "section": "topics"}, status=status
    )


def _hosted(request: HttpRequest, pk: int) -> Topic:
    """A topic that this person keeps; for others its workshop does not exist."""
    shown = topic_or_404(request.user, pk)
    if can_host(request.user, shown) is not True:
        raise Http404
    return shown


@keeps_unsent_text("claim", fields=("title", "claim"))
@login_required
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the claim anew."""
    shown = _hosted(request, pk)
    initial = {
        "title": shown.title,
        "claim": shown.claim,
        "revision": shown.revision,
        **unsent_text(request, "claim", pk=pk),
    }
    form = ClaimForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_claim(by=request.user, topic=shown, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(shown)
    return render(
        request,
        "forum/topics/claim.html",
        {"topic": shown, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@keeps_unsent_text("summary", fields=("summary",))
@login_required
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Pin a summary."""
    shown = _hosted(request, pk)
    initial = {"summary": shown.summary, "revision": shown.revision, **unsent_text(request, "summary", pk=pk)}
    form = SummaryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pin_summary(by=request.user, topic=shown, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(shown)
    return render(
        request,
        "forum/topics/summary.html",
        {"topic": shown, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@login_required
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose reports that belong here."""
    shown = _hosted(request, pk)
    if request.method == "POST":
        report = get_object_or_404(Report.objects.visible_to(request.user), pk=_number(request.POST.get("report")))
        try:
            actions.link_report(by=request.user, topic=shown, report=report)
            messages.success(request, _("Linked. The report keeps its own thread."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("topic_link", pk)
    lines = lines_of(candidates_for(shown, request.user))
    return render(request, "forum/topics/link.html", {"topic": shown, "lines": lines})


@login_required
def unlink(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Take a report out of the topic; its teller may, too."""
    shown = topic_or_404(request.user, pk)
    linked = get_object_or_404(
        Report.objects.visible_to(request.user).filter(topic_links__topic=shown, topic_links__unlinked_at__isnull=True),
        pk=report,
    )
    if can_host(request.user, shown) is not True and linked.thread.author_id != request.user.pk:
        raise Http404
    form = UnlinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.unlink_report(by=request.user, topic=shown, report=linked, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(shown)
    return render(request, "forum/topics/unlink.html", {"topic": shown, "report": linked, "form": form})


@login_required
def host(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoint a host, or hand over."""
    shown = topic_or_404(request.user, pk)
    if not can_appoint_host(request.user) and shown.host_id != request.user.pk:
        raise Http404
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.appoint_host(by=request.user, topic=shown, member=form.cleaned_data["member"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(shown)
    return render(
        request,
        "forum/topics/host.html",
        {"topic": shown, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End gathering, or begin it again."""
    shown = _hosted(request, pk)
    actions.close_topic(by=request.user, topic=shown, reopen="reopen" in request.POST)
    return redirect(shown)


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Earlier versions of claim and summary."""
    shown = topic_or_404(request.user, pk)
    return render(
        request, "forum/topics/history.html", {"topic": shown, "revisions": shown.revisions.select_related("by")}
    )
