"""Pages that mix apps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from kocforum.forum.models import Topic
from kocforum.forum.queries.lines import lines_of
from kocforum.forum.queries.threads import THREADS_PER_PAGE, threads_told_by
from kocforum.garage.queries import in_garage
from kocforum.members.models import Member
from tasks.queries.events import events_on_front
from tasks.queries.inbox import asked_on_front
from tasks.queries.promotion import slots_on_front

from .queries import TABS, community_river, echo_of, front_threads, live_topics


def front(request: HttpRequest) -> HttpResponse:
    """The front page: what gathers, what is new, what waits. Visitors share one kept copy per tab and page for some seconds,
    and never one from before the last act of moderation."""
    tab = request.GET.get("tab", "")
    return render(request, "home/front.html", _front(request, tab if tab in TABS else TABS[0]))


def _front(request: HttpRequest, tab: str) -> dict:
    user = request.user
    labels = {
        "gathering": _("Gathering now"),
        "latest": _("Newest"),
        "waiting": _("Waiting for a word"),
        "answered": _("Answered by the brand"),
        "followed": _("I follow"),
    }
    page = Paginator(front_threads(tab, user), THREADS_PER_PAGE).get_page(request.GET.get("page"))
    river = {stage.key: stage for stage in community_river()}
    return {
        "section": "community",
        "tab": tab,
        "tabs": [
            {"url": f"/?tab={name}", "label": label, "on": name == tab}
            for name, label in labels.items()
            if name != "followed" or user.is_authenticated
        ],
        "page": page,
        "lines": lines_of(page.object_list),
        "river": river,
        "topics": live_topics(user),
        "topic_count": Topic.objects.visible_to(user).count(),
        "echo": echo_of(user) if user.is_authenticated else None,
        "asked": asked_on_front(user),
        "events": events_on_front(user),
        "backed": slots_on_front(user),
    }


def river(request: HttpRequest) -> HttpResponse:
    """How many stand where, and how long each step takes."""
    return render(request, "home/river.html", {"stages": community_river(), "section": "community"})


def profile(request: HttpRequest, username: str) -> HttpResponse:
    """A member as others see them: what they told and what became of it."""
    member = get_object_or_404(Member.objects.visible_to(request.user), username=username)
    page = Paginator(threads_told_by(member, request.user), THREADS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member,
        "page": page,
        "lines": lines_of(page.object_list),
        "echo": echo_of(member),
        "topics": Topic.objects.visible_to(request.user).filter(host=member),
        "is_me": request.user == member,
    }
    return render(request, "home/profile.html", context)


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """My loop: where everything that I told stands."""
    page = Paginator(threads_told_by(request.user, request.user), THREADS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "me",
        "page": page,
        "lines": lines_of(page.object_list),
        "echo": echo_of(request.user),
        "cars": in_garage(request.user),
        "topics": Topic.objects.visible_to(request.user).filter(host=request.user),
    }
    return render(request, "home/me.html", context)
