"""Minutes of a room: drafted when it ends, confirmed or objected to, corrected, signed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..enums import MinutesVerdict
from ..facts import MinutesAnswered, MinutesCorrected, MinutesDrafted, MinutesSigned, ObjectionAnswered
from ..models import Minutes, MinutesAnswer, Workshop
from ..queries.minutes import answers_of
from ..queries.presence import who_came
from ..rules.minutes import can_answer_minutes, can_correct_minutes, can_sign_minutes
from .room_results import write_results

TIME_TO_ANSWER = timedelta(hours=72)
TIME_AFTER_A_CORRECTION = timedelta(hours=24)
LONGEST_REMARKS = 4000


@transaction.atomic
def draft_minutes(*, workshop: Workshop) -> Minutes:
    """Once, when the room is over: the minutes wait for an answer, and what it left to be done is written down."""
    now = timezone.now()
    minutes, new = Minutes.objects.get_or_create(
        workshop=workshop, defaults={"drafted_at": now, "due_at": now + TIME_TO_ANSWER}
    )
    if new:
        write_results(workshop=workshop)
        record(MinutesDrafted(task_id=workshop.task_id), by=None)
        _tell(workshop)
    return minutes


@transaction.atomic
def answer_minutes(*, by: Member, minutes: Minutes, verdict: str, text: str = "") -> MinutesAnswer:
    """Confirm, or say how it was. Until they are signed one may say it anew; what a host replied to another word goes with it."""
    held = _hold(minutes)
    require(can_answer_minutes(by, held), _("Only those who were in the room answer its minutes."))
    text = clean_line(text)[:1000]
    if verdict not in MinutesVerdict.values:
        raise Invalid({"verdict": _("Confirm it, or say how it was.")})
    if verdict == MinutesVerdict.OBJECT and not text:
        raise Invalid({"text": _("Say how it was.")})
    said = {"version": held.version, "verdict": verdict, "text": text, "reply": "", "reply_by": None}
    answer, _new = MinutesAnswer.objects.update_or_create(
        minutes=held, member=by, defaults={**said, "at": timezone.now()}
    )
    record(MinutesAnswered(task_id=held.workshop.task_id, member_id=by.pk, verdict=verdict), by=by)
    _tell(held.workshop)
    return answer


@transaction.atomic
def correct_minutes(*, by: Member, minutes: Minutes, remarks: str, version: int) -> Minutes:
    """The hosts' remarks, from the version that was seen. Everybody has a day to read the new one."""
    held = _hold(minutes)
    require(can_correct_minutes(by, held), _("Only the hosts correct the minutes."))
    remarks = clean_text(remarks).strip()[:LONGEST_REMARKS]
    if held.version != version:
        raise Conflict(_("A colleague changed the remarks meanwhile. Your text is still here."))
    if remarks == held.remarks:
        return held
    due = max(held.due_at, timezone.now() + TIME_AFTER_A_CORRECTION)
    Minutes.objects.filter(pk=held.pk).update(remarks=remarks, version=F("version") + 1, due_at=due)
    held.refresh_from_db()
    record(MinutesCorrected(task_id=held.workshop.task_id, version=held.version), by=by)
    _tell(held.workshop)
    return held


@transaction.atomic
def reply_to_objection(*, by: Member, answer: MinutesAnswer, reply: str) -> MinutesAnswer:
    """What a host says to an objection; both stay in the minutes."""
    held = _hold(answer.minutes)
    require(can_correct_minutes(by, held), _("Only the hosts correct the minutes."))
    reply = clean_line(reply)[:1000]
    if not reply:
        raise Invalid({"reply": _("Say something to it.")})
    here = MinutesAnswer.objects.filter(pk=answer.pk, verdict=MinutesVerdict.OBJECT, text=answer.text)
    if not here.update(reply=reply, reply_by=by):
        raise Conflict(_("Somebody has changed it since."))
    answer.refresh_from_db()
    record(ObjectionAnswered(task_id=held.workshop.task_id, member_id=answer.member_id), by=by)
    _tell(held.workshop)
    return answer


@transaction.atomic
def sign_minutes(*, by: Member, minutes: Minutes) -> Minutes:
    """A host signs, once everybody has answered."""
    held = _hold(minutes)
    require(
        can_sign_minutes(by, held, len(answers_of(held, by.pk, who_came(held.workshop)).missing)),
        _("Only the hosts sign the minutes."),
    )
    return _sign(held, by)


def sign_due() -> int:
    """Minutes whose time to answer has passed and to which nobody objects any more. Returns how many."""
    return sum(_sign_in_time(pk) for pk in list(Minutes.objects.due_to_sign().values_list("pk", flat=True)))


@transaction.atomic
def _sign_in_time(pk: int) -> bool:
    held = _hold(Minutes(pk=pk))
    if not Minutes.objects.due_to_sign().filter(pk=pk).exists():
        return False
    _sign(held, None)
    return True


def _sign(minutes: Minutes, by: Member | None) -> Minutes:
    Minutes.objects.filter(pk=minutes.pk).update(signed_at=timezone.now(), signed_by=by)
    minutes.refresh_from_db()
    record(MinutesSigned(task_id=minutes.workshop.task_id), by=by)
    _tell(minutes.workshop)
    return minutes


def _hold(minutes: Minutes) -> Minutes:
    """Answers, corrections and signing take their turn: nothing is signed past an objection that is being written."""
    rows = Minutes.objects.select_for_update(of=("self",)).select_related("workshop__task")
    return rows.get(pk=minutes.pk)


def _tell(workshop: Workshop) -> None:
    push(f"room:{workshop.pk}", "room.minutes", workshop.pk)
