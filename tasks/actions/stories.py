"""Keep the best entries as stories that stay."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import EntryKept
from ..models import Entry
from ..rules.calls import can_keep_entry
from ..rules.tasks import can_ask


@transaction.atomic
def keep_entry(*, by: Member, entry: Entry) -> Entry:
    """Put an entry among the stories. It leaves them by itself when its author takes the words or the consent back."""
    require(can_keep_entry(by, entry), _("Only researchers do that."))
    return _set(by, entry, kept=True)


@transaction.atomic
def let_go_of_entry(*, by: Member, entry: Entry) -> Entry:
    """Take it off the stories; the entry stays where it was written."""
    require(can_ask(by), _("Only researchers do that."))
    return _set(by, entry, kept=False)


def _set(by: Member, entry: Entry, *, kept: bool) -> Entry:
    here = Entry.objects.filter(pk=entry.pk, kept_at__isnull=kept)
    if kept:
        here = here.given().filter(quote_public=True)
    if not here.update(kept_at=timezone.now() if kept else None):
        raise Conflict(_("This entry is no longer where you saw it."))
    record(EntryKept(task_id=entry.call.task_id, entry_id=entry.pk, kept=kept), by=by)
    entry.refresh_from_db(fields=["kept_at"])
    return entry
