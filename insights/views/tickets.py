"""One ticket, and what is done to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.forum.models import Passage, Report, Thread, Topic
from tasks.models import Quote

from ..actions.audit import content_of
from ..actions.tickets import add_evidence, add_note, move_ticket, promote
from ..enums import TicketState
from ..forms.tickets import MoveForm, NoteForm, PromoteForm
from ..models import Ticket, TicketEvidence
from ..queries.outcomes import public_labels
from ..queries.quotes import quotes_seen_by
from ..queries.rooms import results_seen_by
from ..queries.surveys import shares_of, surveys_seen_by
from ..rules.states import PUBLIC_STATUS, SYSTEM_ONLY, moves_from
from ..rules.tickets import can_distil, can_move, can_promote, can_read_evidence, can_work_on
from .doors import refuse_into, staff_page, ticket_or_404


def _moves(user: Any, ticket: Ticket) -> list[TicketState]:
    return [
        state
        for state in moves_from(ticket.kind, ticket.state)
        if state not in SYSTEM_ONLY and can_move(user, ticket, state) is True
    ]


def _with_citations(findings: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Findings with where their citations lead: reports to threads, surveys to their tasks, quotes to their entries."""
    reports = {pk for row in findings for pk in row["reports"]}
    threads = dict(Report.objects.filter(pk__in=reports).values_list("pk", "thread"))
    tasks = surveys_seen_by(user).in_bulk({pk for row in findings for pk in row.get("surveys", [])})
    quotes = quotes_seen_by(user).in_bulk({pk for row in findings for pk in row.get("quotes", [])})
    rooms = results_seen_by(user).in_bulk({pk for row in findings for pk in row.get("rooms", [])})
    return [
        {
            "text": row["text"],
            "cited": [(pk, threads.get(pk)) for pk in row["reports"]],
            "surveys": [tasks[pk] for pk in row.get("surveys", []) if pk in tasks],
            "quotes": [(pk, quotes.get(pk)) for pk in row.get("quotes", [])],
            "rooms": [rooms[pk] for pk in row.get("rooms", []) if pk in rooms],
        }
        for row in findings
    ]


def _rows(ticket: Ticket, user: Any) -> list[TicketEvidence]:
    """What it rests on. A quote whose words are withdrawn leads nowhere, and its paraphrase stays (L8); one of a round of coding
    in which this person still reads says nothing yet."""
    rows = list(
        ticket.evidence.select_related(
            "thread", "topic", "passage__post", "task", "quote__entry__call__task", "room_result__workshop"
        )
    )
    quotes = [row.quote_id for row in rows if row.quote_id]
    known = set(Quote.objects.visible_to(user).filter(pk__in=quotes).values_list("pk", flat=True)) if quotes else set()
    seen = set(quotes_seen_by(user).filter(pk__in=quotes).values_list("pk", flat=True)) if quotes else set()
    for row in rows:
        row.quote_known = row.quote_id in known
        row.quote_reads = row.quote_id in seen and bool(row.quote.words)
    return rows


def _page(request: HttpRequest, ticket: Ticket, **more: Any) -> dict[str, Any]:
    distilled = ticket.distilled_reports.select_related("signed_by", "written_by", "hypothesis_by").first()
    reads = can_read_evidence(request.user, ticket)
    return {
        "section": "desk",
        "ticket": ticket,
        "distilled": distilled,
        "findings": _with_citations(distilled.findings, request.user) if distilled else [],
        "rows": _rows(ticket, request.user),
        "snapshots": list(ticket.snapshots.all()) if reads else [],
        "may_read_evidence": reads,
        "moves": _moves(request.user, ticket),
        "transitions": ticket.transitions.select_related("by"),
        "notes": ticket.notes.select_related("by") if can_work_on(request.user, ticket) else [],
        "may_work": can_work_on(request.user, ticket),
        "may_distil": can_distil(request.user),
        "may_promote": can_promote(request.user),
        "note_form": NoteForm(initial={"op_id": uuid.uuid4()}),
        "public_labels": public_labels(ticket),
        "offers": ticket.offers.select_related("member", "release__version", "report__thread"),
        "releases": [row.release for row in ticket.answers.select_related("release__version")],
        **more,
    }


