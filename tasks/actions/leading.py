"""The writer of an entry leads the talk under it: pins a reply, asks, closes a question, sums up, says what changed. And what
moderators take down of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.enums import PostState
from kocforum.forum.rules.posts import can_moderate
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..enums import Round
from ..facts import TalkHeld, TalkLed, TalkModerated
from ..models import Entry, Reply, SubQuestion
from ..rules.calls import can_lead
from .content import wants_a_look
from .replies import hold_entry

MOST_QUESTIONS = 12


def _may(by: Member, entry: Entry) -> None:
    require(can_lead(by, entry), _("Only its writer leads the talk under an entry."))


def _led(by: Member, entry: Entry, how: str, *, look_at: str = "") -> None:
    """`look_at`: what of it deserves the look of a moderator. It stands meanwhile: its writer answers for it by name."""
    record(TalkLed(entry_id=entry.pk, how=how), by=by)
    if look_at:
        record(TalkHeld(entry_id=entry.pk, what=look_at), by=by)
    push(f"entry:{entry.pk}", "entry.led", entry.pk)


@transaction.atomic
def pin_reply(*, by: Member, entry: Entry, reply: Reply | None) -> None:
    """Put one reply on top, in place of another; None takes it down."""
    _may(by, entry)
    # Held so that of two pins at once each finds the other's.
    Entry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).values_list("pk").first()
    Reply.objects.filter(entry=entry, pinned=True).update(pinned=False)
    if reply is not None:
        here = Reply.objects.filter(pk=reply.pk, entry=entry, state=PostState.VISIBLE, private=False)
        if not here.update(pinned=True):
            raise Conflict(_("This answer cannot be pinned."))
    _led(by, entry, "pinned")


@once(SubQuestion)
@transaction.atomic
def ask_question(*, by: Member, entry: Entry, text: str) -> SubQuestion:
    """Ask the others something of its own."""
    _may(by, entry)
    hold_entry(entry)
    text = clean_line(text)
    if not 2 <= len(text) <= 200:
        raise Invalid({"question": _("A question has 2 to 200 characters.")})
    look = wants_a_look(text, field="question")
    if SubQuestion.objects.filter(entry=entry, closed_at__isnull=True).count() >= MOST_QUESTIONS:
        raise Conflict(_("%(most)s open questions at most; close what is answered.") % {"most": MOST_QUESTIONS})
    question = SubQuestion.objects.create(entry=entry, text=text, by=by)
    _led(by, entry, "asked", look_at="question" if look else "")
    return question


@transaction.atomic
def close_question(*, by: Member, question: SubQuestion, answer: str) -> SubQuestion:
    """Say where it ended; it takes no more replies."""
    _may(by, question.entry)
    answer = clean_text(answer).strip()
    if not 2 <= len(answer) <= 600:
        raise Invalid({"answer": _("Say in 2 to 600 characters where it ended.")})
    look = wants_a_look(answer, field="answer")
    closed = SubQuestion.objects.filter(pk=question.pk, closed_at__isnull=True)
    if not closed.update(closed_at=timezone.now(), answer=answer):
        raise Conflict(_("This question is closed already."))
    _led(by, question.entry, "closed", look_at="answer" if look else "")
    question.refresh_from_db()
    return question


@transaction.atomic
def sum_up(*, by: Member, entry: Entry, text: str) -> Entry:
    """Where the talk stands, in the writer's words; it stands above the replies."""
    _may(by, entry)
    text, look = _words(text, "summary")
    Entry.objects.filter(pk=entry.pk).update(summary=text, summed_up_at=timezone.now())
    _led(by, entry, "summed_up", look_at="summary" if look else "")
    entry.refresh_from_db()
    return entry


@transaction.atomic
def say_what_changed(*, by: Member, entry: Entry, text: str) -> Entry:
    """In the last round: what the talk changed in the writer's view."""
    _may(by, entry)
    if entry.call.round != Round.CONVERGING:
        raise Conflict(_("This belongs to the last round, when the talk draws together."))
    text, look = _words(text, "change_of_mind")
    Entry.objects.filter(pk=entry.pk).update(change_of_mind=text)
    _led(by, entry, "changed_mind", look_at="change_of_mind" if look else "")
    entry.refresh_from_db()
    return entry


def _words(text: str, field: str) -> tuple[str, bool]:
    text = clean_text(text).strip()
    if len(text) > 2000:
        raise Invalid({field: _("2,000 characters at most.")})
    return text, wants_a_look(text, field=field)


@transaction.atomic
def take_down(*, by: Member, entry: Entry, what: str, question: SubQuestion | None = None, reason: str = "") -> None:
    """A moderator takes down what stands above the talk: `what` is question, summary or change_of_mind. Its writer is told why."""
    require(can_moderate(by), _("Only moderators do that."))
    reason = clean_line(reason)[:300]
    if not reason:
        raise Invalid({"reason": _("Say why. The writer reads it.")})
    if what == "question" and question is not None:
        gone, _rows = SubQuestion.objects.filter(pk=question.pk, entry=entry).delete()
    elif what in {"summary", "change_of_mind"}:
        gone = Entry.objects.filter(pk=entry.pk).exclude(**{what: ""}).update(**{what: ""})
    else:
        raise Invalid({"what": _("There is nothing of that name.")})
    if not gone:
        raise Conflict(_("It is gone already."))
    record(TalkModerated(entry_id=entry.pk, what=what, reason=reason), by=by)
    push(f"entry:{entry.pk}", "entry.led", entry.pk)
