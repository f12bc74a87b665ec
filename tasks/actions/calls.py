"""Draft a call and change the draft; say more to an open one, and move its end once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..enums import CallKind, Readers, TaskForm
from ..facts import CallEdited, CallExtended, PromptClarified
from ..models import Advice, Call, Clarification, Task
from ..queries.drafts import stamp_of_draft
from ..rules.calls import can_steer
from ..rules.scaffolds import clean_scaffold
from ..rules.tasks import can_ask
from .drafts import Brief, begin_draft, change_draft
from .moves import hold_task

MOST_WAIT = 100
USUAL_MINUTES = Decimal(40)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a call promises besides its brief: who writes, what is sealed until when, who reads, what is asked for."""

    prompt: str = ""
    use: str = ""
    kind: str = CallKind.OPEN
    sealed: bool = False
    staff_reads: bool = False
    confidential: bool = False
    reveal_at: datetime | None = None
    community_at: datetime | None = None
    scaffold: Sequence[Any] = field(default_factory=tuple)
    staff_wait: int = 3


@once(Task)
@transaction.atomic
def draft_call(
    *, by: Member, brief: Brief, terms: Terms, parent: Task | None = None, advice: Advice | None = None
) -> Task:
    """A call as a draft. What stands against opening it is told when it is opened."""
    require(can_ask(by), _("Only researchers ask owners."))
    values = _checked(terms, brief)
    task = begin_draft(by=by, form=TaskForm.CALL, brief=brief, parent=parent, advice=advice)
    Task.objects.filter(pk=task.pk).update(readers=_readers(terms))
    Call.objects.create(task=task, **values)
    task.refresh_from_db()
    return task


@transaction.atomic
def edit_call(*, by: Member, task: Task, brief: Brief, terms: Terms, seen: str | None = None) -> Task:
    """Change a draft. `seen`: the stamp of the draft that was changed; another one is a Conflict."""
    require(can_ask(by), _("Only researchers ask owners."))
    values = _checked(terms, brief)
    task = hold_task(task.pk)
    if seen and stamp_of_draft(task) != seen:
        raise Conflict(
            _("A colleague changed this draft in the meantime. Look at it, then save again to put yours in its place.")
        )
    change_draft(task=task, brief=brief)
    Task.objects.filter(pk=task.pk).update(readers=_readers(terms))
    Call.objects.filter(task=task).update(**values)
    record(CallEdited(task_id=task.pk), by=by)
    task.refresh_from_db()
    return task


def _readers(terms: Terms) -> str:
    return Readers.CONFIDENTIAL if terms.confidential else Readers.EVERYBODY


def _checked(terms: Terms, brief: Brief) -> dict[str, Any]:
    problems: dict[str, object] = {}
    prompt = clean_text(terms.prompt).strip()
    if len(prompt) > 4000:
        problems["prompt"] = _("4,000 characters at most.")
    if terms.kind not in CallKind.values:
        problems["kind"] = _("There is no such kind of call.")
    try:
        scaffold = clean_scaffold(terms.scaffold)
    except ValueError as error:
        scaffold, problems["scaffold"] = [], str(error)
    if not 0 <= terms.staff_wait <= MOST_WAIT:
        problems["staff_wait"] = _("A number from 0 to %(most)s.") % {"most": MOST_WAIT}
    reveal_at, community_at = terms.reveal_at, terms.community_at
    if not terms.sealed and (reveal_at or community_at):
        problems["sealed"] = _("Times of a reveal belong to sealed writing. Tick it, or empty them.")
    if reveal_at and community_at and community_at < reveal_at:
        problems["community_at"] = _("The others join after the reveal.")
    for name, moment in (("reveal_at", reveal_at), ("community_at", community_at)):
        if moment and brief.opens_at and moment <= brief.opens_at:
            problems[name] = _("It lies before the beginning.")
        if moment and brief.closes_at and moment >= brief.closes_at:
            problems[name] = _("It lies after the end.")
    if problems:
        raise Invalid(problems)
    return {
        "prompt": prompt,
        "use": clean_text(terms.use).strip()[:1000],
        "kind": terms.kind,
        "sealed": terms.sealed,
        "staff_reads": terms.staff_reads and terms.sealed,
        "reveal_at": reveal_at,
        "community_at": community_at,
        "scaffold": scaffold,
        "staff_wait": terms.staff_wait,
    }


@once(Clarification)
@transaction.atomic
def clarify(*, by: Member, call: Call, text: str) -> Clarification:
    """Add a sentence to the prompt; what people answered to stays as it was."""
    require(can_steer(by, call), _("Only researchers do that."))
    text = clean_text(text).strip()
    if not 2 <= len(text) <= 1000:
        raise Invalid({"text": _("Between 2 and 1,000 characters.")})
    row = Clarification.objects.create(call=call, text=text, by=by)
    record(PromptClarified(task_id=call.task_id, clarification_id=row.pk), by=by)
    push(f"task:{call.task_id}", "call.clarified", call.task_id)
    return row


@transaction.atomic
def extend(*, by: Member, call: Call, closes_at: datetime, reveal_at: datetime | None = None) -> Call:
    """Move the end, once; whoever is asked is told. What is sealed yet may be revealed later as well, never earlier."""
    require(can_steer(by, call), _("Only researchers do that."))
    task = hold_task(call.task_id)
    if not Task.objects.running().filter(pk=task.pk).exists():
        raise Conflict(_("The call has ended."))
    if closes_at is None or closes_at <= task.closes_at:
        raise Invalid({"closes_at": _("An extension ends later than before.")})
    here = Call.objects.filter(pk=call.pk, extended_at__isnull=True)
    values: dict[str, Any] = {"extended_at": timezone.now()}
    if reveal_at is not None:
        if call.reveal_at is None or reveal_at < call.reveal_at or reveal_at >= closes_at:
            raise Invalid({"reveal_at": _("The reveal moves to a later moment before the end.")})
        here, values["reveal_at"] = here.filter(revealed_at__isnull=True), reveal_at
        if call.community_at and call.community_at < reveal_at:
            values["community_at"] = reveal_at
    if not here.update(**values):
        raise Conflict(_("A call is extended once, and this one was."))
    Task.objects.filter(pk=task.pk).update(closes_at=closes_at)
    record(CallExtended(task_id=task.pk), by=by)
    push(f"task:{task.pk}", "task.moved", task.pk)
    call.refresh_from_db()
    return call


def named(usernames: str) -> list[str]:
    """User names as they were typed, with commas, blanks or @ between them."""
    words = clean_line(usernames.replace("，", " ").replace("、", " ").replace(",", " ").replace("@", " "))
    return list(dict.fromkeys(words.split()))
