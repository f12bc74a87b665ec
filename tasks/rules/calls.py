"""Who writes to a call, who answers, who leads the talk, who moves the rounds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.forum.enums import PostState
from kocforum.forum.rules.posts import can_moderate
from kocforum.members.rules import can_write

from ..enums import EntryState, ReplyKind, Round, TaskState
from ..models import Call, Entry, Reply, Task, Writer
from .tasks import can_ask, can_take_part

STANDS = frozenset({EntryState.BEGUN, EntryState.GIVEN, EntryState.RETURNED, EntryState.PENDING})
NEXT_ROUND = {Round.WRITING: Round.DISCUSSING, Round.DISCUSSING: Round.CONVERGING}


def can_steer(user: Any, call: Call) -> bool | Conflict:
    """Researchers, while it is open: reveal, clarify, extend, the next round."""
    if not can_ask(user):
        return False
    return call.task.state == TaskState.OPEN or Conflict(_("The call is not open."))


def can_begin(member: Any, call: Call) -> Any:
    """Who is asked, while it is open."""
    return can_take_part(member, call.task)


def is_author(member: Any, entry: Entry) -> bool:
    return member.is_authenticated and entry.author_id == member.pk


def is_writer(member: Any, entry: Entry) -> bool:
    """The author, and who accepted to write along."""
    if not member.is_authenticated:
        return False
    if (signed := getattr(entry, "signed", None)) is not None:
        return any(row.member_id == member.pk for row in signed)
    return Writer.objects.filter(entry=entry.pk, member=member.pk, accepted_at__isnull=False).exists()


def can_write_entry(member: Any, entry: Entry) -> Any:
    """Its writers, while the call is open and the entry stands."""
    if not is_writer(member, entry):
        return False
    if (writes := can_write(member)) is not True:
        return writes
    if entry.state not in STANDS:
        return Conflict(_("This entry no longer stands. Your text is kept so that you can copy it."))
    return _running(entry.call.task) or Conflict(_("The call has ended. Your text is kept so that you can copy it."))


def _running(task: Task) -> bool:
    return Task.objects.running().filter(pk=task.pk).exists()


def can_withdraw_entry(member: Any, entry: Entry) -> Any:
    """Its author, at any time: words belong to who wrote them."""
    if not is_author(member, entry):
        return False
    return entry.state != EntryState.WITHDRAWN or Conflict(_("This entry is withdrawn already."))


def can_set_rights(member: Any, entry: Entry) -> bool:
    """Its author, at any time."""
    return is_author(member, entry) and entry.state != EntryState.WITHDRAWN


def can_share_entry(member: Any, entry: Entry) -> Any:
    """Its author names who writes along, while it can be written."""
    return can_write_entry(member, entry) if is_author(member, entry) else False


def can_return_entry(user: Any, entry: Entry) -> Any:
    """Researchers, while its writer can still answer."""
    if not can_ask(user):
        return False
    if entry.state != EntryState.GIVEN:
        return Conflict(_("Only what was given can be returned."))
    return _running(entry.call.task) or Conflict(_("The call has ended."))


def can_keep_entry(user: Any, entry: Entry) -> Any:
    """Researchers, of what everybody reads, where its author lets it be quoted in public."""
    if not can_ask(user):
        return False
    call = entry.call
    if entry.state != EntryState.GIVEN or call.is_sealed or call.task.is_confidential:
        return Conflict(_("Only what everybody reads can be kept as a story."))
    return entry.quote_public or Conflict(_("Its author has not said that it may be quoted in public. Ask first."))


def can_see_rights(user: Any) -> bool:
    """All staff: whoever takes words anywhere looks first what their author allows."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def can_ask_for_right(user: Any, entry: Entry) -> Any:
    """Researchers, of what was given and still has an author to ask."""
    if not can_ask(user):
        return False
    if entry.state != EntryState.GIVEN or entry.author_id is None:
        return Conflict(_("There is nobody to ask."))
    return True


def can_moderate_entry(user: Any, entry: Entry) -> bool:
    """Operators, over what its writers gave."""
    return can_moderate(user) and entry.state in {EntryState.GIVEN, EntryState.PENDING, EntryState.HIDDEN}


def counts_as_reader(member: Any, entry: Entry) -> bool:
    """A member who did not write it and does not speak for the brand: its writers want to know whom they reach."""
    return bool(member.is_authenticated) and not member.is_staff and entry.is_given and not is_writer(member, entry)


def can_reply(
    member: Any,
    entry: Entry,
    *,
    kind: str = ReplyKind.ADDS,
    private: bool = False,
    to_private: bool = False,
    reads: bool | None = None,
    runs: bool | None = None,
) -> Any:
    """Who reads an entry and may write, while the call is open. Before the reveal nobody but staff, in private, and the entry's
    writers `to` what was asked in private; so a colleague asks back without anybody being led. Nobody confirms or contradicts the
    own text.

    A page says what it has read already: that the member `reads` the entry as it was given, and that its call `runs`.
    """
    if (writes := can_write(member)) is not True:
        return writes
    if not (_reads(member, entry) if reads is None else reads):
        return Forbidden(_("You cannot answer this entry."))
    if to_private and not (member.is_staff or is_writer(member, entry)):
        return Forbidden(_("Only its writers and staff answer that."))
    if private and not to_private and not member.is_staff:
        return Forbidden(_("Only staff ask in private."))
    if entry.call.is_sealed and not (private or to_private):
        return Conflict(_("Nobody answers before the entries are revealed."))
    if kind in {ReplyKind.CONFIRMS, ReplyKind.DIFFERS} and is_writer(member, entry):
        return Conflict(_("This is your own text; add to it, or ask."))
    runs = _running(entry.call.task) if runs is None else runs
    return runs or Conflict(_("The call has ended, so it takes no more answers."))


def _reads(member: Any, entry: Entry) -> bool:
    return Entry.objects.visible_to(member).filter(pk=entry.pk, state=EntryState.GIVEN).exists()


def takes_most_room(share: float, voices: int) -> bool:
    """Whoever wrote more than half of all words under an entry, among several, is asked to leave room. Asked, and never kept from
    writing (L10)."""
    return voices >= 3 and share > 0.5


def can_edit_reply(member: Any, reply: Reply) -> Any:
    """Its author, while the call is open and the reply stands."""
    if not member.is_authenticated or reply.author_id != member.pk:
        return False
    if (writes := can_write(member)) is not True:
        return writes
    if reply.state not in {PostState.VISIBLE, PostState.PENDING}:
        return Conflict(_("This answer no longer stands."))
    return _running(reply.entry.call.task) or Conflict(_("The call has ended, so its answers stay as they are."))


def can_remove_reply(member: Any, reply: Reply) -> Any:
    """Its author, at any time."""
    if not member.is_authenticated or reply.author_id != member.pk:
        return False
    return reply.state in {PostState.VISIBLE, PostState.PENDING} or Conflict(_("This answer is already gone."))


def can_lead(member: Any, entry: Entry, *, runs: bool | None = None) -> Any:
    """Its writers lead the talk under it, while the call is open. A page that has read that it `runs` says so."""
    if not is_writer(member, entry):
        return False
    if (writes := can_write(member)) is not True:
        return writes
    if entry.state != EntryState.GIVEN:
        return Conflict(_("The talk begins when the entry is given."))
    runs = _running(entry.call.task) if runs is None else runs
    return runs or Conflict(_("The call has ended."))
