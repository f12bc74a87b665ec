"""What a ticket is about in the forum: its threads, topics, reports, and the people who told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kocforum.forum.models import Report, Thread, Topic, TopicLink

from ..enums import TicketState
from ..models import Ticket, TicketEvidence

OVER = (TicketState.DECLINED, TicketState.MERGED, TicketState.CLOSED_NO_ACTION)
MOST_CHOICES = 200


def topics_of(ticket: Ticket) -> QuerySet[Topic]:
    """The topics that a ticket rests on."""
    return Topic.objects.filter(pk__in=ticket.evidence.filter(topic__isnull=False).values("topic")).order_by("pk")


def threads_of(ticket: Ticket) -> QuerySet[Thread]:
    """Every thread whose public status follows the ticket: its own, those of its topics' reports, those of its passages."""
    linked = TopicLink.objects.filter(topic__in=topics_of(ticket).values("pk"), unlinked_at__isnull=True)
    return (
        Thread.objects.filter(
            Q(pk__in=ticket.evidence.filter(thread__isnull=False).values("thread"))
            | Q(pk__in=linked.values("report__thread"))
            | Q(pk__in=ticket.evidence.filter(passage__isnull=False).values("passage__post__thread"))
        )
        .distinct()
        .order_by("pk")
    )


def reports_of_ticket(ticket: Ticket) -> QuerySet[Report]:
    """The counted reports among them, the earliest first."""
    return Report.objects.counted().filter(thread__in=threads_of(ticket).order_by().values("pk")).order_by("pk")


def tickets_of_report(report: Report) -> QuerySet[Ticket]:
    """Tickets that rest on a report: on its thread, a topic that holds it, or a passage of its thread."""
    return tickets_of_thread(report.thread_id)


def tickets_of_thread(thread_id: int) -> QuerySet[Ticket]:
    """Tickets that rest on a thread: on itself, a topic that holds its report, or a passage of it."""
    topics = TopicLink.objects.filter(report__thread=thread_id, unlinked_at__isnull=True).values("topic")
    rests = TicketEvidence.objects.filter(
        Q(thread=thread_id) | Q(topic__in=topics) | Q(passage__post__thread=thread_id)
    )
    return Ticket.objects.filter(pk__in=rests.values("ticket")).order_by("pk")


def tickets_to_ask_about(user: Any) -> list[tuple[int, str]]:
    """Tickets that this colleague may see and that are not closed, the last moved first, in words."""
    rows = Ticket.objects.visible_to(user).exclude(state__in=OVER).order_by("-moved_at", "-pk")
    return [(pk, f"{ref} {title}") for pk, ref, title in rows.values_list("pk", "ref", "title")[:MOST_CHOICES]]


def reports_seen_under(user: Any, pk: int) -> QuerySet[Report] | None:
    """The counted reports under one of them."""
    ticket = Ticket.objects.visible_to(user).filter(pk=pk).first()
    return reports_of_ticket(ticket) if ticket else None
