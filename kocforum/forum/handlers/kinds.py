"""Kinds of news that the forum has: who may see what they are about, what it is called now, where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kocforum.members.models import Member
from kocforum.notifications.kinds import NotificationKind, register

from ..enums import FlagState, PostState
from ..models import Flag, HostInvitation, Post, Question, Report, Thread, Topic
from . import sentences

Params = Mapping[str, Any]


def _titles(model: Any, of_thread: str) -> Callable[[Iterable[int]], dict[int, dict[str, Any]]]:
    """What the threads of these things are called now; a withdrawn one gives its title away no more."""

    def titles(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        rows = model.objects.filter(pk__in=list(object_ids)).values_list("pk", f"{of_thread}title", f"{of_thread}state")
        return {
            pk: {"title": gettext("A withdrawn thread") if state == PostState.REMOVED else title}
            for pk, title, state in rows
        }

    return titles


def _as_reader(member: Member) -> tuple[bool, bool, str]:
    """Who sees the same threads: the role decides, but for what one wrote oneself and still waits."""
    return member.is_staff, member.is_superuser, member.role


def _readable(user) -> QuerySet[Thread]:
    return Thread.objects.visible_to(user).listed()


def _own_posts(user) -> QuerySet[Post]:
    return Post.objects.filter(author_id=user.pk)


def _own_flags(user) -> QuerySet[Flag]:
    return Flag.objects.filter(by_id=user.pk)


def _own_invitations(user) -> QuerySet[HostInvitation]:
    return HostInvitation.objects.filter(member_id=user.pk)


def _questions_to(user) -> QuerySet[Question]:
    return Question.objects.filter(asked_of_id=user.pk, withdrawn_at__isnull=True)


def _questions_by(user) -> QuerySet[Question]:
    return Question.objects.filter(asked_by_id=user.pk, post__in=Post.objects.visible_to(user))


def _permalink(object_id: int, params: Params) -> str:
    return reverse("post", args=[params["thread"], params["number"]])


def _permalink_or_board(object_id: int, params: Params) -> str:
    """To the tombstone in its thread; an opening post that was taken down took its page along."""
    gone = params["number"] == 1 and params.get("state") != FlagState.DISMISSED
    return reverse("board", args=[params["board"]]) if gone else _permalink(object_id, params)


def _page(name: str) -> Callable[[int, Params], str]:
    return lambda object_id, params: reverse(name, args=[object_id])


def _admin_page(model: str) -> Callable[[int, Params], str]:
    return lambda object_id, params: reverse(f"admin:forum_{model}_change", args=[params[model]])


_THREADS = {"queryset_for": _readable, "details": _titles(Thread, ""), "alike": _as_reader}
_POSTS = {"queryset_for": Post.objects.visible_to, "details": _titles(Post, "thread__"), "alike": _as_reader}
_REPORTS = {"queryset_for": Report.objects.visible_to, "details": _titles(Report, "thread__"), "alike": _as_reader}
_TOPICS = {"queryset_for": Topic.objects.visible_to, "details": _titles(Topic, "")}
_MINE = {"queryset_for": _own_posts, "details": _titles(Post, "thread__")}
_FLAGS = {"queryset_for": _own_flags, "details": _titles(Flag, "post__thread__")}
_INVITATIONS = {"queryset_for": _own_invitations, "details": _titles(HostInvitation, "report__thread__")}
_TO_ME = {"queryset_for": _questions_to, "details": _titles(Question, "topic__")}
_BY_ME = {"queryset_for": _questions_by, "details": _titles(Question, "topic__")}
_STAFF = {"staff_only": True, "channels": ("inbox", "email")}


def register_all() -> None:
    """Called once, when the forum is ready. The order is that of the page on which members choose."""
    first = {"shows_first": True}
    _register("reply", _("Answers to me"), **_POSTS)
    _register("follow", _("Threads that I follow"), **_THREADS, **first)
    _register("corroborated", _("Owners on my reports"), **_REPORTS, **first)
    _register("official", _("Answers of the brand"), **_THREADS, **first)
    _register("status", _("What the brand does about it"), url=_page("thread"), **_THREADS)
    _register("verified", _("Words on new versions"), **_REPORTS, **first)
    _register("host_invited", _("Invitations to host"), url=_page("host_invitation"), **_INVITATIONS)
    _register("host_appointed", _("Topics that I host"), url=_page("topic"), **_TOPICS)
    _register("linked", _("My reports in topics"), url=_page("topic"), **_TOPICS)
    _register("question", _("Questions of hosts"), url=_page("question"), **_TO_ME)
    _register("question_answered", _("Answers to my questions"), **_BY_ME)
    _register("waiting", _("My posts at review"), **_MINE)
    _register("approved", _("My posts let through"), **_MINE)
    _register("hidden", _("My posts taken down"), url=_permalink_or_board, **_MINE)
    _register("restored", _("My posts shown again"), **_MINE)
    _register("flag_resolved", _("What became of my flags"), url=_permalink_or_board, **_FLAGS)
    _register("held", _("Reports of injury or fire"), url=_admin_page("post"), **_REPORTS, **_STAFF)
    _register("flagged", _("Flagged posts"), url=_admin_page("flag"), **_POSTS, **_STAFF, **first)


def _register(slug: str, label: Any, *, url: Callable[[int, Params], str] = _permalink, **of_things: Any) -> None:
    register(NotificationKind(slug=slug, label=label, sentence=getattr(sentences, slug), url=url, **of_things))
