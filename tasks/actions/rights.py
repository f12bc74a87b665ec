"""A colleague asks the author of an entry for a right that the words do not carry yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import RightsAsked, RightsDeclined
from ..models import Entry, RightsRequest
from ..rules.calls import can_ask_for_right, can_set_rights


@transaction.atomic
def ask_for_right(*, by: Member, entry: Entry, right: str) -> RightsRequest:
    """Each right once per entry; nobody is pressed."""
    if right not in RightsRequest.Right.values:
        raise Invalid({"right": _("There is nothing of that name.")})
    require(can_ask_for_right(by, entry), _("Only researchers do that."))
    if getattr(entry, right):
        raise Conflict(_("Its author has given this already."))
    try:
        with transaction.atomic():
            made = RightsRequest.objects.create(entry=entry, right=right, by=by)
    except IntegrityError:
        raise Conflict(_("Its author was asked already, and is not asked twice."))
    record(RightsAsked(entry_id=entry.pk, right=right), by=by)
    return made


@transaction.atomic
def decline_rights(*, by: Member, entry: Entry) -> None:
    """The author gives nothing more, and is not shown the question again."""
    require(can_set_rights(by, entry), _("Only its author says what may be done with an entry."))
    if close_requests(entry, [*RightsRequest.Right.values]):
        record(RightsDeclined(entry_id=entry.pk), by=by)


def close_requests(entry: Entry, rights: Iterable[str]) -> int:
    """The author has said something about these."""
    asked = RightsRequest.objects.filter(entry=entry, right__in=list(rights), closed_at__isnull=True)
    return asked.update(closed_at=timezone.now())
