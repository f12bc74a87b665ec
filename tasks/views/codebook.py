"""`/desk/tasks/…/coding/codebook/`: codes and themes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.codes import add_code, add_theme, edit_code
from ..forms.coding import CodeForm, ThemeForm
from ..models import Code, Codebook
from .coding import book_or_404, coding_page, edit_form
from .doors import number_in


@require_POST
@staff_page
def edit_codebook(request: HttpRequest, pk: int) -> HttpResponse:
    """A code, its words, a theme. What is refused stands there as it was typed."""
    book, do = book_or_404(request, pk), request.POST.get("do")
    code = _code_or_404(request, book) if do == "edit" else None
    form: Any = _form(request, book, do, code)
    if form.is_valid():
        try:
            _do(request, book, code, do, form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
    if form.errors:
        return coding_page(request, book, status=422, **{f"{do}_form": form})
    messages.success(request, _("Saved."))
    return redirect("coding", pk=pk)


def _code_or_404(request: HttpRequest, book: Codebook) -> Code:
    codes = Code.objects.select_related("codebook__call")
    return get_object_or_404(codes, pk=number_in(request.POST.get("id")), codebook=book)


def _form(request: HttpRequest, book: Codebook, do: str | None, code: Code | None) -> Any:
    if code is not None:
        return edit_form(book, code.pk, request.POST)
    if do == "code":
        return CodeForm(request.POST, book=book)
    if do == "theme":
        return ThemeForm(request.POST)
    raise Http404


def _do(request: HttpRequest, book: Codebook, code: Code | None, do: str | None, said: dict[str, Any]) -> None:
    if code is not None:
        edit_code(by=request.user, code=code, **said)
    elif do == "code":
        add_code(by=request.user, book=book, **said)
    else:
        add_theme(by=request.user, book=book, **said)
