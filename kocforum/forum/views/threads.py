"""A thread as a page. What is the same for every reader is rendered once per version of the thread and kept."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from kocforum.errors import Invalid, Refused
from kocforum.ui.links import links_for
from kocforum.ui.panels import panels_for
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text
from kocforum.uploads.queries import attached_to, beside

from ..actions.follows import follow
from ..actions.posts import write_post
from ..actions.threads import open_thread
from ..enums import PostState, ThreadKind
from ..forms.posts import PostForm, ThreadForm
from ..models import Follow, Post, Thread
from ..queries.report_page import report_page
from ..queries.threads import page_of_number, page_of_posts, posts_after
from ..rules.posts import can_open_thread, can_post
from .doors import board_or_404, thread_or_404

SHARED_SECONDS = 300


@require_safe
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """A numbered page of a thread: everyone's own frame around the middle that is kept for all; visitors share the whole."""
    shown = thread_or_404(request.user, pk)
    page = _page_number(request, shown)
    return render(request, "forum/threads/detail.html", _context(request, shown, page))


def _version(shown: Thread) -> str:
    """Moved by every change of the thread, and of the topic whose lens stands beside it."""
    return f"{shown.version}.{shown.topic_version or 0}"


def _page_number(request: HttpRequest, shown: Thread) -> int:
    try:
        page = int(request.GET.get("page", 1))
    except ValueError:
        raise Http404
    if not 1 <= page <= page_of_number(max(shown.last_number, 1)):
        raise Http404
    return page


def _context(request: HttpRequest, shown: Thread, page: int) -> dict:
    user = request.user
    return {
        "thread": shown,
        "page_number": page,
        "shared": shared_parts(shown, page),
        "links": links_for("thread", user, shown),
        "panels": panels_for("thread", shown.pk),
        "form": PostForm(initial={"op_id": uuid.uuid4(), **unsent_text(request, "reply", pk=shown.pk)}),
        "may_post": not user.is_authenticated or can_post(user, shown) is True,
        "why_not": can_post(user, shown) if user.is_authenticated else None,
        "follows": user.is_authenticated and Follow.objects.filter(thread=shown, member=user, muted=False).exists(),
    }


def shared_parts(shown: Thread, page: int) -> dict[str, str]:
    """Head, posts and side of a thread page: the same for every reader who may see it, kept under the thread's version.

    Waiting and hidden posts are tombstones for everyone here; moderators read them in admin, authors in their own list.
    """
    key = f"thread-parts:{shown.pk}:{_version(shown)}:{page}:{get_language()}"
    parts = cache.get(key)
    if parts is None:
        posts, paginator = page_of_posts(shown, page)
        files = attached_to("post", [post.pk for post in posts if post.state == PostState.VISIBLE])
        for post in posts:
            post.files = beside(files.get(post.pk, []), post.body)
        context = {"thread": shown, "posts": posts, "page": paginator.page(page)}
        if shown.kind == ThreadKind.REPORT:
            context |= report_page(shown)
        parts = {
            part: render_to_string(f"forum/threads/_{part}.html", context) for part in ("head", "posts", "side", "meta")
        }
        cache.set(key, parts, SHARED_SECONDS)
    return parts


@require_GET
def newer_posts(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Posts after a number, for a page that is open while others write."""
    shown = thread_or_404(request.user, pk)
    posts = posts_after(shown, number)
    files = attached_to("post", [post.pk for post in posts])
    for post in posts:
        post.files = beside(files.get(post.pk, []), post.body)
    last = posts[-1].number if posts else number
    return render(request, "forum/threads/_newer.html", {"thread": shown, "posts": posts, "last": last})


@keeps_unsent_text("thread", fields=("title", "body"))
def new_thread(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a discussion on a board."""
    board = board_or_404(request.user, slug)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    may = can_open_thread(request.user, board)
    form = ThreadForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        initial={"op_id": uuid.uuid4(), **unsent_text(request, "thread", slug=slug)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_thread(
                by=request.user,
                board=board,
                title=form.cleaned_data["title"],
                body=form.cleaned_data["body"],
                uploads=form.cleaned_data["uploads"],
                op_id=form.cleaned_data["op_id"],
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            _say_if_waiting(request, opened.state)
            return redirect(opened)
    status = 422 if request.method == "POST" else 200
    return render(request, "forum/threads/new.html", {"board": board, "form": form, "may": may}, status=status)


@keeps_unsent_text("reply", fields=("body",), back=lambda pk: reverse("thread", args=[pk]))
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer in a thread. What was typed stays in the form when it is refused."""
    shown = thread_or_404(request.user, pk)
    if request.method != "POST":
        return _reply_page(request, shown)
    form = PostForm(request.POST, request.FILES, by=request.user)
    if form.is_valid():
        try:
            answered = _answered_post(shown, form.cleaned_data["reply_to"])
            post = write_post(
                by=request.user,
                thread=shown,
                body=form.cleaned_data["body"],
                reply_to=answered,
                uploads=form.cleaned_data["uploads"],
                op_id=form.cleaned_data["op_id"],
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            _say_if_waiting(request, post.state)
            return redirect(post)
    return render(request, "forum/threads/reply.html", {"thread": shown, "form": form}, status=422)


def _reply_page(request: HttpRequest, shown: Thread) -> HttpResponse:
    answered = _answered_post(shown, _number(request.GET.get("to")))
    quoted = ""
    if answered and request.GET.get("quote"):
        author = answered.author.name if answered.author else _("A former member")
        lines = answered.body.strip().splitlines()[:20]
        quoted = "\n".join(
            [
                f"> **{author}** [#{answered.number}]({answered.get_absolute_url()})",
                ">",
                *(f"> {line}" for line in lines),
            ]
        )
        quoted += "\n\n"
    initial = {"reply_to": answered.pk if answered else None, "body": quoted, "op_id": uuid.uuid4()}
    form = PostForm(initial={**initial, **unsent_text(request, "reply", pk=shown.pk)})
    return render(request, "forum/threads/reply.html", {"thread": shown, "form": form, "answered": answered})


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 15 else None


def _answered_post(shown: Thread, pk: int | None) -> Post | None:
    """The post that is answered, when it stands in this thread and can be read."""
    if pk is None:
        return None
    answered = shown.posts.select_related("author").filter(pk=pk, state=PostState.VISIBLE).first()
    if answered is None:
        raise Invalid({"reply_to": _("The post that you answer is no longer there.")})
    return answered


def follow_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow, or stop following."""
    shown = thread_or_404(request.user, pk)
    if request.method == "POST" and request.user.is_authenticated:
        follow(by=request.user, thread=shown, muted="unfollow" in request.POST)
    return redirect(shown)


def _say_if_waiting(request: HttpRequest, state: str) -> None:
    if state == PostState.PENDING:
        messages.info(request, _("Thank you. This will be read by a moderator before others see it."))
