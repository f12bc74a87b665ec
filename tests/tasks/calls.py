"""Calls, entries and answers, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.audiences import reach_out
from tasks.actions.calls import Terms, draft_call
from tasks.actions.entries import give_entry
from tasks.actions.manuscripts import Rights, begin_entry
from tasks.actions.replies import write_reply
from tasks.models import Call, Entry, Reply, Task
from tests.people import make_member
from tests.tasks.stories import brief, make_researcher, moved

TITLE = "雨夜里的那次泊车"
BODY = "那天晚上下着小雨，我在地库外面试了三次，第三次它停在半路。"


def drafted_call(*, invitees: tuple[str, ...] = (), **values: Any) -> Task:
    """`values` of the terms and of the brief alike."""
    names = Terms.__dataclass_fields__
    terms = {name: values.pop(name) for name in list(values) if name in names}
    if invitees:
        terms.setdefault("kind", "invited")
        terms.setdefault("sealed", True)
        values["criteria"] = {"members": list(invitees)}
    by = values.pop("by", None) or make_researcher()
    said = {"title": "你最难忘的一次出行", "why": "我们想知道车在路上真正的样子。", "minutes": "40", **values}
    return draft_call(
        by=by, brief=brief(**said), terms=Terms(**{"prompt": "讲讲那一次：从头到尾，不用客气。", **terms})
    )


def open_call(*, invitees: tuple[str, ...] = (), **values: Any) -> Call:
    for username in invitees:
        if not Member.objects.filter(username=username).exists():
            make_member(username)
    task = moved(drafted_call(invitees=invitees, **values), "open")
    reach_out(task=task)
    return call_of(task)


def call_of(task: Task) -> Call:
    return Call.objects.select_related("task__audience").get(task=task)


def again(entry: Entry) -> Entry:
    """As the database has it now."""
    return Entry.objects.select_related("call__task__audience", "author").get(pk=entry.pk)


def begun(call: Call, by: Member, **rights: Any) -> Entry:
    said = {"quote_inside": True, "keep_when_left": True, **rights}
    return again(begin_entry(by=by, call=call, rights=Rights(**said)))


def given(call: Call, by: Member | str, title: str = TITLE, body: str = BODY, **rights: Any) -> Entry:
    if isinstance(by, str):
        by = Member.objects.filter(username=by).first() or make_member(by)
    return again(give_entry(by=by, entry=begun(call_of(call.task), by, **rights), title=title, body=body))


def replied(entry: Entry, by: Member, kind: str = "adds", body: str = "我的车也这样。", **values: Any) -> Reply:
    return write_reply(by=by, entry=again(entry), kind=kind, body=body, **values)


def in_the_past(call: Call, **days: int) -> None:
    """Let moments of a call lie so many days back: reveal_at=1, community_at=1."""
    values = {name: timezone.now() - timedelta(days=count) for name, count in days.items()}
    Call.objects.filter(pk=call.pk).update(**values)
