"""What members can be told of. Each app above registers its kinds in `AppConfig.ready`; this app knows no forum and no ticket."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

Params = Mapping[str, Any]


def _nothing(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    return {}


def _each_alone(member: Any) -> Hashable:
    return member.pk


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    """One kind of news.

    `sentence(params, count)` is said in the reader's language when it is shown, `url(object_id, params)` is where it leads;
    `queryset_for(user)` holds the things that this person may see: of others nothing is shown and nothing is sent.
    `channels` are on unless the member says otherwise.

    What may change lies in no params: `details(object_ids)` answers what the things are called now, for a whole page at
    once, and a param `by` (a member's number) is shown as `name`, so that who renames or leaves is named rightly.
    `alike(member)` says who sees the same things, so that many are told with one look; each is asked alone by default.
    With `shows_first` news that are counted together lead to the first of them, else to the newest.
    """

    slug: str
    label: Any
    sentence: Callable[[Params, int], str]
    url: Callable[[int, Params], str]
    queryset_for: Callable[[Any], QuerySet]
    channels: Iterable[str] = ("inbox",)
    staff_only: bool = False
    details: Callable[[Iterable[int]], Mapping[int, Params]] = _nothing
    alike: Callable[[Any], Hashable] = _each_alone
    shows_first: bool = False


_kinds: dict[str, NotificationKind] = {}


def register(kind: NotificationKind) -> None:
    """Let members be told of this."""
    _kinds[kind.slug] = kind


def kinds() -> dict[str, NotificationKind]:
    """Every kind by slug, in the order of registration."""
    return dict(_kinds)


def kind_of(slug: str) -> NotificationKind | None:
    return _kinds.get(slug)
