"""What the screens of moderation share: who may, whose rows, buttons that fit the row."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html

from kocforum.text import plain
from kocforum.ui.backstage import LookOnlyAdmin

from ..rules.posts import can_moderate

SHOWN = 80


def first_words(body: str) -> str:
    """The beginning of a post, as one line."""
    words = " ".join(plain(body).split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def link(address: str, words: Any) -> str:
    """A link out of admin, in a window of its own."""
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, words)


class ModeratedAdmin(LookOnlyAdmin):
    """Rows for moderators only; hidden words are among them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_moderate(request.user) and super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_moderate(request.user)

    def fits(self, request: HttpRequest, object_id: Any, **values: Any) -> bool:
        """Whether a button belongs there: on the page of a row when its values are these.

        Elsewhere the action decides, and says what is wrong: somebody else may have been quicker.
        """
        if not can_moderate(request.user):
            return False
        if object_id is None or not request.resolver_match.url_name.endswith("_change"):
            return True
        row = self._row(request, object_id)
        return row is not None and all(
            bool(getattr(row, name)) is value if isinstance(value, bool) else getattr(row, name) == value
            for name, value in values.items()
        )

    def _row(self, request: HttpRequest, object_id: Any) -> Any:
        """Read once per request, for all buttons."""
        kept = request.__dict__.setdefault("_moderated", {})
        if object_id not in kept:
            kept[object_id] = self.get_object(request, object_id)
        return kept[object_id]
