"""What tasks hold about a member, for that member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from ..models import (
    Announcement,
    ClubMembership,
    CrewMember,
    Entry,
    Expense,
    Feedback,
    Incident,
    IncidentAddition,
    Initiative,
    InitiativeReport,
    Memory,
    MinutesAnswer,
    Participation,
    Reply,
    RoomEvent,
    RoomWord,
    Rsvp,
    Seat,
    Statement,
    StatementVote,
    Stay,
    Support,
    TakingDown,
    TrustContest,
    WaiverText,
)
from ..rules.wording import in_words
from .instruments import questionnaire_of
from .respondents import own_response


def what_i_answered(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Tasks that the member took part in, with the own answers."""
    rows = Participation.objects.filter(member=member).select_related("task__survey").order_by("pk")
    return "tasks", (
        {"title": row.task.title, "form": row.task.form, "on": row.on, "answers": _answers(row, member)} for row in rows
    )


def _answers(row: Participation, member: Any) -> list[dict[str, Any]] | str:
    survey = getattr(row.task, "survey", None)
    if survey is None:
        return []
    if survey.is_anonymous:
        return _("Answered anonymously: nobody can tell which answer is yours, also not us.")
    response = own_response(survey, member)
    if response is None:
        return []
    items = questionnaire_of(survey).items
    return [
        {"question": item.text, "answer": in_words(item, response.answers)}
        for item in items
        if item.key in response.answers
    ]


