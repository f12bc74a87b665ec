"""What the brand says in public: a status with a sentence, and answers in the thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import OfficialStatus, PostKind, RiverStage
from ..facts import OfficialStatusSet, PostWritten
from ..models import Post, Report, Thread, Topic
from ..rules.posts import can_answer_officially
from .stages import reach
from .writing import add_post, checked_body, hold_threads, touch_thread

ACCEPTED = {
    OfficialStatus.ACCEPTED,
    OfficialStatus.WORKING,
    OfficialStatus.NEED_INFO,
    OfficialStatus.NOT_REPRODUCED,
    OfficialStatus.BETA,
}
ENDED = {OfficialStatus.RELEASED, OfficialStatus.KEPT, OfficialStatus.ADOPTED, OfficialStatus.SHOWN}
BY_OWNERS_ONLY = {OfficialStatus.FIRST_CONFIRMED, OfficialStatus.NOT_CONFIRMED, OfficialStatus.VERIFIED}


@transaction.atomic
def set_official_status(
    *, by: Member | None, status: str, note: str = "", threads: Iterable[Thread] = (), topics: Iterable[Topic] = ()
) -> None:
    """Set the public status of threads and topics, and move the river. `by` None is the system speaking from owners' words.

    What owners decide (confirmed, not solved, verified) is refused to every person.
    """
    if by is not None:
        require(can_answer_officially(by), _("Only staff who answer for the brand set the official status."))
        require(status not in BY_OWNERS_ONLY, _("Only owners can say that it is solved."))
    if status not in OfficialStatus.values:
        raise Invalid({"status": _("There is no such status.")})
    note, threads = clean_line(note)[:300], list(threads)
    hold_threads(thread.pk for thread in threads)
    for thread in threads:
        _set_on_thread(by, thread, status, note)
    for topic in topics:
        _set_on_topic(by, topic, status, note)


def _stages_for(status: str) -> list[RiverStage]:
    if status in ACCEPTED:
        return [RiverStage.ACCEPTED]
    if status in ENDED:
        return [RiverStage.ACCEPTED, RiverStage.RELEASED]
    if status == OfficialStatus.FIRST_CONFIRMED or status == OfficialStatus.VERIFIED:
        return [RiverStage.VERIFIED]
    return []


def _set_on_thread(by: Member | None, thread: Thread, status: str, note: str) -> None:
    Thread.objects.filter(pk=thread.pk).update(
        official_status=status,
        official_note=note,
        official_at=timezone.now(),
    )
    touch_thread(thread)
    report = Report.objects.filter(thread=thread).first()
    if report:
        for stage in _stages_for(status):
            reach(stage, report=report)
    record(
        OfficialStatusSet(
            thread_id=thread.pk, report_id=report.pk if report else None, topic_id=None, status=status, note=note
        ),
        by=by,
    )
    push(f"thread:{thread.pk}", "thread.changed", thread.pk)


def _set_on_topic(by: Member | None, topic: Topic, status: str, note: str) -> None:
    Topic.objects.filter(pk=topic.pk).update(
        official_status=status,
        official_note=note,
        official_at=timezone.now(),
        version=F("version") + 1,
        changed_at=timezone.now(),
    )
    for stage in _stages_for(status):
        reach(stage, topic=topic)
    record(OfficialStatusSet(thread_id=None, report_id=None, topic_id=topic.pk, status=status, note=note), by=by)
    push(f"topic:{topic.pk}", "topic.changed", topic.pk)


@once(Post)
@transaction.atomic
def answer_officially(*, by: Member, thread: Thread, body: str, uploads: Sequence[int] = ()) -> Post:
    """Answer in the name of the brand, marked as official."""
    require(can_answer_officially(by), _("Only staff answer for the brand."))
    post = add_post(thread=thread, author=by, body=checked_body(body), kind=PostKind.OFFICIAL, uploads=uploads)
    record(PostWritten(thread_id=thread.pk, post_id=post.pk, number=post.number, kind=post.kind), by=by)
    return post
