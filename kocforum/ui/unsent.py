"""Text that was typed is not lost with the sign-in: kept in the visitor's session, given back to the form afterwards.

    @keeps_unsent_text("reply", fields=("body",), back=lambda thread_id: reverse("thread", args=[thread_id]))
    def reply(request, thread_id): ...

A POST without a sign-in keeps the fields, goes to the sign-in and from there to `back`; the page behind `back` asks
`unsent_text(request, "reply", thread_id=thread_id)` for initial values. A POST that ended in a redirect has been
answered, so its text is forgotten. Without JavaScript it is the only net; with it the browser's own draft is a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

SESSION_KEY = "unsent"
TEXTS = 6
LENGTH = 100_000  # as long as the longest text that may be written


@dataclass(frozen=True)
class Unsent:
    """What one form keeps: the name of the draft, the fields, and the page that shows the form."""

    key: str
    fields: tuple[str, ...]
    back: Callable[..., str] | str | None

    def back_for(self, request: HttpRequest, kwargs: dict[str, Any]) -> str:
        if callable(self.back):
            return str(self.back(**kwargs))
        return resolve_url(self.back) if self.back else request.path

    def _named(self, posted: Iterable[str]) -> list[str]:
        """The fields to keep; one that ends in * stands for all that begin so, as the conditions of a record do."""
        begins = tuple(field[:-1] for field in self.fields if field.endswith("*"))
        return [*self.fields, *(name for name in posted if begins and name.startswith(begins))]

    def texts(self, request: HttpRequest) -> dict[str, Any]:
        """The posted values: a string, or a list where several were sent."""
        found = {}
        for field in self._named(request.POST):
            values = [value[:LENGTH] for value in request.POST.getlist(field) if value.strip()]
            if values:
                found[field] = values[0] if len(values) == 1 else values
        return found


def _name(key: str, kwargs: dict[str, Any]) -> str:
    return ":".join([key, *(f"{name}={kwargs[name]}" for name in sorted(kwargs))])


def keep(request: HttpRequest, name: str, texts: dict[str, Any]) -> None:
    """Store texts under a name; the oldest go when there are too many."""
    kept = request.session.get(SESSION_KEY, {})
    kept.pop(name, None)
    kept[name] = texts
    request.session[SESSION_KEY] = dict(list(kept.items())[-TEXTS:])


def unsent_text(request: HttpRequest, key: str, **kwargs: Any) -> dict[str, Any]:
    """What this visitor typed and could not send, as initial values for the form; {} when there is nothing."""
    return request.session.get(SESSION_KEY, {}).get(_name(key, kwargs), {})


def keep_unsent_text(request: HttpRequest, key: str, texts: dict[str, Any], **kwargs: Any) -> None:
    """What was sent and could not be taken as it was: for the form in which it can be sent."""
    keep(request, _name(key, kwargs), texts)


def forget_unsent_text(request: HttpRequest, key: str, **kwargs: Any) -> None:
    """The text was posted, or the person does not want it any more."""
    kept = request.session.get(SESSION_KEY, {})
    if kept.pop(_name(key, kwargs), None) is not None:
        request.session[SESSION_KEY] = kept


def keeps_unsent_text(key: str, *, fields: tuple[str, ...], back: Callable[..., str] | str | None = None) -> Callable:
    """Decorate a view (or by `method_decorator` the `dispatch` of a class) whose form must not lose what was typed."""
    mark = Unsent(key, fields, back)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not request.user.is_authenticated:
                texts = mark.texts(request)
                if texts:
                    keep(request, _name(key, kwargs), texts)
                return redirect_to_login(mark.back_for(request, kwargs))
            response = view(request, *args, **kwargs)
            if request.method == "POST" and (300 <= response.status_code < 400 or "HX-Redirect" in response):
                forget_unsent_text(request, key, **kwargs)
            return response

        guarded.unsent = mark  # type: ignore[attr-defined]
        return guarded

    return decorate


def keep_from(request: HttpRequest) -> str:
    """For a POST that never reached its view: keep what that view would, and say which page has the form ("" when none)."""
    match = request.resolver_match
    mark = getattr(match.func, "unsent", None) if match else None
    if mark is None or match is None:
        return ""
    texts = mark.texts(request)
    if texts:
        keep(request, _name(mark.key, match.kwargs), texts)
    return mark.back_for(request, match.kwargs)


def texts_of(request: HttpRequest) -> list[str]:
    """Every longer text of a POST, to be shown for copying; never secrets or tokens."""
    hidden = ("password", "token", "code", "csrf")
    return [
        value[:LENGTH]
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in hidden)
        for value in values
        if len(value.strip()) >= 8
    ]
