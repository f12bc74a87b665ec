"""Write together: ask somebody along with a share, join, leave."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.members.rules import can_write
from kocforum.text import clean_line

from ..facts import WriterInvited, WriterJoined, WriterLeft
from ..models import Entry, Task, Writer
from ..queries.audiences import people
from ..rules.calls import can_share_entry

MOST_WRITERS = 6


@transaction.atomic
def invite_writer(*, by: Member, entry: Entry, username: str, share: int, part: str = "") -> Writer:
    """Ask a member to write along. The share comes out of the author's, who keeps one percent at least."""
    require(can_share_entry(by, entry), _("Only its author asks others to write along."))
    _hold(entry)
    member = people().filter(username__iexact=clean_line(username).lstrip("@")).first()
    if member is None:
        raise Invalid({"username": _("Nobody here has this user name.")})
    if not Task.objects.visible_to(member).filter(pk=entry.call.task_id).exists():
        raise Conflict(_("This call is confidential, and this member is not asked."))
    if entry.writers.count() >= MOST_WRITERS:
        raise Conflict(_("An entry has %(most)s writers at most.") % {"most": MOST_WRITERS})
    others = entry.writers.exclude(member=by.pk).aggregate(total=Sum("share"))["total"] or 0
    if not 1 <= share <= 99 - others:
        raise Invalid({"share": _("From 1 to %(most)s: you keep a share yourself.") % {"most": 99 - others}})
    try:
        with transaction.atomic():
            writer = Writer.objects.create(entry=entry, member=member, share=share, part=clean_line(part)[:80])
    except IntegrityError:
        raise Conflict(_("This member writes along already, or is asked."))
    _give_the_rest_to_the_author(entry)
    record(WriterInvited(entry_id=entry.pk, member_id=member.pk), by=by)
    return writer


@transaction.atomic
def join(*, by: Member, writer: Writer) -> Writer:
    """Yes, I write along. From here on the text is this person's own as well."""
    require(can_write(by), _("You cannot write at present."))
    mine = Writer.objects.filter(pk=writer.pk, member=by, accepted_at__isnull=True)
    if not mine.update(accepted_at=timezone.now()):
        raise Conflict(_("This was not asked of you, or not any more."))
    record(WriterJoined(entry_id=writer.entry_id, member_id=by.pk), by=by)
    writer.refresh_from_db()
    return writer


@transaction.atomic
def part_with(*, by: Member, writer: Writer) -> None:
    """A co-writer goes, of the own will or the author's; the share falls back to the author, what was given keeps its words."""
    entry = writer.entry
    require(writer.member_id == by.pk or entry.author_id == by.pk, _("This is not yours to change."))
    if writer.member_id == entry.author_id:
        raise Conflict(_("The author stays. Withdraw the entry in place of this."))
    _hold(entry)
    if Writer.objects.filter(pk=writer.pk).delete()[0]:
        _give_the_rest_to_the_author(entry)
        record(WriterLeft(entry_id=entry.pk, member_id=writer.member_id), by=by)


def _hold(entry: Entry) -> None:
    """Shares change one after the other."""
    Entry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).values_list("pk").first()


def _give_the_rest_to_the_author(entry: Entry) -> None:
    others = entry.writers.exclude(member=entry.author_id).aggregate(total=Sum("share"))["total"] or 0
    Writer.objects.filter(entry=entry, member=entry.author_id).update(share=100 - others)
