"""Answer under an entry: add, confirm with a car, differ, ask; edit, take back, hide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.enums import PostState
from kocforum.forum.rules.posts import can_moderate
from kocforum.garage.models import Vehicle
from kocforum.garage.queries import in_garage
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text, count_words, render

from ..enums import ReplyKind
from ..facts import ReplyEdited, ReplyModerated, ReplyRemoved, ReplyWritten
from ..models import Entry, Reply, ReplyRevision, SubQuestion
from ..rules.calls import can_edit_reply, can_remove_reply, can_reply
from .content import wants_a_look

LONGEST = 10_000
FREE = timedelta(minutes=10)  # to put a slip right without leaving a trace


@once(Reply)
@transaction.atomic
def write_reply(
    *,
    by: Member,
    entry: Entry,
    kind: str,
    body: str = "",
    vehicle: Vehicle | int | None = None,
    sub_question: SubQuestion | None = None,
    to: Reply | None = None,
    private: bool = False,
) -> Reply:
    """One reply. Who confirms or differs may name a car of the own garage, who confirms must; each car confirms an entry once,
    whatever is written with it (L12). What answers something private is private."""
    if kind not in ReplyKind.values:
        raise Invalid({"kind": _("Say how it stands to the entry.")})
    to_private = to is not None and to.private
    may = can_reply(by, entry, kind=kind, private=private, to_private=to_private)
    require(may, _("You cannot answer this entry."))
    hold_entry(entry)
    body = checked_words(body, required=kind != ReplyKind.CONFIRMS)
    car = _car(by, kind, vehicle)
    if sub_question is not None and (sub_question.entry_id != entry.pk or sub_question.closed_at):
        raise Invalid({"sub_question": _("This question is closed or belongs to another entry.")})
    if to is not None and to.entry_id != entry.pk:
        raise Invalid({"to": _("What you answer is under another entry.")})
    try:
        with transaction.atomic():
            reply = Reply.objects.create(
                entry=entry,
                author=by,
                kind=kind,
                body=body,
                html=render(body),
                state=_state_of(by, body),
                sub_question=sub_question,
                to=to,
                entry_version=entry.version,
                words=count_words(body),
                of_staff=by.is_staff,
                private=private or to_private,
                **car,
            )
    except IntegrityError:
        raise Conflict(_("This car confirms it already. Each car counts once."))
    recount(entry)
    record(ReplyWritten(entry_id=entry.pk, reply_id=reply.pk, kind=kind, private=reply.private), by=by)
    _tell_open_pages(reply)
    return reply


def hold_entry(entry: Entry) -> None:
    """What is counted under an entry changes one after the other; and the version that a reply is about is the one now."""
    now = Entry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).values_list("version", flat=True).first()
    entry.version = now or entry.version


def checked_words(body: str, *, required: bool) -> str:
    body = clean_text(body)
    if required and not body.strip():
        raise Invalid({"body": _("There is nothing to read yet. Write a few words.")})
    if len(body) > LONGEST:
        raise Invalid({"body": _("10,000 characters at most.")})
    return body


def _state_of(by: Member, body: str) -> str:
    return PostState.PENDING if wants_a_look(body) and not by.is_staff else PostState.VISIBLE


def _car(by: Member, kind: str, vehicle: Vehicle | int | None) -> dict[str, Any]:
    if kind not in {ReplyKind.CONFIRMS, ReplyKind.DIFFERS} or vehicle is None:
        if kind == ReplyKind.CONFIRMS:
            raise Invalid({"vehicle": _("Say with which car of yours you saw it.")})
        return {}
    number = vehicle.pk if isinstance(vehicle, Vehicle) else vehicle
    car = in_garage(by).filter(pk=number).first()
    if car is None:
        raise Invalid({"vehicle": _("Choose one of your own cars.")})
    return {"vehicle": car, "model": car.model_name[:60], "software": (car.version_now or "")[:40]}


def recount(entry: Entry) -> None:
    """How many replies may be read, and how many cars confirm; the row of the entry is held by the caller."""
    shown = Reply.objects.filter(entry=entry, state=PostState.VISIBLE, private=False)
    Entry.objects.filter(pk=entry.pk).update(
        reply_count=shown.count(), car_count=shown.filter(kind=ReplyKind.CONFIRMS).count()
    )


def _tell_open_pages(reply: Reply) -> None:
    if not reply.private:
        push(f"entry:{reply.entry_id}", "reply.changed", reply.pk)


@transaction.atomic
def edit_reply(*, by: Member, reply: Reply, body: str, revision: int | None = None) -> Reply:
    """Other words. For ten minutes nobody needs to know; afterwards the old ones stay to be looked up."""
    require(can_edit_reply(by, reply), _("You can edit your own answers only."))
    body = checked_words(body, required=reply.kind != ReplyKind.CONFIRMS)
    state = _state_of(by, body)
    hold_entry(reply.entry)
    seen = revision or reply.revision
    late = timezone.now() - reply.at > FREE
    values: dict[str, Any] = {"edited_at": timezone.now()} if late else {}
    if state == PostState.PENDING:
        values |= {"state": state, "pinned": False}
    here = Reply.objects.filter(pk=reply.pk, revision=seen, state__in=[PostState.VISIBLE, PostState.PENDING])
    before = reply.body
    if not here.update(body=body, html=render(body), words=count_words(body), revision=F("revision") + 1, **values):
        raise Conflict(_("This answer was changed elsewhere in the meantime. Compare before you save."))
    if late:
        ReplyRevision.objects.create(reply=reply, number=seen, body=before)
    recount(reply.entry)
    record(ReplyEdited(entry_id=reply.entry_id, reply_id=reply.pk), by=by)
    reply.refresh_from_db()
    _tell_open_pages(reply)
    return reply


@transaction.atomic
def remove_reply(*, by: Member, reply: Reply) -> Reply:
    """Take the own answer back, also a confirmation when the text says something else by now (L9)."""
    require(can_remove_reply(by, reply), _("You can take back your own answers only."))
    _step(reply, PostState.REMOVED, seen=[PostState.VISIBLE, PostState.PENDING])
    record(ReplyRemoved(entry_id=reply.entry_id, reply_id=reply.pk), by=by)
    return reply


@transaction.atomic
def moderate_reply(*, by: Member, reply: Reply, hide: bool, reason: str = "") -> Reply:
    """Hide an answer, with a reason, or let it be read."""
    require(can_moderate(by), _("Only moderators do that."))
    reason = clean_line(reason)[:300]
    if hide and not reason:
        raise Invalid({"reason": _("Say why. The writer reads it.")})
    if hide:
        _step(reply, PostState.HIDDEN, seen=[PostState.VISIBLE, PostState.PENDING], reason=reason)
    else:
        _step(reply, PostState.VISIBLE, seen=[PostState.PENDING, PostState.HIDDEN], reason="")
    record(ReplyModerated(entry_id=reply.entry_id, reply_id=reply.pk, state=reply.state), by=by)
    return reply


def _step(reply: Reply, to: str, *, seen: list[str], **values: Any) -> None:
    hold_entry(reply.entry)
    if to != PostState.VISIBLE:
        values["pinned"] = False
    if not Reply.objects.filter(pk=reply.pk, state__in=seen).update(state=to, **values):
        raise Conflict(_("This answer is no longer where you saw it."))
    recount(reply.entry)
    reply.refresh_from_db()
    _tell_open_pages(reply)
