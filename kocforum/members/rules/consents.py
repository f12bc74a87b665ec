"""One box per text that is due."""

from __future__ import annotations

from collections.abc import Container, Iterable

from ..models import Agreement


def box_of(agreement: Agreement) -> str:
    """The name of the box in a form."""
    return f"accept-{agreement.pk}"


def unticked(due: Iterable[Agreement], posted: Container[str]) -> list[Agreement]:
    """Texts whose box did not come along."""
    return [agreement for agreement in due if box_of(agreement) not in posted]
