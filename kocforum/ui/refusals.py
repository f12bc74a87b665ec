"""A refusal goes into the form that was sent, beside the field that it names, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms import Form

from kocforum.errors import Invalid, Refused


def refuse_into(form: Form, refused: Refused, names: Mapping[str, str] | None = None) -> None:
    """Add a refusal's sentences to a bound form; `names` says where a field of the action stands in the form."""
    if not isinstance(refused, Invalid):
        form.add_error(None, str(refused))
        return
    for name, sentences in refused.fields.items():
        name = (names or {}).get(name, name)
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, str(sentence))
