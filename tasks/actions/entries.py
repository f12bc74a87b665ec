"""Give an entry, edit it, take it back; return it, hide it, let it through; say what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.actions.writing import checked_body, checked_title
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.search.actions import forget, index
from kocforum.text import Essay, clean_line, render_essay
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import named_in

from ..enums import EntryState
from ..facts import EntryGiven, EntryHeld, EntryModerated, EntryReturned, EntryWithdrawn, RightsChanged
from ..models import Call, Entry, EntryVersion, Manuscript, ManuscriptSave, Quote, RightsChange, Span, SubQuestion
from ..models.entries import ENTRIES_KIND
from ..queries.entries import document_of, may_be_found
from ..queries.manuscripts import now_of
from ..rules.calls import (
    can_moderate_entry,
    can_return_entry,
    can_set_rights,
    can_withdraw_entry,
    can_write_entry,
)
from ..rules.scaffolds import missing
from .call_rounds import reveal_if_all_gave
from .content import wants_a_look
from .manuscripts import Rights
from .participations import take_part
from .rights import close_requests


@once(Entry)
@transaction.atomic
def give_entry(
    *,
    by: Member,
    entry: Entry,
    title: str,
    body: str,
    seen: tuple[int, int] | None = None,
    uploads: Sequence[Upload | int] = (),
) -> Entry:
    """Let the others read, as the call promises. The manuscript is used up in the same transaction, so that it cannot come
    back (L3). `seen`: version and revision from which this text was written; another one is a Conflict.

    The order in which rows are held is that of a move of the task: task, call, entry.
    """
    require(can_write_entry(by, entry), _("This is not yours to write."))
    for writer in entry.writers.filter(accepted_at__isnull=False).exclude(member=by.pk).select_related("member"):
        take_part(member=writer.member, task=entry.call.task, may=lambda member: True)
    take_part(member=by, task=entry.call.task, may=lambda member: can_write_entry(member, entry))
    call = Call.objects.select_for_update(of=("self",)).select_related("task__audience").get(pk=entry.call_id)
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    entry.call = call
    require(can_write_entry(by, entry), _("This is not yours to write."))
    title, body = checked_title(title), checked_body(body)
    if waiting := missing(call.scaffold, body):
        headings = _("”, “").join(waiting)
        raise Invalid({"body": _("Nothing stands under “%(headings)s” yet.") % {"headings": headings}})
    _look_at_what_was_seen(entry, seen, (title, body))
    if entry.is_given and (title, body) == (entry.title, entry.body):
        return _put_manuscript_away(entry)
    state = EntryState.PENDING if wants_a_look(title, body) else EntryState.GIVEN
    _write_version(by, entry, title, body, state)
    attach(by=by, uploads=[*uploads, *named_in(by, body)], kind=ENTRIES_KIND, object_id=entry.pk)
    if state == EntryState.PENDING:
        record(EntryHeld(task_id=call.task_id, entry_id=entry.pk), by=by)
    record(EntryGiven(task_id=call.task_id, entry_id=entry.pk, version=entry.version), by=by)
    follow_in_search(entry)
    push(f"task:{call.task_id}", "entry.given", call.task_id)
    reveal_if_all_gave(call=call)
    return _put_manuscript_away(entry)


def _look_at_what_was_seen(entry: Entry, seen: tuple[int, int] | None, words: tuple[str, str]) -> None:
    """Words that are those of now pass over nothing, whatever was seen: the page's own save may have come first."""
    if seen is None:
        return
    now = now_of(entry)
    if seen != (now["version"], now["revision"]) and words != (now["title"], now["body"]):
        raise Conflict(_("This text was changed elsewhere in the meantime. Compare before you give it."))


def _write_version(by: Member, entry: Entry, title: str, body: str, state: str) -> None:
    """The next version, and the row that readers see."""
    now = timezone.now()
    essay = render_essay(body, f"e{entry.pk}")
    first = entry.version == 0
    EntryVersion.objects.create(entry=entry, number=entry.version + 1, title=title, body=body, by=by)
    Entry.objects.filter(pk=entry.pk).update(
        title=title,
        body=body,
        html=essay.html,
        outline=_outline_of(essay),
        words=essay.words,
        version=F("version") + 1,
        state=state,
        reason="",
        given_at=entry.given_at or now,
        edited_at=None if first else now,
        after_reveal=entry.after_reveal or (first and entry.call.sealed and entry.call.revealed_at is not None),
    )
    entry.refresh_from_db()


