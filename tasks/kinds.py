"""Kinds of news about tasks: somebody is asked, reminded, told what came of it; and what happens in calls."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kocforum.notifications.kinds import NotificationKind, Params, register

from .enums import Readers
from .models import Entry, Reply, Task

INVITED = "task.invited"
REMINDED = "task.reminded"
REPORTED = "task.reported"
CANCELLED = "task.cancelled"
CALL_REVEALED = "call.revealed"
CALL_EXTENDED = "call.extended"
CALL_CLARIFIED = "call.clarified"
ENTRY_ANSWERED = "entry.answered"
ENTRY_CHANGED = "entry.changed"
ENTRY_RETURNED = "entry.returned"
ENTRY_HELD = "entry.held"
ENTRY_HIDDEN = "entry.hidden"
ENTRY_SHOWN = "entry.shown"
ENTRY_ASKS = "entry.asks"
ENTRY_QUOTED = "entry.quoted"
REPLY_ANSWERED = "reply.answered"
REPLY_HIDDEN = "reply.hidden"
WRITER_INVITED = "writer.invited"
OF_ENTRIES = (
    ENTRY_ANSWERED, ENTRY_CHANGED, ENTRY_RETURNED, ENTRY_HELD, ENTRY_HIDDEN, ENTRY_SHOWN, ENTRY_ASKS, ENTRY_QUOTED,
    WRITER_INVITED,
)  # fmt: skip


def _title(title: str, readers: str) -> str:
    """Of what is confidential no word leaves the page, least of all in a letter (L15)."""
    return _("a confidential call") if readers == Readers.CONFIDENTIAL else title


def _of_tasks(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Task.objects.filter(pk__in=list(object_ids)).values_list("pk", "title", "readers", "minutes")
    return {
        pk: {"title": _title(title, readers), "minutes": f"{minutes.normalize():f}"}
        for pk, title, readers, minutes in rows
    }


def _of_entries(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Entries are named by their call: their own words may be sealed."""
    rows = Entry.objects.filter(pk__in=list(object_ids)).values_list(
        "pk", "call__task", "call__task__title", "call__task__readers"
    )
    return {pk: {"task": task, "title": _title(title, readers)} for pk, task, title, readers in rows}


def _of_replies(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Reply.objects.filter(pk__in=list(object_ids)).values_list("pk", "entry")
    entries = _of_entries({entry for _pk, entry in rows})
    return {pk: {**entries[entry], "entry": entry} for pk, entry in rows}


def _asked_alike(member: Any) -> Hashable:
    """Whoever is told of a task stands in its audience or took part: all of them see it, staff see all."""
    return bool(member.is_staff)


def _to_task(object_id: int, params: Params) -> str:
    return reverse("task", args=[object_id])


def _invited(params: Params, count: int) -> str:
    return _("You are asked: “%(title)s”. It takes %(minutes)s min") % params


def _reminded(params: Params, count: int) -> str:
    return _("Still open: “%(title)s”. Your answer is missing") % params


def _reported(params: Params, count: int) -> str:
    return _("You took part in “%(title)s”. Read what came of it") % params


def _cancelled(params: Params, count: int) -> str:
    return _("“%(title)s”, in which you took part, was cancelled. Read why") % params


def _to_entry(object_id: int, params: Params) -> str:
    return reverse("entry", args=[params["task"], object_id])


def _to_writing(object_id: int, params: Params) -> str:
    return reverse("entry_write", args=[params["task"], object_id])


def _to_reply(object_id: int, params: Params) -> str:
    return f"{reverse('entry', args=[params['task'], params['entry']])}#r{object_id}"


def _to_call(object_id: int, params: Params) -> str:
    return reverse("task", args=[params["task"]])


def _asked_along(user: Any) -> QuerySet[Entry]:
    return Entry.objects.filter(writers__member=user.pk)


def _own_replies(user: Any) -> QuerySet[Reply]:
    return Reply.objects.filter(author_id=user.pk)


def _revealed(params: Params, count: int) -> str:
    return _("“%(title)s” is revealed: read what the others wrote") % params


def _extended(params: Params, count: int) -> str:
    return _("“%(title)s” is open longer. There is time to write") % params


def _clarified(params: Params, count: int) -> str:
    return _("Something was added to the question of “%(title)s”") % params


def _answered(params: Params, count: int) -> str:
    if count == 1:
        return _("%(name)s answered your entry in “%(title)s”") % params
    return ngettext(
        "%(count)d answer to your entry in “%(title)s”", "%(count)d answers to your entry in “%(title)s”", count
    ) % {**params, "count": count}


def _changed(params: Params, count: int) -> str:
    return _("An entry in “%(title)s” that your car confirms was rewritten. Look whether it still holds") % params


def _returned(params: Params, count: int) -> str:
    return _("Something is still missing in your entry in “%(title)s”. Read what, and give it again") % params


def _held(params: Params, count: int) -> str:
    return _("An entry in “%(title)s” waits for a moderator") % params


def _hidden(params: Params, count: int) -> str:
    return _("Your entry in “%(title)s” was hidden. Read why") % params


def _shown(params: Params, count: int) -> str:
    return _("Your entry in “%(title)s” can be read now") % params


def _asks(params: Params, count: int) -> str:
    return _("The writer of an entry in “%(title)s” has a question to those who answered") % params


def _quoted(params: Params, count: int) -> str:
    return ngettext(
        "A sentence of yours in “%(title)s” was quoted. Read where",
        "%(count)d sentences of yours in “%(title)s” were quoted. Read where",
        count,
    ) % {**params, "count": count}


def _reply_answered(params: Params, count: int) -> str:
    return _("%(name)s answered you in “%(title)s”") % params


def _reply_hidden(params: Params, count: int) -> str:
    return _("An answer of yours in “%(title)s” was hidden by moderation") % params


def _along(params: Params, count: int) -> str:
    return _("%(name)s asks you to write along in “%(title)s”") % params


def register_kinds() -> None:
    """Let members be told."""
    _register_asking()
    _register_calls()
    _register_entries()


def _register_calls() -> None:
    of_task: dict[str, Any] = {"url": _to_task, "queryset_for": Task.objects.visible_to, "details": _of_tasks}
    for slug, label, sentence in (
        (CALL_REVEALED, gettext_lazy("A call in which I wrote is revealed"), _revealed),
        (CALL_EXTENDED, gettext_lazy("A call to which I am asked is open longer"), _extended),
        (CALL_CLARIFIED, gettext_lazy("The question of a call in which I write becomes clearer"), _clarified),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, alike=_asked_alike, **of_task))


