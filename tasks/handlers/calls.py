"""Calls go on in time, and whoever writes, answers or looks after them hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from kocforum.forum.enums import PostState
from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.call_rounds import go_on_in_time
from ..actions.opinions import redraw_map, redraw_maps
from ..enums import EntryState, InvitationState, ReplyKind, TaskState
from ..facts import (
    CallExtended,
    CallRevealed,
    CoderReleased,
    EntryGiven,
    EntryHeld,
    EntryKept,
    EntryModerated,
    EntryReturned,
    EntryWithdrawn,
    PromptClarified,
    QuoteTaken,
    ReplyModerated,
    ReplyRemoved,
    ReplyWritten,
    RightsAsked,
    RightsChanged,
    RightsDeclined,
    StatementModerated,
    TalkHeld,
    TalkLed,
    TalkModerated,
    TaskMoved,
    WriterInvited,
    WriterLeft,
)
from ..models import Call, Entry, Invitation, Reply, RightsRequest, Statement, SubQuestion, Writer
from ..queries.calls import listeners_of


@every(minutes=1)
def keep_the_rounds() -> None:
    """Reveal what was promised for now, and let the community join."""
    go_on_in_time()


@every(minutes=5)
def keep_the_maps() -> None:
    """Draw the opinion maps of open calls anew where people have voted."""
    redraw_maps()


@on(TaskMoved)
def draw_the_last_map(told: TaskMoved, row: Any) -> None:
    """What the map shows at the end stays."""
    if told.to_state == TaskState.CLOSED and (call := Call.objects.filter(task=told.task_id).first()):
        redraw_map(call=call)


@on(TaskMoved)
def tell_what_the_talk_left_behind(told: TaskMoved, row: Any) -> None:
    """At the end everybody who wrote, answered or voted; what the brand does with it is said later, with the report."""
    if told.to_state == TaskState.CLOSED and (call := Call.objects.filter(task=told.task_id).first()):
        wrote = call.task.participations.values_list("member_id", flat=True)
        _tell(sorted({*wrote, *listeners_of(call.task)}), kinds.CALL_ENDED, told.task_id, row)


@on(StatementModerated)
def tell_who_drew_it(told: StatementModerated, row: Any) -> None:
    """Why a statement is not voted on."""
    if told.state == PostState.HIDDEN:
        drew = Statement.objects.filter(pk=told.statement_id).values_list("by", flat=True)
        _tell(drew, kinds.STATEMENT_HIDDEN, told.statement_id, row)


def _writers(**entries: Any) -> list[int]:
    standing = Writer.objects.filter(accepted_at__isnull=False, **entries).exclude(entry__state=EntryState.WITHDRAWN)
    return list(standing.values_list("member", flat=True).distinct())


def _tell(members: Iterable[int], kind: str, number: int, row: Any, **params: Any) -> None:
    """Nobody is told of what they did themselves."""
    others = [member for member in members if member and member != row.by_id]
    notify_all(members=others, kind=kind, object_id=number, params=params, fact_id=row.pk)


@on(CallRevealed)
def tell_that_it_is_revealed(told: CallRevealed, row: Any) -> None:
    """Those who wrote; and moderators, of what waited under the seal."""
    _tell(_writers(entry__call__task=told.task_id), kinds.CALL_REVEALED, told.task_id, row)
    for number in Entry.objects.filter(call__task=told.task_id, state=EntryState.PENDING).values_list("pk", flat=True):
        _tell(_moderators(), kinds.ENTRY_HELD, number, row)


@on(CallExtended)
def tell_that_there_is_time(told: CallExtended, row: Any) -> None:
    """Those who were asked or write already."""
    asked = Invitation.objects.filter(task=told.task_id, state=InvitationState.INVITED)
    members = {*asked.values_list("member", flat=True), *_writers(entry__call__task=told.task_id)}
    _tell(sorted(members), kinds.CALL_EXTENDED, told.task_id, row)


@on(PromptClarified)
def tell_what_is_clearer(told: PromptClarified, row: Any) -> None:
    """Those who are writing to it."""
    _tell(_writers(entry__call__task=told.task_id), kinds.CALL_CLARIFIED, told.task_id, row)


@on(EntryGiven)
def tell_who_confirmed(told: EntryGiven, row: Any) -> None:
    """Whose car stands under a text that says something else now (L9)."""
    if told.version == 1:
        return
    confirmed = Reply.objects.filter(
        entry=told.entry_id, kind=ReplyKind.CONFIRMS, state=PostState.VISIBLE, entry_version__lt=told.version
    )
    _tell(confirmed.values_list("author", flat=True), kinds.ENTRY_CHANGED, told.entry_id, row)


@on(EntryHeld)
def tell_moderators(told: EntryHeld, row: Any) -> None:
    """Something waits for a look. What is sealed waits for the reveal first: moderators do not read it either."""
    _tell(_moderators(), kinds.ENTRY_HELD, told.entry_id, row)


def _moderators() -> list[int]:
    able = Q(role__in=[Role.OPERATOR, Role.ADMIN]) | Q(is_superuser=True)
    return list(Member.objects.filter(able, is_staff=True, is_active=True).values_list("pk", flat=True))


@on(EntryReturned)
def tell_what_is_missing(told: EntryReturned, row: Any) -> None:
    _tell(_writers(entry=told.entry_id), kinds.ENTRY_RETURNED, told.entry_id, row)


@on(EntryModerated)
def tell_the_verdict(told: EntryModerated, row: Any) -> None:
    withdraw(kind=kinds.ENTRY_HELD, object_id=told.entry_id)
    kind = kinds.ENTRY_HIDDEN if told.state == EntryState.HIDDEN else kinds.ENTRY_SHOWN
    _tell(_writers(entry=told.entry_id), kind, told.entry_id, row)


@on(EntryWithdrawn)
def take_back_news_of_a_withdrawn_entry(told: EntryWithdrawn, row: Any) -> None:
    """Nobody is called to a tombstone; who wrote it along hears that it is one."""
    for kind in kinds.OF_ENTRIES:
        withdraw(kind=kind, object_id=told.entry_id)
    along = Writer.objects.filter(entry=told.entry_id, accepted_at__isnull=False).exclude(member=F("entry__author"))
    _tell(along.values_list("member", flat=True), kinds.ENTRY_WITHDRAWN, told.entry_id, row)


@on(ReplyWritten)
def tell_the_writers(told: ReplyWritten, row: Any) -> None:
    reply = Reply.objects.filter(pk=told.reply_id, state=PostState.VISIBLE).select_related("to").first()
    if reply is None:
        return
    _tell(_writers(entry=told.entry_id), kinds.ENTRY_ANSWERED, told.entry_id, row, by=row.by_id)
    if reply.to is not None and reply.to.author_id not in _writers(entry=told.entry_id):
        _tell([reply.to.author_id], kinds.REPLY_ANSWERED, told.reply_id, row, by=row.by_id)


@on(ReplyModerated)
def tell_that_an_answer_is_hidden(told: ReplyModerated, row: Any) -> None:
    withdraw(kind=kinds.REPLY_ANSWERED, object_id=told.reply_id)
    if told.state == PostState.HIDDEN:
        author = Reply.objects.filter(pk=told.reply_id).values_list("author", flat=True)
        _tell(author, kinds.REPLY_HIDDEN, told.reply_id, row)


@on(ReplyRemoved)
def take_back_news_of_a_removed_answer(told: ReplyRemoved, row: Any) -> None:
    withdraw(kind=kinds.REPLY_ANSWERED, object_id=told.reply_id)


@on(TalkLed)
def tell_what_the_writer_asks(told: TalkLed, row: Any) -> None:
    """Those who spoke under the entry, when its writer has a question."""
    if told.how != "asked":
        return
    spoke = Reply.objects.filter(entry=told.entry_id, state=PostState.VISIBLE, private=False)
    _tell(spoke.values_list("author", flat=True).distinct(), kinds.ENTRY_ASKS, told.entry_id, row)


@on(QuoteTaken)
def tell_who_is_quoted(told: QuoteTaken, row: Any) -> None:
    """Each writer, of every sentence."""
    _tell(_writers(entry=told.entry_id), kinds.ENTRY_QUOTED, told.entry_id, row)


@on(CoderReleased)
def tell_who_reads_no_more(told: CoderReleased, row: Any) -> None:
    """Why, in the words of who did it."""
    _tell([told.member_id], kinds.CODER_RELEASED, told.task_id, row, by=row.by_id, reason=told.reason)


@on(EntryKept)
def tell_that_it_stays(told: EntryKept, row: Any) -> None:
    """Its writers, once; who leaves the stories again is not told of having been among them."""
    if told.kept:
        _tell(_writers(entry=told.entry_id), kinds.ENTRY_KEPT, told.entry_id, row)
    else:
        withdraw(kind=kinds.ENTRY_KEPT, object_id=told.entry_id)


@on(RightsAsked)
def tell_its_author(told: RightsAsked, row: Any) -> None:
    """Who alone can give a right."""
    author = Entry.objects.filter(pk=told.entry_id).values_list("author", flat=True)
    _tell(author, kinds.ENTRY_RIGHTS, told.entry_id, row)


@on(RightsChanged, RightsDeclined)
def ask_no_more_for_what_was_answered(told: RightsChanged | RightsDeclined, row: Any) -> None:
    if not RightsRequest.objects.filter(entry=told.entry_id, closed_at__isnull=True).exists():
        withdraw(kind=kinds.ENTRY_RIGHTS, object_id=told.entry_id)


@on(TalkHeld)
def tell_moderators_of_the_talk(told: TalkHeld, row: Any) -> None:
    _tell(_moderators(), kinds.TALK_HELD, told.entry_id, row)


@on(TalkModerated)
def tell_who_leads_the_talk(told: TalkModerated, row: Any) -> None:
    withdraw(kind=kinds.TALK_HELD, object_id=told.entry_id)
    if not SubQuestion.objects.filter(entry=told.entry_id, closed_at__isnull=True).exists():
        withdraw(kind=kinds.ENTRY_ASKS, object_id=told.entry_id)
    _tell(_writers(entry=told.entry_id), kinds.TALK_MODERATED, told.entry_id, row, reason=told.reason)


@on(WriterInvited)
def ask_to_write_along(told: WriterInvited, row: Any) -> None:
    _tell([told.member_id], kinds.WRITER_INVITED, told.entry_id, row, by=row.by_id)


@on(WriterLeft)
def ask_no_longer(told: WriterLeft, row: Any) -> None:
    withdraw(kind=kinds.WRITER_INVITED, object_id=told.entry_id)
