"""Somebody may not write for a while."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record

from ..facts import BanLifted, MemberBanned
from ..models import Ban, Member
from ..rules import can_ban, can_lift_ban, forget_writing


@transaction.atomic
def ban(*, by: Member, member: Member, reason: str, until: datetime | None = None) -> Ban:
    """Stop a member from writing, with a reason that they are shown, until a time or until lifted."""
    require(can_ban(by, member), _("You may not ban this member."))
    # The member's row is the lock: two operators at once leave one ban.
    Member.objects.select_for_update().filter(pk=member.pk).update(is_active=member.is_active)
    if member.bans.standing().exists():
        raise Conflict(_("This member is banned already. Lift that ban first."))
    wrong: dict[str, object] = {}
    if not (reason := reason.strip()):
        wrong["reason"] = _("Say why. The member reads it.")
    elif len(reason) > 200:
        wrong["reason"] = _("At most 200 characters.")
    if until is not None and until <= timezone.now():
        wrong["until"] = _("This time has passed.")
    if wrong:
        raise Invalid(wrong)
    row = Ban.objects.create(member=member, by=by, reason=reason, until=until)
    record(MemberBanned(member_id=member.pk, ban_id=row.pk, until=until.isoformat() if until else None), by=by)
    forget_writing(member)
    return row


@transaction.atomic
def lift_ban(*, by: Member, ban: Ban, reason: str) -> Ban:
    """End a ban early, with a reason for the log."""
    require(can_lift_ban(by, ban), _("You may not lift this ban."))
    now = timezone.now()
    if not Ban.objects.standing().filter(pk=ban.pk).exists():
        raise Conflict(_("This ban holds no longer."))
    if not (reason := reason.strip()):
        raise Invalid({"reason": _("Say why, for the log.")})
    if not Ban.objects.filter(pk=ban.pk, lifted_at=None).update(lifted_at=now):
        raise Conflict(_("This ban holds no longer."))
    ban.lifted_at = now
    record(BanLifted(member_id=ban.member_id, ban_id=ban.pk, reason=reason[:200]), by=by)
    forget_writing(ban.member)
    return ban
