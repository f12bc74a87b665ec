"""Who hears of answers in a thread: who is answered, who follows."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all

from ..enums import OfficialStatus, PostKind
from ..facts import OfficialStatusSet, PostWritten, VerificationTold
from ..models import Post, Report
from ..queries.audience import followers_of, hosts_of, muted_by, participants_of, stands


@on(PostWritten)
def tell_of_an_answer(told: PostWritten, row: Any) -> None:
    """Who is answered hears that; everybody else who follows, that there is more. Nobody both, nobody of the own words."""
    if not stands(told.post_id):
        return
    params = {"thread": told.thread_id, "number": told.number, "by": row.by_id}
    answered = Post.objects.filter(pk=told.reply_to_post_id).values_list("author_id", flat=True).first()
    if answered in {row.by_id, None} or muted_by(told.thread_id, answered):
        answered = None
    if answered:
        notify_all(members=[answered], kind="reply", object_id=told.post_id, params=params, fact_id=row.pk)
    kind = "official" if told.kind == PostKind.OFFICIAL else "follow"
    others = [member for member in followers_of(told.thread_id) if member not in {row.by_id, answered}]
    notify_all(members=others, kind=kind, object_id=told.thread_id, params=params, fact_id=row.pk)


@on(VerificationTold)
def tell_of_a_verification(told: VerificationTold, row: Any) -> None:
    """Followers of the thread, and the hosts of the topics that hold the report."""
    if not stands(told.post_id):
        return
    number = Post.objects.values_list("number", flat=True).get(pk=told.post_id)
    params = {
        "thread": told.thread_id,
        "number": number,
        "by": row.by_id,
        "version": told.version,
    }
    members = [pk for pk in {*followers_of(told.thread_id), *hosts_of(told.report_id)} if pk != row.by_id]
    notify_all(members=members, kind="verified", object_id=told.report_id, params=params, fact_id=row.pk)


@on(OfficialStatusSet)
def tell_of_a_status(told: OfficialStatusSet, row: Any) -> None:
    """Whoever took part in the thread: teller, corroborators, followers; each once."""
    if told.thread_id is None or told.status == OfficialStatus.NONE:
        return
    members = [pk for pk in participants_of(told.thread_id, _report_of(told)) if pk != row.by_id]
    notify_all(members=members, kind="status", object_id=told.thread_id, params={"status": told.status}, fact_id=row.pk)


def _report_of(told: OfficialStatusSet) -> Report | None:
    return Report.objects.select_related("thread").filter(pk=told.report_id).first() if told.report_id else None
