"""The door of the desk, and where refusals go in a form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from kocforum.errors import Invalid, Refused

from ..models import Ticket
from ..rules.tickets import can_see_desk


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For staff; to everybody else signed in the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_see_desk(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


def ticket_or_404(user: Any, pk: int) -> Ticket:
    """A ticket that this person sees, with what its page shows."""
    tickets = Ticket.objects.visible_to(user).select_related(
        "function", "failure_mode", "department", "assignee", "merged_into", "created_by"
    )
    return get_object_or_404(tickets, pk=pk)


def refuse_into(form: forms.Form, refused: Refused) -> None:
    """A refusal beside the field that it names; nothing that was typed is lost."""
    if not isinstance(refused, Invalid):
        form.add_error(None, str(refused))
        return
    names = {"attempts": "failures"}
    for name, sentences in refused.fields.items():
        name = names.get(name, name)
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, str(sentence))
