"""`/desk/tasks/…/coding/`: the rounds of a codebook, who reads, agreement and disputes, results, quotes, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.codes import codebook_of_call
from ..actions.coding import begin_coding, finish_coding, settle
from ..actions.coding_rounds import begin_coding_round, release_coder, step_down
from ..actions.exports import export_coding
from ..forms.coding import CodeForm, EditCodeForm, ReasonForm, ThemeForm
from ..models import Code, Codebook, Coder, EntryVersion
from ..queries.coding import Reading, agreement_of, edited_since, reading_of
from ..queries.coding_results import (
    all_cars,
    cars_of,
    prevalence_of,
    saturation_of,
    together_of,
)
from ..queries.quotes import wall_of
from ..queries.talk import reproduction_of
from ..rules.coding import (
    can_begin_coding,
    can_begin_round,
    can_code,
    can_edit_codebook,
    can_release,
    can_see_coding,
    can_settle,
    coder_of,
)
from .doors import call_or_404, number_in, unindexed


def book_or_404(request: HttpRequest, pk: int) -> Codebook:
    """The codebook of a call that this colleague may code."""
    found = call_or_404(request.user, pk)
    if not can_see_coding(request.user, found.call):
        raise Http404
    book = codebook_of_call(found.call)
    book.call = found.call
    return book


def round_or_404(said: str | None, book: Codebook) -> int:
    """The round that an address names, the present one where it names none."""
    if said is None:
        return book.round
    number = number_in(said)
    if not 1 <= number <= book.round:
        raise Http404
    return number


def to_round(name: str, book: Codebook, round: int, *args: int) -> str:
    """The address of a page of coding in a round."""
    address = reverse(name, args=[book.call.task_id, *args])
    return address if round == book.round else f"{address}?round={round}"


@staff_page
@require_safe
def coding(request: HttpRequest, pk: int) -> HttpResponse:
    """The codebook, who reads how far, and what it adds up to."""
    book = book_or_404(request, pk)
    return coding_page(request, book, round_or_404(request.GET.get("round"), book))


def coding_page(
    request: HttpRequest, book: Codebook, round: int | None = None, *, status: int = 200, **kept: Any
) -> HttpResponse:
    """A round of coding; `kept`: forms that were refused, with everything that was typed."""
    user, round = request.user, book.round if round is None else round
    found = reading_of(book, user, round)
    coder = coder_of(user, book, round)
    context = {
        **_frame(book),
        "found": found,
        "rounds": range(1, book.round + 1),
        "coder": coder,
        "edited": edited_since(found, coder) if coder and not coder.finished_at else set(),
        "reads_again": coder and not coder.finished_at and coder.asked_again_at and found.texts.keys() - coder.versions,
        "codes": _by_theme(book, kept.get("edit_form")),
        "code_form": CodeForm(book=book),
        "theme_form": ThemeForm(),
        "may_edit": can_edit_codebook(user, book),
        "may_begin": can_begin_coding(user, book) if coder is None and found.is_present else False,
        "may_begin_round": can_begin_round(user, book) if found.is_present else False,
        "may_settle": can_settle(user, book, round) is True,
        "may_code": can_code(user, coder) is True,
        "release_form": ReasonForm(),
        "absent": [one for one in found.coders if can_release(user, one) is True],
        **_results(request, found),
        **kept,
    }
    return unindexed(render(request, "tasks/coding/coding.html", context, status=status), book.call.task)


def _frame(book: Codebook) -> dict[str, Any]:
    return {"section": "desk", "tab": "tasks", "task": book.call.task, "book": book}


def _by_theme(book: Codebook, refused: EditCodeForm | None) -> list[dict[str, Any]]:
    """Themes with their codes, and at the end the codes without one; each code with its form, or the one that was refused."""
    codes = list(book.codes.select_related("theme"))
    groups = [*book.themes.all(), None]
    rows = [
        {"theme": theme, "codes": [code for code in codes if code.theme_id == (theme and theme.pk)]} for theme in groups
    ]
    for row in rows:
        for code in row["codes"]:
            initial = {"name": code.name, "memo": code.memo, "theme": code.theme_id, "retired": bool(code.retired_at)}
            code.refused = refused is not None and refused.auto_id == f"code-{code.pk}-%s"
            code.form = refused if code.refused else edit_form(book, code.pk, initial=initial)
    return [row for row in rows if row["theme"] or row["codes"]]


def edit_form(book: Codebook, code: int, data: Any = None, *, initial: dict[str, Any] | None = None) -> EditCodeForm:
    """The form of one code among many on the page."""
    return EditCodeForm(data, book=book, initial=initial, auto_id=f"code-{code}-%s")


def _results(request: HttpRequest, found: Reading) -> dict[str, Any]:
    """Cars in any case; agreement, prevalence, what stands together, saturation once everybody who reads has finished. With
    `?code=` only the cars under entries in which it was said."""
    said = cars_of(found.texts)
    chosen = number_in(request.GET.get("code"))
    under = {entry for entry, _start, code in found.held if code == chosen}
    shown = [row for row in said if row["entry"] in under] if chosen else said
    cars = {"cars": reproduction_of(shown), "all_cars": all_cars(shown), "chosen": chosen}
    if not found.is_finished:
        return cars
    agreed = agreement_of(found)
    names = {code.pk: code.name for code in found.book.codes.all()}
    return {
        **cars,
        "overall": agreed[0] if agreed else None,
        "agreement": [(names[code], one) for code, one in agreed[1].items()] if agreed else [],
        "prevalence": prevalence_of(found, said),
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
def quotes(request: HttpRequest, pk: int) -> HttpResponse:
    """Every quote of the call, and what rests on it."""
    book = book_or_404(request, pk)
    context = {**_frame(book), "rows": wall_of(book.call, request.user)}
    return unindexed(render(request, "tasks/coding/quotes.html", context), book.call.task)


@require_POST
@staff_page
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin, finish, step down from reading in this round; take somebody out of it who is absent."""
    book, do, by = book_or_404(request, pk), request.POST.get("do"), request.user
    if do == "release":
        return _release(request, book)
    try:
        if do == "begin":
            begin_coding(by=by, book=book)
        elif do == "finish":
            finish_coding(by=by, coder=coder_or_404(request, book), alone=request.POST.get("alone") == "1")
            messages.success(request, _("You have finished this round."))
        elif do == "step_down":
            step_down(by=by, coder=coder_or_404(request, book))
            messages.success(request, _("You read no further in this round. Your marks are kept for you."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("coding", pk=pk)


def _release(request: HttpRequest, book: Codebook) -> HttpResponse:
    coder = get_object_or_404(
        Coder.objects.select_related("member"), pk=number_in(request.POST.get("coder")), codebook=book
    )
    form = ReasonForm(request.POST)
    try:
        release_coder(by=request.user, coder=coder, reason=request.POST.get("reason", ""))
    except Refused as refused:
        form.is_valid()
        if not form.errors:
            refuse_into(form, refused)
        return coding_page(request, book, coder.round, status=422, release_form=form)
    messages.success(request, _("Done. %(name)s reads why.") % {"name": coder.member.name})
    return redirect(to_round("coding", book, coder.round))


def coder_or_404(request: HttpRequest, book: Codebook) -> Coder:
    """This colleague's reading in the present round."""
    coder = coder_of(request.user, book)
    if coder is None:
        raise Http404
    return coder


@staff_page
@require_safe
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Who read alone is asked first: what is open to everybody is read blind by nobody."""
    book = book_or_404(request, pk)
    coder_or_404(request, book)
    return unindexed(render(request, "tasks/coding/finish.html", _frame(book)), book.call.task)


@staff_page
def another_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, saying what happens; then open the codebook again."""
    book, sentence = book_or_404(request, pk), ""
    if request.method == "POST":
        try:
            begin_coding_round(by=request.user, book=book, expected=number_in(request.POST.get("expected")))
        except Refused as refused:
            sentence = str(refused)
        else:
            messages.success(request, _("The codebook is open again."))
            return redirect("coding", pk=pk)
        book = book_or_404(request, pk)
    context = {**_frame(book), "may": can_begin_round(request.user, book), "refused": sentence}
    page = render(request, "tasks/coding/round.html", context, status=422 if sentence else 200)
    return unindexed(page, book.call.task)


@require_POST
@staff_page
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """A third person says whether a code applies."""
    book, said = book_or_404(request, pk), request.POST
    round = round_or_404(said.get("round"), book)
    version = get_object_or_404(EntryVersion, pk=number_in(said.get("version")), entry__call=book.call)
    code = get_object_or_404(Code, pk=number_in(said.get("code")), codebook=book)
    start, note = number_in(said.get("start")), said.get("note", "")
    try:
        settle(
            by=request.user,
            book=book,
            version=version,
            code=code,
            start=start,
            applies=said.get("do") == "applies",
            note=note,
            round=round,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        place = f"{version.pk}-{code.pk}-{start}"
        return coding_page(request, book, round, status=422, unsettled={"place": place, "note": note})
    return redirect(to_round("coding", book, round))


@staff_page
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Codes and passages of a round as a file: `?as=md`, `csv` or `qdpx`."""
    book = book_or_404(request, pk)
    round = round_or_404(request.GET.get("round"), book)
    try:
        file = export_coding(by=request.user, call=book.call, kind=request.GET.get("as", "md"), round=round)
    except Refused:
        raise Http404
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    return response
