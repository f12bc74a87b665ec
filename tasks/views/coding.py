"""`/desk/tasks/…/coding/`: the codebook, reading by it, agreement and disputes, results, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.links import links_for
from kocforum.ui.refusals import refuse_into

from ..actions.codes import add_code, add_theme, begin_coding_round, codebook_of_call, edit_code
from ..actions.coding import apply_code, begin_coding, drop_span, finish_coding, mark_read, settle, take_quote
from ..actions.exports import export_coding
from ..forms.coding import CodeForm, EditCodeForm, MarkForm, ThemeForm
from ..models import Code, Codebook, Coder, Entry, EntryVersion, Span
from ..queries.coding import (
    Reading,
    agreement_of,
    marks_on,
    pieces_of,
    prevalence_of,
    reading_of,
    saturation_of,
    together_of,
)
from ..rules.coding import can_begin_coding, can_code, can_edit_codebook, can_see_coding, can_settle, coder_of
from .doors import call_or_404, number_in, unindexed


def _book_or_404(request: HttpRequest, pk: int) -> Codebook:
    """The codebook of a call that this colleague may code."""
    found = call_or_404(request.user, pk)
    if not can_see_coding(request.user, found.call):
        raise Http404
    book = codebook_of_call(found.call)
    book.call = found.call
    return book


@staff_page
@require_safe
def coding(request: HttpRequest, pk: int) -> HttpResponse:
    """The codebook, who reads how far, and what it adds up to."""
    return _page(request, _book_or_404(request, pk))


def _page(request: HttpRequest, book: Codebook, *, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    found = reading_of(book, user)
    coder = coder_of(user, book)
    context = {
        "section": "desk",
        "tab": "tasks",
        "task": book.call.task,
        "book": book,
        "found": found,
        "coder": coder,
        "codes": _by_theme(book),
        "code_form": CodeForm(book=book),
        "theme_form": ThemeForm(),
        "may_edit": can_edit_codebook(user, book),
        "may_begin": can_begin_coding(user, book) if coder is None else False,
        "may_settle": can_settle(user, book) is True,
        "may_code": can_code(user, coder) is True,
        **_results(found),
        **forms,
    }
    return unindexed(render(request, "tasks/coding/coding.html", context, status=status), book.call.task)


def _by_theme(book: Codebook) -> list[dict[str, Any]]:
    """Themes with their codes, and at the end the codes without one; each code with its form."""
    codes = list(book.codes.select_related("theme"))
    groups = [*book.themes.all(), None]
    rows = [
        {"theme": theme, "codes": [code for code in codes if code.theme_id == (theme and theme.pk)]} for theme in groups
    ]
    for row in rows:
        for code in row["codes"]:
            initial = {"name": code.name, "memo": code.memo, "theme": code.theme_id, "retired": bool(code.retired_at)}
            code.form = EditCodeForm(book=book, initial=initial, auto_id=f"code-{code.pk}-%s")
    return [row for row in rows if row["theme"] or row["codes"]]


def _results(found: Reading) -> dict[str, Any]:
    """Agreement, prevalence, what stands together, saturation: once everybody who reads has finished."""
    if not found.is_finished:
        return {}
    agreed = agreement_of(found)
    names = {code.pk: code.name for code in found.book.codes.all()}
    return {
        "overall": agreed[0] if agreed else None,
        "agreement": [(names[code], one) for code, one in agreed[1].items()] if agreed else [],
        "prevalence": prevalence_of(found),
        "together": together_of(found),
        "saturation": (saturated := saturation_of(found)),
        "bars": _bars(saturated.new) if saturated else None,
    }


def _bars(new: Sequence[int]) -> dict[str, Any]:
    """New codes by entry as bars of a picture, 60 high."""
    most = max([*new, 1])
    rows = [{"x": 20 * place, "y": 58 - 56 * n // most, "height": 2 + 56 * n // most} for place, n in enumerate(new)]
    return {"width": 20 * len(rows), "rows": rows}


@staff_page
@require_safe
def entry(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """One entry with the marks on it, to be read by the codebook."""
    return _entry_page(request, _book_or_404(request, pk), entry)


def _entry_page(request: HttpRequest, book: Codebook, entry: int, *, status: int = 200) -> HttpResponse:
    found = reading_of(book, request.user)
    if entry not in found.texts:
        raise Http404
    order = list(found.texts)
    place, coder = order.index(entry), coder_of(request.user, book)
    text, marks = found.texts[entry], marks_on(found, entry)
    context = {
        "section": "desk",
        "tab": "tasks",
        "task": book.call.task,
        "book": book,
        "entry": found.entries[entry],
        "text": text,
        "passages": pieces_of(text.body, marks),
        "marks": marks,
        "lost": [span for span in found.lost if span.version.entry_id == entry],
        "codes": book.codes.filter(retired_at__isnull=True).select_related("theme"),
        "coder": coder,
        "may_code": can_code(request.user, coder) is True,
        "is_done": coder is not None and entry in coder.done,
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        "place": place + 1,
        "count": len(order),
    }
    return unindexed(render(request, "tasks/coding/entry.html", context, status=status), book.call.task)


@require_POST
@staff_page
def edit_codebook(request: HttpRequest, pk: int) -> HttpResponse:
    """A code, a theme, another round."""
    book, do, by = _book_or_404(request, pk), request.POST.get("do"), request.user
    form: Any = {"code": CodeForm, "edit": EditCodeForm}.get(do or "", ThemeForm)
    form = form(request.POST, book=book) if do in {"code", "edit"} else form(request.POST)
    try:
        if do == "round":
            begin_coding_round(by=by, book=book, expected=number_in(request.POST.get("expected")))
        elif not form.is_valid():
            raise Refused(next(iter(form.errors.values()))[0])
        elif do == "code":
            add_code(by=by, book=book, **form.cleaned_data)
        elif do == "edit":
            code = get_object_or_404(
                Code.objects.select_related("codebook__call"), pk=number_in(request.POST.get("id")), codebook=book
            )
            edit_code(by=by, code=code, **form.cleaned_data)
        elif do == "theme":
            add_theme(by=by, book=book, **form.cleaned_data)
        else:
            raise Http404
    except Refused as refused:
        if do in {"code", "theme"} and form.is_valid():
            refuse_into(form, refused)
            return _page(request, book, status=422, **{f"{do}_form": form})
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("coding", pk=pk)


@require_POST
@staff_page
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin and finish reading in this round."""
    book, do = _book_or_404(request, pk), request.POST.get("do")
    try:
        if do == "begin":
            begin_coding(by=request.user, book=book)
        elif do == "finish":
            finish_coding(by=request.user, coder=_coder_or_404(request, book))
            messages.success(request, _("You have finished this round."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("coding", pk=pk)


def _coder_or_404(request: HttpRequest, book: Codebook) -> Coder:
    coder = coder_of(request.user, book)
    if coder is None:
        raise Http404
    return coder


@require_POST
@staff_page
def mark(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Mark a passage, take a mark away, say that the entry is read, take a quote."""
    book, do = _book_or_404(request, pk), request.POST.get("do")
    found = get_object_or_404(
        Entry.objects.visible_to(request.user).select_related("call__task"), pk=entry, call=book.call
    )
    try:
        if do == "quote":
            return _quote(request, found)
        after = _mark(request, book, found, do or "")
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("coding_entry", pk=pk, entry=entry)
    return redirect("coding_entry", pk=pk, entry=after) if after else redirect("coding", pk=pk)


def _mark(request: HttpRequest, book: Codebook, found: Entry, do: str) -> int:
    """The entry to go on with; 0 after the last."""
    by, coder = request.user, _coder_or_404(request, book)
    if do == "apply":
        form = MarkForm(request.POST, book=book)
        if not form.is_valid():
            raise Refused(next(iter(form.errors.values()))[0])
        apply_code(by=by, coder=coder, entry=found, **form.cleaned_data)
    elif do == "drop":
        drop_span(by=by, coder=coder, span=get_object_or_404(Span, pk=number_in(request.POST.get("span")), coder=by))
    elif do in {"read", "unread"}:
        mark_read(by=by, coder=coder, entry=found, read=do == "read")
        return number_in(request.POST.get("after")) if do == "read" else found.pk
    else:
        raise Http404
    return found.pk


def _quote(request: HttpRequest, found: Entry) -> HttpResponse:
    """Words go under a ticket: the quote is taken, and whoever makes tickets goes on."""
    spans = Span.objects.visible_to(request.user).select_related("version__entry__call__task", "code")
    span = get_object_or_404(spans, pk=number_in(request.POST.get("span")), version__entry=found)
    quote = take_quote(by=request.user, span=span, paraphrase=request.POST.get("paraphrase", ""))
    for link in links_for("quote", request.user, quote):
        return redirect(link.url)
    messages.success(request, _("The quote is kept, and its writer is told."))
    return redirect("coding_entry", pk=found.call.task_id, entry=found.pk)


@require_POST
@staff_page
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """A third person says whether a code applies."""
    book, said = _book_or_404(request, pk), request.POST
    version = get_object_or_404(EntryVersion, pk=number_in(said.get("version")), entry__call=book.call)
    code = get_object_or_404(Code, pk=number_in(said.get("code")), codebook=book)
    try:
        settle(
            by=request.user,
            book=book,
            version=version,
            code=code,
            start=number_in(said.get("start")),
            applies=said.get("do") == "applies",
            note=said.get("note", ""),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("coding", pk=pk)


@staff_page
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Codes and passages as a file: `?as=md`, `csv` or `qdpx`."""
    book = _book_or_404(request, pk)
    try:
        file = export_coding(by=request.user, call=book.call, kind=request.GET.get("as", "md"))
    except Refused:
        raise Http404
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    return response
