"""Want to hear of a thread, or not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import ThreadFollowed
from ..models import Follow, Thread


@transaction.atomic
def follow(*, by: Member, thread: Thread, muted: bool = False) -> Follow:
    """Follow a thread, or with `muted` stop hearing of it although one took part."""
    require(by.is_authenticated, _("Sign in to follow this."))
    followed, _created = Follow.objects.update_or_create(thread=thread, member=by, defaults={"muted": muted})
    record(ThreadFollowed(thread_id=thread.pk, muted=muted), by=by)
    return followed
