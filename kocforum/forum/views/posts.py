"""One post: its permalink, and what can be done with it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.moderation import flag_post
from ..actions.posts import edit_post
from ..actions.withdrawals import withdraw_post
from ..enums import PostKind, PostState
from ..forms.posts import EditForm, FlagForm
from ..queries.threads import page_of_number
from ..rules.posts import can_answer_officially, can_edit_post, can_flag, can_moderate, can_post, can_remove_post
from ..rules.topics import can_collect
from .doors import post_or_404, thread_or_404


def post(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The permalink: the page of the thread on which the post stands, at the post. A tombstone has its place, too."""
    thread = thread_or_404(request.user, pk)
    if not 1 <= number <= thread.last_number:
        raise Http404
    page = page_of_number(number)
    query = f"?page={page}" if page > 1 else ""
    return redirect(f"{thread.get_absolute_url()}{query}#p{number}")


@login_required
def post_menu(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What this reader may do with a post: a small page, or the list inside an open menu."""
    shown = post_or_404(request.user, pk, number)
    user = request.user
    context = {
        "post": shown,
        "thread": shown.thread,
        "may_reply": can_post(user, shown.thread) is True,
        "may_edit": can_edit_post(user, shown) is True,
        "may_remove": can_remove_post(user, shown) is True,
        "may_flag": can_flag(user, shown) is True,
        "may_moderate": can_moderate(user),
        "may_answer_officially": can_answer_officially(user),
        "may_collect": can_collect(user, shown) is True,
        "is_report": shown.kind == PostKind.OPENING and hasattr(shown.thread, "report"),
    }
    template = "forum/posts/menu.html#items" if request.htmx else "forum/posts/menu.html"
    return render(request, template, context)


@keeps_unsent_text("edit", fields=("title", "body"))
@login_required
def edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Change one's own words."""
    shown = post_or_404(request.user, pk, number)
    may = can_edit_post(request.user, shown)
    if may is False:
        raise Http404
    if shown.kind == PostKind.OPENING and hasattr(shown.thread, "report") and request.method != "POST":
        # The words of a record are a field of it, with the record's history.
        return redirect("report_amend", shown.thread.report.pk, "narrative")
    initial = {"title": shown.thread.title, "body": shown.body, "revision": shown.revision}
    form = EditForm(request.POST or None, initial={**initial, **unsent_text(request, "edit", pk=pk, number=number)})
    with_title = shown.kind == PostKind.OPENING and not hasattr(shown.thread, "report")
    if not with_title:
        del form.fields["title"]
    if request.method == "POST" and form.is_valid():
        try:
            edit_post(
                by=request.user,
                post=shown,
                body=form.cleaned_data["body"],
                title=form.cleaned_data.get("title") if with_title else None,
                revision=form.cleaned_data["revision"],
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect(shown)
    status = 422 if request.method == "POST" else 200
    return render(request, "forum/posts/edit.html", {"post": shown, "form": form, "may": may}, status=status)


@login_required
def remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Withdraw one's own post, after a look at what that means."""
    shown = post_or_404(request.user, pk, number)
    if can_remove_post(request.user, shown) is False:
        raise Http404
    if request.method == "POST":
        withdraw_post(by=request.user, post=shown)
        messages.success(request, _("Withdrawn. Its number stays, its words are gone."))
        return redirect(shown.thread if shown.kind != PostKind.OPENING else shown.thread.board)
    return render(request, "forum/posts/remove.html", {"post": shown})


@login_required
def flag(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Report a post to the moderators."""
    shown = post_or_404(request.user, pk, number)
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flag_post(by=request.user, post=shown, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Thank you. A moderator will look at it."))
            return redirect(shown)
    status = 422 if request.method == "POST" else 200
    return render(request, "forum/posts/flag.html", {"post": shown, "form": form}, status=status)


def history(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a post said before."""
    shown = post_or_404(request.user, pk, number)
    if shown.state != PostState.VISIBLE:
        raise Http404
    return render(
        request, "forum/posts/history.html", {"post": shown, "revisions": shown.revisions.order_by("-number")}
    )
