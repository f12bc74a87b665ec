"""`/desk/tasks/…/coding/…/`: one entry with the marks on it, read by the codebook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Conflict, Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.links import links_for

from ..actions.coding import apply_code, drop_span, mark_read, take_quote
from ..forms.coding import MarkForm
from ..models import Codebook, Entry, Span
from ..queries.coding import edited_since, marks_on, reading_of
from ..queries.coding_text import pieces_of
from ..queries.quotes import quoted_marks
from ..rules.coding import can_code, can_quote, coder_of
from .coding import book_or_404, coder_or_404, round_or_404, to_round
from .doors import number_in, unindexed


@staff_page
@require_safe
def entry(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """One entry with the marks of a round on it."""
    book = book_or_404(request, pk)
    return _page(request, book, entry, round_or_404(request.GET.get("round"), book))


def _page(
    request: HttpRequest, book: Codebook, entry: int, round: int | None = None, *, status: int = 200, **kept: Any
) -> HttpResponse:
    """The whole page, or for the script the part that a mark changes. `kept`: what was refused, as it was typed."""
    user, round = request.user, book.round if round is None else round
    found = reading_of(book, user, round)
    if entry not in found.texts:
        raise Http404
    order, coder = list(found.texts), coder_of(user, book, round)
    place = order.index(entry)
    before, after = order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None
    text, marks = found.texts[entry], marks_on(found, entry)
    quoted = quoted_marks(found, marks, user)
    codes = book.codes.select_related("theme")
    context = {
        "section": "desk",
        "tab": "tasks",
        "task": book.call.task,
        "book": book,
        "found": found,
        "entry": found.entries[entry],
        "text": text,
        "passages": pieces_of(text.body, marks),
        "rows": [{"mark": mark, "quoted": quoted.get(mark.span.pk)} for mark in marks],
        "lost": [span for span in found.lost if span.version.entry_id == entry],
        "codes": [code for code in codes if code.stood_in(round)],
        "coder": coder,
        "may_code": can_code(user, coder) is True,
        "may_quote": can_quote(user, found.entries[entry]) if marks else False,
        "reads_alone": found.is_present and len(found.coders) == 1 and not found.is_finished,
        "is_edited": coder is not None and entry in edited_since(found, coder),
        "is_done": coder is not None and coder.versions.get(entry) == text.number,
        "back": to_round("coding", book, round),
        "before": to_round("coding_entry", book, round, before) if before else "",
        "after": to_round("coding_entry", book, round, after) if after else "",
        "after_number": after,
        "place": place + 1,
        "count": len(order),
        **kept,
    }
    name = "tasks/coding/_work.html" if request.htmx else "tasks/coding/entry.html"
    return unindexed(render(request, name, context, status=status), book.call.task)


@require_POST
@staff_page
def mark(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Mark a passage, take a mark away, say that the entry is read, take a quote. What is refused stands there as it was typed."""
    book, do = book_or_404(request, pk), request.POST.get("do")
    found = get_object_or_404(
        Entry.objects.visible_to(request.user).select_related("call__task"), pk=entry, call=book.call
    )
    if do == "quote":
        return _quote(request, book, found)
    if do == "apply":
        return _apply(request, book, found)
    if do not in {"drop", "read", "unread"}:
        raise Http404
    try:
        return _leave_or_go_on(request, book, found, do)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("coding_entry", pk=pk, entry=entry)


def _apply(request: HttpRequest, book: Codebook, found: Entry) -> HttpResponse:
    said, coder = request.POST, coder_or_404(request, book)
    form = MarkForm(said, book=book)
    kept = {"code": number_in(said.get("code")), "memo": said.get("memo", "")[:300], "passage": said.get("passage", "")}
    place = {"start": said.get("start", ""), "end": said.get("end", "")}
    try:
        if not form.is_valid():
            raise Refused(next(iter(form.errors.values()))[0])
        apply_code(by=request.user, coder=coder, entry=found, **form.cleaned_data)
    except Conflict as refused:  # the words may stand elsewhere by now: they are chosen anew
        return _page(request, book, found.pk, status=422, refused={"sentence": str(refused), **kept})
    except Refused as refused:
        return _page(request, book, found.pk, status=422, refused={"sentence": str(refused), **kept, **place})
    return _page(request, book, found.pk) if request.htmx else redirect("coding_entry", book.call.task_id, found.pk)


def _leave_or_go_on(request: HttpRequest, book: Codebook, found: Entry, do: str) -> HttpResponse:
    by, coder, pk = request.user, coder_or_404(request, book), book.call.task_id
    if do == "drop":
        own = Span.objects.filter(coder=by, round=coder.round, code__codebook=book, version__entry=found)
        span = get_object_or_404(own.select_related("code"), pk=number_in(request.POST.get("span")))
        drop_span(by=by, coder=coder, span=span)
        return _page(request, book, found.pk) if request.htmx else redirect("coding_entry", pk, found.pk)
    version = number_in(request.POST.get("version")) or None
    mark_read(by=by, coder=coder, entry=found, read=do == "read", version=version)
    after = number_in(request.POST.get("after")) if do == "read" else found.pk
    return redirect("coding_entry", pk, after) if after else redirect("coding", pk)


def _quote(request: HttpRequest, book: Codebook, found: Entry) -> HttpResponse:
    """Words go under a ticket: the quote is taken, and whoever makes tickets goes on."""
    spans = Span.objects.visible_to(request.user).select_related("version__entry__call__task", "code")
    span = get_object_or_404(spans, pk=number_in(request.POST.get("span")), version__entry=found)
    paraphrase = request.POST.get("paraphrase", "")
    try:
        quote = take_quote(by=request.user, span=span, paraphrase=paraphrase)
    except Refused as refused:
        kept = {"span": span.pk, "paraphrase": paraphrase, "sentence": str(refused)}
        return _page(request, book, found.pk, span.round, status=422, unquoted=kept)
    for link in links_for("quote", request.user, quote):
        return redirect(link.url)
    messages.success(request, _("The quote is kept, and its writer is told."))
    return redirect(to_round("coding_entry", book, span.round, found.pk))