def _register_entries() -> None:
    readable: dict[str, Any] = {"queryset_for": Entry.objects.visible_to, "details": _of_entries}
    for slug, label, sentence, url, more in (
        (ENTRY_ANSWERED, gettext_lazy("Somebody answers my entry"), _answered, _to_entry, {"shows_first": True}),
        (ENTRY_CHANGED, gettext_lazy("An entry that my car confirms is rewritten"), _changed, _to_entry, {}),
        (ENTRY_RETURNED, gettext_lazy("Something is missing in my entry"), _returned, _to_writing, {}),
        (ENTRY_HELD, gettext_lazy("An entry waits for a moderator"), _held, _to_entry, {"staff_only": True}),
        (ENTRY_HIDDEN, gettext_lazy("My entry is hidden by moderation"), _hidden, _to_writing, {}),
        (ENTRY_SHOWN, gettext_lazy("My entry is let through"), _shown, _to_entry, {}),
        (ENTRY_ASKS, gettext_lazy("The writer of an entry that I answered asks back"), _asks, _to_entry, {}),
        (ENTRY_QUOTED, gettext_lazy("Words of mine are quoted"), _quoted, _to_entry, {}),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, url=url, **readable, **more))
    register(
        NotificationKind(
            slug=WRITER_INVITED,
            label=gettext_lazy("I am asked to write along"),
            sentence=_along,
            url=_to_call,
            queryset_for=_asked_along,
            details=_of_entries,
        )
    )
    for slug, label, sentence, rows in (
        (REPLY_ANSWERED, gettext_lazy("Somebody answers me in a call"), _reply_answered, Reply.objects.visible_to),
        (REPLY_HIDDEN, gettext_lazy("An answer of mine is hidden by moderation"), _reply_hidden, _own_replies),
    ):
        register(
            NotificationKind(
                slug=slug, label=label, sentence=sentence, url=_to_reply, queryset_for=rows, details=_of_replies
            )
        )


def _register_asking() -> None:
    shared: dict[str, Any] = {
        "url": _to_task,
        "queryset_for": Task.objects.visible_to,
        "details": _of_tasks,
        "alike": _asked_alike,
    }
    register(NotificationKind(slug=INVITED, label=gettext_lazy("The brand asks me"), sentence=_invited, **shared))
    register(
        NotificationKind(
            slug=REMINDED, label=gettext_lazy("A question that I was asked ends soon"), sentence=_reminded, **shared
        )
    )
    register(
        NotificationKind(
            slug=REPORTED,
            label=gettext_lazy("What came of a task in which I took part"),
            sentence=_reported,
            channels=("inbox", "email"),
            **shared,
        )
    )
    register(
        NotificationKind(
            slug=CANCELLED,
            label=gettext_lazy("A task in which I took part was cancelled"),
            sentence=_cancelled,
            **shared,
        )
    )
