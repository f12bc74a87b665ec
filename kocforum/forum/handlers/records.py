"""Who hears of reports: tellers of answers to theirs, operators of what cannot wait."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all

from ..facts import ReportCorroborated, ReportHeld
from ..models import Post, Report
from ..queries.audience import muted_by, operators, stands


@on(ReportCorroborated)
def tell_the_teller(told: ReportCorroborated, row: Any) -> None:
    """The first teller hears of every owner, counted together while unread."""
    teller = Report.objects.values_list("thread__author_id", flat=True).get(pk=told.report_id)
    if teller in {row.by_id, None} or not stands(told.post_id) or muted_by(told.thread_id, teller):
        return
    number = Post.objects.values_list("number", flat=True).get(pk=told.post_id)
    params = {"thread": told.thread_id, "number": number, "by": row.by_id}
    notify_all(members=[teller], kind="corroborated", object_id=told.report_id, params=params, fact_id=row.pk)


@on(ReportHeld)
def alert_operators(told: ReportHeld, row: Any) -> None:
    """Somebody was hurt, or there was fire: everyone who can decide hears of it, in the inbox and by letter."""
    opening = Post.objects.values_list("pk", flat=True).get(thread=told.thread_id, number=1)
    notify_all(members=operators(), kind="held", object_id=told.report_id, params={"post": opening}, fact_id=row.pk)