@staff_page
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Three parts, evidence, moves, notes, history."""
    return render(request, "insights/tickets/ticket.html", _page(request, ticket_or_404(request.user, pk)))


@staff_page
def move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """One move with the fields that it needs."""
    found = ticket_or_404(request.user, pk)
    if to not in TicketState.values:
        raise Http404
    form = MoveForm(request.POST or None, ticket=found, to=TicketState(to), by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            move_ticket(by=request.user, ticket=found, **{**form.values(), "to": to})
        except Refused as refused:
            refuse_into(form, refused)
            found = ticket_or_404(request.user, pk)
        else:
            messages.success(request, _("%(ref)s: %(state)s.") % {"ref": found.ref, "state": found.get_state_display()})
            return redirect("ticket", pk=pk)
    context = {
        "section": "desk",
        "ticket": found,
        "to": TicketState(to),
        "public_status": PUBLIC_STATUS[TicketState(to)],
        "form": form,
        "may": can_move(request.user, found, to),
        "possible": TicketState(to) in moves_from(found.kind, found.state),
    }
    return render(request, "insights/tickets/move.html", context, status=422 if request.method == "POST" else 200)


@staff_page
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note between colleagues."""
    found = ticket_or_404(request.user, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            add_note(by=request.user, ticket=found, body=form.cleaned_data["body"], op_id=form.cleaned_data["op_id"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect("ticket", pk=pk)
    return render(request, "insights/tickets/ticket.html", {**_page(request, found), "note_form": form}, status=422)


@staff_page
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze what is known now as the next snapshot."""
    found = ticket_or_404(request.user, pk)
    snapshot = add_evidence(by=request.user, ticket=found)
    messages.success(request, _("Snapshot %(number)s is frozen.") % {"number": snapshot.number})
    return redirect("ticket_evidence", pk=pk, number=snapshot.number)


@staff_page
def evidence(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One frozen copy, to be read by people."""
    found = ticket_or_404(request.user, pk)
    snapshot = found.snapshots.filter(number=number).first()
    if snapshot is None or not can_read_evidence(request.user, found):
        raise Http404
    known = content_of(snapshot)
    context = {
        "section": "desk",
        "ticket": found,
        "snapshot": snapshot,
        "known": known,
        "surveys": [
            {**survey, "questions": [{**row, "shares": shares_of(row)} for row in survey["questions"]]}
            for survey in known.get("surveys", [])
        ],
        "quotes": _with_words(known.get("quotes", []), request.user),
        "rooms": known.get("rooms", []),
        "bytes": len(snapshot.canonical.encode()),
        "snapshots": found.snapshots.order_by("number"),
    }
    return render(request, "insights/tickets/evidence.html", context)


def _with_words(frozen: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Frozen quotes, each with its words as long as their author lets colleagues read them."""
    there = quotes_seen_by(user).in_bulk([row["id"] for row in frozen])
    return [{"frozen": row, "words": there[row["id"]].words if row["id"] in there else ""} for row in frozen]


def _numbers(request: HttpRequest, name: str) -> list[int]:
    said = [*request.GET.getlist(name), *request.POST.getlist(name)]
    return [int(number) for number in said if number.isascii() and number.isdigit() and len(number) < 19]


@staff_page
def promotion(request: HttpRequest) -> HttpResponse:
    """`/desk/promote/?thread=1&topic=2&passage=3&task=4&quote=5&result=6`: what a new ticket would rest on, and the few words it needs."""
    if not can_promote(request.user):
        raise Http404
    things: dict[str, list[Any]] = {
        "threads": list(Thread.objects.visible_to(request.user).filter(pk__in=_numbers(request, "thread"))),
        "topics": list(Topic.objects.visible_to(request.user).filter(pk__in=_numbers(request, "topic"))),
    }
    passages = Passage.objects.visible_to(request.user).filter(pk__in=_numbers(request, "passage"))
    passages = list(passages.select_related("post__thread"))
    surveys = list(surveys_seen_by(request.user).filter(pk__in=_numbers(request, "task")))
    quotes = list(quotes_seen_by(request.user).filter(pk__in=_numbers(request, "quote")))
    results = list(results_seen_by(request.user).filter(pk__in=_numbers(request, "result")))
    form = PromoteForm(request.POST or None, initial={"kind": "defect", "op_id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            made = promote(
                by=request.user, **things, evidence=[*passages, *surveys, *quotes, *results], **form.cleaned_data
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Ticket %(ref)s is made, its evidence is frozen.") % {"ref": made.ref})
            return redirect("ticket", pk=made.pk)
    held = Ticket.objects.visible_to(request.user).filter(
        Q(evidence__thread__in=things["threads"])
        | Q(evidence__topic__in=things["topics"])
        | Q(evidence__task__in=surveys)
        | Q(evidence__quote__in=quotes)
        | Q(evidence__room_result__in=results)
    )
    context = {
        "section": "desk",
        "form": form,
        "held": held.distinct(),
        "passages": passages,
        "surveys": surveys,
        "quotes": quotes,
        "results": results,
        "anything": any([*things.values(), passages, surveys, quotes, results]),
        **things,
    }
    return render(request, "insights/tickets/promote.html", context, status=422 if request.method == "POST" else 200)
