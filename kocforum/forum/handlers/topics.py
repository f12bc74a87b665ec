"""Who hears of topics: who is invited, appointed, linked, asked, answered."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all, withdraw

from ..facts import HostAppointed, HostInvited, InvitationDeclined, QuestionAnswered, QuestionAsked, ReportLinked
from ..models import HostInvitation, Post, Question, Report


@on(HostInvited)
def invite(told: HostInvited, row: Any) -> None:
    """The first teller is asked to host."""
    invitation = HostInvitation.objects.values_list("pk", flat=True).get(report=told.report_id)
    notify_all(members=[told.member_id], kind="host_invited", object_id=invitation, params={}, fact_id=row.pk)


@on(InvitationDeclined)
def forget_an_invitation(told: InvitationDeclined, row: Any) -> None:
    """An invitation that was answered invites no more."""
    for pk in HostInvitation.objects.filter(report=told.report_id).values_list("pk", flat=True):
        withdraw(kind="host_invited", object_id=pk)


@on(HostAppointed)
def tell_a_host(told: HostAppointed, row: Any) -> None:
    """Unless one made oneself the host."""
    if told.member_id != row.by_id:
        notify_all(
            members=[told.member_id],
            kind="host_appointed",
            object_id=told.topic_id,
            params={"by": row.by_id},
            fact_id=row.pk,
        )


@on(ReportLinked)
def tell_whose_report_was_linked(told: ReportLinked, row: Any) -> None:
    """The teller hears that the own report is part of something."""
    teller = Report.objects.values_list("thread__author_id", flat=True).get(pk=told.report_id)
    if teller != row.by_id:
        notify_all(members=[teller], kind="linked", object_id=told.topic_id, params={}, fact_id=row.pk)


@on(QuestionAsked)
def hand_on_a_question(told: QuestionAsked, row: Any) -> None:
    """Whoever is asked, unless the host asks herself."""
    if told.member_id != row.by_id:
        params = {"by": row.by_id}
        notify_all(members=[told.member_id], kind="question", object_id=told.question_id, params=params, fact_id=row.pk)


@on(QuestionAnswered)
def hand_on_an_answer(told: QuestionAnswered, row: Any) -> None:
    """The host hears; the question itself is no news any more."""
    withdraw(kind="question", object_id=told.question_id)
    asker = Question.objects.values_list("asked_by_id", flat=True).get(pk=told.question_id)
    if asker != row.by_id:
        thread, number = Post.objects.values_list("thread_id", "number").get(pk=told.post_id)
        params = {"thread": thread, "number": number, "by": row.by_id}
        notify_all(members=[asker], kind="question_answered", object_id=told.question_id, params=params, fact_id=row.pk)
