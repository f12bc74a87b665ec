"""A call as the shell around it needs it: whether it is ready, its figures, what its pages show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from kocforum.forum.enums import PostState

from ..enums import CallKind, EntryState, InvitationState
from ..models import Call, Entry, Invitation, Reply, Statement, StatementVote, Task, Writer
from ..models.entries import ENDED
from ..rules.calls import can_steer
from .digests import digest_of
from .entries import PER_PAGE, cards_of
from .progress import respondents
from .surveys import invited

TO_READ = 60  # seconds


def problems_of(task: Task) -> list[str]:
    """What stands against opening a call."""
    call = Call.objects.filter(task=task).first()
    if call is None:
        return [_("There is no prompt yet.")]
    said = []
    if not call.prompt:
        said.append(_("Say what you would like to be told."))
    if not task.why:
        said.append(_("Say why you ask. Who writes for an hour wants to know."))
    if call.kind == CallKind.INVITED and task.audience.everyone:
        said.append(_("Name those who write first."))
    if task.is_confidential and task.audience.everyone:
        said.append(_("A confidential call names who is asked."))
    if call.sealed and call.kind == CallKind.OPEN and call.reveal_at is None:
        said.append(_("Say when the entries are revealed: in an open call there is no moment when all have given."))
    return said


def edit_address(task: Task) -> str:
    return reverse("call_edit", args=[task.pk])


def again_address(task: Task) -> str:
    return f"{reverse('call_new')}?parent={task.pk}"


def figures_of(task: Task) -> dict[str, Any]:
    """What the report freezes: how many were asked and wrote, how much, how many cars confirm."""
    given = Entry.objects.given().filter(call__task=task)
    sums = given.aggregate(entries=Count("pk"), words=Sum("words"), replies=Sum("reply_count"), cars=Sum("car_count"))
    counts = {name: number or 0 for name, number in sums.items()}
    votes = StatementVote.objects.filter(statement__call__task=task)
    voted = votes.aggregate(voters=Count("member", distinct=True), statements=Count("statement", distinct=True))
    return {"invited": invited(task), "respondents": respondents(task), **counts, **voted}


def cost_of(task: Task) -> int:
    """Who is asked to speak first is asked for the time of writing. An open call asks nobody for more than to read what it is
    about: whoever writes then wants to."""
    if Call.objects.filter(task=task, kind=CallKind.INVITED).exists():
        return task.seconds
    return min(task.seconds, TO_READ)


def listeners_of(task: Task) -> list[int]:
    """Who answered under an entry or voted on statements hears what came of it, as those who wrote do."""
    spoke = Reply.objects.filter(entry__call__task=task, state=PostState.VISIBLE, author__isnull=False)
    voted = StatementVote.objects.filter(statement__call__task=task)
    return [
        *{*spoke.values_list("author_id", flat=True).distinct(), *voted.values_list("member_id", flat=True).distinct()}
    ]


def bring_calls(tasks: Iterable[Task], user: Any) -> None:
    """Give each call task its `call`, which knows how many entries are given and statements stand, and to a member `writes`, the
    entries, the own one first, and `along`, what others ask them to write together. Two queries."""
    by_id = {task.pk: task for task in tasks}
    for call in Call.objects.filter(task__in=by_id).annotate(**_counts()):
        task = by_id[call.task_id]
        call.task, task.call, task.writes, task.along = task, call, [], []
    if not user.is_authenticated:
        return
    mine = Writer.objects.filter(member=user.pk, entry__call__task__in=by_id).exclude(entry__state=EntryState.WITHDRAWN)
    for row in sorted(mine.select_related("entry__call", "entry__author"), key=lambda row: row.entry.author != user):
        task = by_id[row.entry.call.task_id]
        if row.accepted_at is None:
            task.along.append(row)
        else:
            task.writes.append(row.entry)


def _counts() -> dict[str, Coalesce]:
    given = Entry.objects.filter(state__in=[EntryState.GIVEN, EntryState.PENDING])
    return {"given_count": _number_of(given), "statement_count": _number_of(Statement.objects.standing())}


def _number_of(rows: QuerySet) -> Coalesce:
    of_call = rows.filter(call=OuterRef("pk")).order_by().values("call")
    return Coalesce(Subquery(of_call.annotate(number=Count("pk")).values("number")), 0)


def page_of(task: Task, user: Any) -> dict[str, Any]:
    """What the parts of a call's pages need besides the call."""
    call = getattr(task, "call", None)
    if call is None:
        return {}
    entries = list(cards_of(call, user)[: PER_PAGE + 1])
    return {
        "call": call,
        "own": next((entry for entry in task.writes if entry.author_id == user.pk), None),
        "joint": [entry for entry in task.writes if entry.author_id != user.pk],
        "along": task.along,
        "entries": entries[:PER_PAGE],
        "more_entries": len(entries) > PER_PAGE,
        "clarifications": list(call.clarifications.all()),
        "given": call.given_count,
        "digest": digest_of(call, user) if task.state in ENDED else None,
        "statements": 0 if call.is_sealed else call.statement_count,
        "steer": can_steer(user, call) is True,
    }


def who_writes(task: Task) -> list[dict[str, Any]]:
    """For colleagues: each one asked by name, and how far that one is, without a word of what is written."""
    rows = (
        Invitation.objects.filter(task=task)
        .order_by("pk")
        .values("member", "member__username", "member__display_name", "state")
    )
    states = dict(
        Entry.objects.filter(call__task=task, writers__accepted_at__isnull=False)
        .exclude(state=EntryState.WITHDRAWN)
        .values_list("writers__member", "state")
    )
    return [
        {
            "username": row["member__username"],
            "name": row["member__display_name"] or row["member__username"],
            "declined": row["state"] == InvitationState.DECLINED,
            "state": EntryState(states[row["member"]]).label if row["member"] in states else "",
        }
        for row in rows
    ]


def waiting_for_moderators(call: Call, user: Any) -> dict[str, list[Any]]:
    """Entries and replies of a call that an operator may see and that wait."""
    if not user.has_role("operator"):
        return {"entries": [], "replies": [], "statements": []}
    entries = Entry.objects.visible_to(user).filter(call=call, state=EntryState.PENDING)
    replies = Reply.objects.visible_to(user).filter(entry__call=call, state=PostState.PENDING)
    statements = Statement.objects.visible_to(user).filter(call=call, state=PostState.PENDING)
    return {
        "entries": list(entries),
        "replies": list(replies.select_related("entry__call")),
        "statements": list(statements),
    }


def desk_of(task: Task, user: Any) -> dict[str, Any]:
    """What colleagues see of a call besides: numbers, who writes first, what waits."""
    call = getattr(task, "call", None)
    if call is None or not task.opened_at:
        return {}
    counts = call.entries.aggregate(
        begun=Count("pk", filter=Q(state__in=[EntryState.BEGUN, EntryState.RETURNED])),
        given=Count("pk", filter=Q(state__in=[EntryState.GIVEN, EntryState.PENDING])),
        replies=Sum("reply_count"),
        cars=Sum("car_count"),
    )
    return {
        "desk": {name: number or 0 for name, number in counts.items()},
        "who": who_writes(task) if task.audience.names_people else [],
        "waiting": waiting_for_moderators(call, user),
    }
