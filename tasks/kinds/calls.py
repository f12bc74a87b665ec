"""Kinds of news about calls: what happens to entries, answers and statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Entry, Reply, Statement, Task
from .asking import asked_alike, of_tasks, title_of, to_task

CALL_REVEALED = "call.revealed"
CALL_EXTENDED = "call.extended"
CALL_CLARIFIED = "call.clarified"
CALL_ENDED = "call.ended"
ENTRY_ANSWERED = "entry.answered"
ENTRY_CHANGED = "entry.changed"
ENTRY_RETURNED = "entry.returned"
ENTRY_HELD = "entry.held"
ENTRY_HIDDEN = "entry.hidden"
ENTRY_SHOWN = "entry.shown"
ENTRY_ASKS = "entry.asks"
ENTRY_QUOTED = "entry.quoted"
ENTRY_KEPT = "entry.kept"
ENTRY_RIGHTS = "entry.rights"
TALK_HELD = "talk.held"
TALK_MODERATED = "talk.moderated"
ENTRY_WITHDRAWN = "entry.withdrawn"
REPLY_ANSWERED = "reply.answered"
REPLY_HIDDEN = "reply.hidden"
STATEMENT_HIDDEN = "statement.hidden"
WRITER_INVITED = "writer.invited"
CODER_RELEASED = "coder.released"
OF_ENTRIES = (
    ENTRY_ANSWERED, ENTRY_CHANGED, ENTRY_RETURNED, ENTRY_HELD, ENTRY_HIDDEN, ENTRY_SHOWN, ENTRY_ASKS, ENTRY_QUOTED,
    ENTRY_KEPT, ENTRY_RIGHTS, TALK_HELD, TALK_MODERATED, WRITER_INVITED,
)  # fmt: skip


def _of_entries(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Entries are named by their call: their own words may be sealed."""
    rows = Entry.objects.filter(pk__in=list(object_ids)).values_list(
        "pk", "call__task", "call__task__title", "call__task__readers"
    )
    return {pk: {"task": task, "title": title_of(title, readers)} for pk, task, title, readers in rows}


def _of_replies(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Reply.objects.filter(pk__in=list(object_ids)).values_list("pk", "entry")
    entries = _of_entries({entry for _pk, entry in rows})
    return {pk: {**entries[entry], "entry": entry} for pk, entry in rows}


def _of_statements(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Statement.objects.filter(pk__in=list(object_ids)).values_list(
        "pk", "call__task", "call__task__title", "call__task__readers"
    )
    return {pk: {"task": task, "title": title_of(title, readers)} for pk, task, title, readers in rows}


def _to_entry(object_id: int, params: Params) -> str:
    return reverse("entry", args=[params["task"], object_id])


def _to_writing(object_id: int, params: Params) -> str:
    return reverse("entry_write", args=[params["task"], object_id])


def _to_reply(object_id: int, params: Params) -> str:
    return f"{reverse('entry', args=[params['task'], params['entry']])}?reply={object_id}#r{object_id}"


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


def _ended(params: Params, count: int) -> str:
    return _("“%(title)s” has ended. Read what the talk left behind") % params


def _rights(params: Params, count: int) -> str:
    return _("The brand asks whether it may use your entry in “%(title)s” further. You decide") % params


def _talk_held(params: Params, count: int) -> str:
    return _("What leads the talk under an entry in “%(title)s” deserves a look") % params


def _talk_moderated(params: Params, count: int) -> str:
    return _("A moderator took down words of yours above the talk in “%(title)s”: %(reason)s") % params


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


def _kept(params: Params, count: int) -> str:
    return _("Your entry in “%(title)s” stays: it is among the stories") % params


def _withdrawn(params: Params, count: int) -> str:
    return _("The entry that you wrote along in “%(title)s” was withdrawn by its author. Its words are gone") % params


def _reply_answered(params: Params, count: int) -> str:
    return _("%(name)s answered you in “%(title)s”") % params


def _reply_hidden(params: Params, count: int) -> str:
    return _("An answer of yours in “%(title)s” was hidden by moderation") % params


def _to_map(object_id: int, params: Params) -> str:
    return f"{reverse('opinion_map', args=[params['task']])}?list=1#statements"


def _own_statements(user: Any) -> QuerySet[Statement]:
    return Statement.objects.filter(by=user.pk)


def _statement_hidden(params: Params, count: int) -> str:
    return _("A statement that you drew in “%(title)s” is not voted on") % params


def _along(params: Params, count: int) -> str:
    return _("%(name)s asks you to write along in “%(title)s”") % params


def _released(params: Params, count: int) -> str:
    return _("%(name)s took you out of reading “%(title)s”: %(reason)s. What you marked is kept") % params


def _to_coding(object_id: int, params: Params) -> str:
    return reverse("coding", args=[object_id])


def register_calls() -> None:
    of_task: dict[str, Any] = {"url": to_task, "queryset_for": Task.objects.visible_to, "details": of_tasks}
    for slug, label, sentence in (
        (CALL_REVEALED, gettext_lazy("A call in which I wrote is revealed"), _revealed),
        (CALL_EXTENDED, gettext_lazy("A call to which I am asked is open longer"), _extended),
        (CALL_CLARIFIED, gettext_lazy("The question of a call in which I write becomes clearer"), _clarified),
        (CALL_ENDED, gettext_lazy("A call in which I spoke has ended"), _ended),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, alike=asked_alike, **of_task))
    label = gettext_lazy("I am taken out of reading a call")
    of_coder: dict[str, Any] = {**of_task, "url": _to_coding, "staff_only": True}
    register(NotificationKind(slug=CODER_RELEASED, label=label, sentence=_released, **of_coder))


def register_entries() -> None:
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
        (ENTRY_KEPT, gettext_lazy("An entry of mine is kept as a story"), _kept, _to_entry, {}),
        (ENTRY_RIGHTS, gettext_lazy("The brand asks to use my entry further"), _rights, _to_entry, {}),
        (TALK_HELD, gettext_lazy("What leads a talk deserves a look"), _talk_held, _to_entry, {"staff_only": True}),
        (TALK_MODERATED, gettext_lazy("Words of mine above a talk are taken down"), _talk_moderated, _to_entry, {}),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, url=url, **readable, **more))
    of_call: dict[str, Any] = {"url": _to_call, "queryset_for": _asked_along, "details": _of_entries}
    for slug, label, sentence in (
        (WRITER_INVITED, gettext_lazy("I am asked to write along"), _along),
        (ENTRY_WITHDRAWN, gettext_lazy("An entry that I wrote along is withdrawn"), _withdrawn),
    ):
        register(NotificationKind(slug=slug, label=label, sentence=sentence, **of_call))
    register(
        NotificationKind(
            slug=STATEMENT_HIDDEN,
            label=gettext_lazy("A statement of mine is hidden"),
            sentence=_statement_hidden,
            url=_to_map,
            queryset_for=_own_statements,
            details=_of_statements,
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