def _outline_of(essay: Essay) -> list[dict[str, Any]]:
    """Its headings, the highest of them on level 1 whatever the writer began with."""
    top = min((row.level for row in essay.outline), default=1)
    return [{"level": row.level - top + 1, "text": row.text, "anchor": row.anchor} for row in essay.outline]


def _put_manuscript_away(entry: Entry) -> Entry:
    Manuscript.objects.filter(entry=entry).delete()
    return entry


def follow_in_search(entry: Entry) -> None:
    """Search holds an entry exactly while everybody may read it."""
    if may_be_found(entry):
        index(**document_of(entry))
    else:
        forget(kind=ENTRIES_KIND, object_id=entry.pk)


def _step(entry: Entry, to: str, *, seen: Sequence[str], **values: Any) -> Entry:
    """One conditional update of the state, and what follows from it."""
    if not Entry.objects.filter(pk=entry.pk, state__in=seen).update(state=to, **values):
        raise Conflict(_("This entry is no longer where you saw it."))
    entry = Entry.objects.select_related("call__task__audience").get(pk=entry.pk)
    follow_in_search(entry)
    push(f"task:{entry.call.task_id}", "entry.given", entry.call.task_id)
    return entry


@transaction.atomic
def withdraw_entry(*, by: Member, entry: Entry) -> Entry:
    """Take it back: every word of it goes, in all versions; that there was one stays."""
    require(can_withdraw_entry(by, entry), _("Only its author takes an entry back."))
    return erase(by=by, entry=entry)


def erase(*, by: Member | None, entry: Entry) -> Entry:
    """Take the words of an entry away, in the caller's transaction."""
    gone = {"title": "", "body": "", "html": "", "outline": [], "words": 0, "summary": "", "change_of_mind": ""}
    standing = [state for state in EntryState.values if state != EntryState.WITHDRAWN]
    entry = _step(entry, EntryState.WITHDRAWN, seen=standing, **gone)
    EntryVersion.objects.filter(entry=entry).update(title="", body="")
    SubQuestion.objects.filter(entry=entry).delete()
    Span.objects.filter(version__entry=entry).delete()
    Quote.objects.filter(entry=entry).update(exact="")
    Manuscript.objects.filter(entry=entry).delete()
    ManuscriptSave.objects.filter(entry=entry).delete()
    files = Upload.objects.filter(attached_to=ENTRIES_KIND, number=entry.pk).select_related("owner")
    for file in files:
        detach(by=file.owner, uploads=[file])
    record(EntryWithdrawn(task_id=entry.call.task_id, entry_id=entry.pk), by=by)
    return entry


@transaction.atomic
def return_entry(*, by: Member, entry: Entry, reason: str) -> Entry:
    """Ask the writer to answer what was left out. It is not read by others until it is given again (L6)."""
    require(can_return_entry(by, entry), _("Only researchers do that."))
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid({"reason": _("Say what is missing. The writer reads it.")})
    entry = _step(entry, EntryState.RETURNED, seen=[EntryState.GIVEN], reason=reason)
    record(EntryReturned(task_id=entry.call.task_id, entry_id=entry.pk), by=by)
    return entry


@transaction.atomic
def moderate_entry(*, by: Member, entry: Entry, hide: bool, reason: str = "") -> Entry:
    """Hide an entry, with the reason that its writers read, or let it be read."""
    require(can_moderate_entry(by, entry), _("Only moderators do that."))
    reason = clean_line(reason)[:300]
    if hide and not reason:
        raise Invalid({"reason": _("Say why. The writer reads it.")})
    seen = [EntryState.GIVEN, EntryState.PENDING] if hide else [EntryState.PENDING, EntryState.HIDDEN]
    to = EntryState.HIDDEN if hide else EntryState.GIVEN
    entry = _step(entry, to, seen=seen, reason=reason if hide else "")
    record(EntryModerated(task_id=entry.call.task_id, entry_id=entry.pk, state=to), by=by)
    return entry


@transaction.atomic
def set_rights(*, by: Member, entry: Entry, rights: Rights) -> Entry:
    """What may be done with the words, from now on; every change is kept."""
    require(can_set_rights(by, entry), _("Only its author says what may be done with an entry."))
    said = vars(rights)
    before = Entry.objects.filter(pk=entry.pk).values(*said).get()
    if before == said:
        return entry
    close_requests(entry, [name for name in said if said[name] != before[name]])
    Entry.objects.filter(pk=entry.pk).update(**said)
    RightsChange.objects.create(entry=entry, rights=said)
    record(RightsChanged(entry_id=entry.pk), by=by)
    entry.refresh_from_db()
    return entry