def what_i_did_in_rooms(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Workshops on whose list the member stands, and every step of the member in their rooms."""
    seats = Seat.objects.filter(member=member.pk).select_related("workshop__task").order_by("pk")
    said = RoomWord.objects.filter(author=member.pk, removed_at__isnull=True)
    answers = MinutesAnswer.objects.filter(member=member.pk)
    return "workshops", (
        {
            "title": seat.workshop.task.title,
            "role": seat.role,
            "seat": seat.state,
            "steps": list(
                RoomEvent.objects.filter(workshop=seat.workshop, actor=member.pk).values("seq", "kind", "payload", "at")
            ),
            "stays": list(Stay.objects.filter(workshop=seat.workshop, member=member.pk).values("came_at", "left_at")),
            "words_afterwards": list(said.filter(workshop=seat.workshop).values("kind", "text", "at")),
            "on_the_minutes": list(answers.filter(minutes__workshop=seat.workshop).values("verdict", "text", "at")),
        }
        for seat in seats
    )


def what_i_wrote(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """What the member wrote to calls, given or not, and answered there."""
    return "calls", _of_calls(member)


def _of_calls(member: Any) -> Iterable[dict[str, Any]]:
    for entry in Entry.objects.by(member).select_related("call__task", "manuscript").order_by("pk"):
        manuscript = getattr(entry, "manuscript", None)
        yield {
            "call": entry.call.task.title,
            "title": entry.title,
            "text": entry.body,
            "state": entry.state,
            "given": entry.given_at,
            "not_given_yet": {"title": manuscript.title, "text": manuscript.body} if manuscript else None,
            "may_be_quoted_inside": entry.quote_inside,
            "may_be_quoted_in_public": entry.quote_public,
            "may_be_used_in_advertising": entry.marketing,
        }
    for reply in Reply.objects.filter(author=member.pk).select_related("entry__call__task").order_by("pk"):
        yield {
            "call": reply.entry.call.task.title,
            "answer": reply.body,
            "kind": reply.kind,
            "state": reply.state,
            "at": reply.at,
        }
    for drawn in Statement.objects.filter(by=member.pk).select_related("call__task").order_by("pk"):
        yield {"call": drawn.call.task.title, "statement": drawn.text, "state": drawn.state, "at": drawn.at}
    votes = StatementVote.objects.filter(member=member.pk).select_related("statement__call__task").order_by("pk")
    for vote in votes:
        said = vote.statement
        yield {"call": said.call.task.title, "voted_on": said.text, "vote": vote.vote, "at": vote.at}


def what_i_did_with_owners(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Clubs, initiatives that the member leads or stands in for, places at events, and help at them."""
    return "initiatives", _of_owners(member)


def _of_owners(member: Any) -> Iterable[dict[str, Any]]:
    for one in ClubMembership.objects.filter(member=member.pk).select_related("club").order_by("pk"):
        yield {"club": str(one.club), "since": one.since, "leads": one.club.leader_id == member.pk}
    for one in Initiative.objects.written_by(member).prefetch_related("versions", "asks").order_by("pk"):
        yield {
            "initiative": one.title,
            "role": "proposer" if one.proposer_id == member.pk else "deputy",
            "state": one.state,
            "summary": one.summary,
            "plan": one.plan,
            "asks": [
                {"kind": ask.kind, "what": ask.what, "amount_minor": ask.amount_minor, "currency": ask.currency}
                for ask in one.asks.all()
            ],
            "versions": [version.content for version in one.versions.all()],
        }
    for one in Support.objects.filter(member=member.pk).select_related("initiative").order_by("pk"):
        yield {"stands_behind": one.initiative.title, "kind": one.kind}
    texts = WaiverText.objects.filter(event__rsvps__member=member.pk)
    accepted = {(event, version): words for event, version, words in texts.values_list("event", "sha256", "words")}
    for one in Rsvp.objects.filter(member=member.pk).select_related("event").prefetch_related("scans").order_by("pk"):
        yield {
            "event": one.event.title,
            "state": one.state,
            "party": one.party,
            "answers": one.answers,
            "plate": one.plate,
            "under_18": one.minors,
            "whom_to_call_for_them": {"name": one.guardian, "phone": one.guardian_phone} if one.minors else None,
            "accepted_words_about_risk": accepted.get((one.event_id, one.waived_sha256)),
            "at_the_gate": [
                {"at": scan.happened_at, "result": scan.result, "people": scan.people} for scan in one.scans.all()
            ],
        }
    for one in Feedback.objects.filter(member=member.pk).select_related("event").order_by("pk"):
        yield {"how_it_was": one.event.title, "recommend": one.recommend, "words": one.words, "at": one.at}
    for one in InitiativeReport.objects.filter(by=member.pk).select_related("initiative").order_by("pk"):
        yield {"what_came_of": one.initiative.title, "story": one.story, "lessons": one.lessons, "at": one.at}
    for one in Memory.objects.standing().filter(author=member.pk).select_related("event", "thread").order_by("pk"):
        said = {"words": one.words, "state": one.state, "reason": one.reason, "at": one.at}
        yield {"kept_of": one.event.title, **said, "thread": one.thread.title if one.thread else None}
    for one in TakingDown.objects.filter(by=member.pk).select_related("memory__event").order_by("pk"):
        said = {"words": one.words, "granted": one.granted, "answer": one.answer, "at": one.at}
        yield {"asked_to_take_down_at": one.memory.event.title, **said}
    for one in CrewMember.objects.filter(member=member.pk).select_related("event").order_by("pk"):
        yield {"helps_at": one.event.title, "role": one.role}
    for one in Incident.objects.filter(reporter=member.pk).select_related("event").order_by("pk"):
        yield {
            "incident_at": one.event.title,
            "kind": one.kind,
            "happened_at": one.happened_at,
            "what": one.what,
            "done": one.done,
            "filed_at": one.filed_at,
        }
    for one in IncidentAddition.objects.filter(by=member.pk).select_related("incident__event").order_by("pk"):
        yield {"added_to_incident_at": one.incident.event.title, "words": one.words, "at": one.at}
    for one in Announcement.objects.filter(by=member.pk).select_related("event").order_by("pk"):
        yield {"told_at": one.event.title, "words": one.words, "at": one.at}
    for one in TrustContest.objects.filter(by=member.pk).select_related("initiative").order_by("pk"):
        said = {"promise": one.kind, "words": one.words, "state": one.state, "reason": one.reason, "at": one.at}
        yield {"contested": one.initiative.title, **said}


def what_i_handed_in(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Receipts that the member handed in, with what became of them. The pictures are among the member's uploads."""
    names = (
        "what",
        "note",
        "amount_minor",
        "payee",
        "issued_on",
        "fapiao",
        "state",
        "reason",
        "submitted_at",
        "paid_at",
    )
    rows = Expense.objects.filter(submitter=member.pk).select_related("envelope__initiative").order_by("pk")
    return "expenses", (
        {
            "initiative": row.envelope.initiative.title,
            "currency": row.envelope.currency,
            **{name: getattr(row, name) for name in names},
        }
        for row in rows
    )
