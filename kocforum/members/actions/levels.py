"""The KOC level and the staff role: given and taken by people, with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push

from ..enums import KocLevel, Role
from ..facts import KocLevelSet, RoleSet
from ..models import Member
from ..rules import can_set_koc_level, can_set_role


@transaction.atomic
def set_koc_level(*, by: Member, member: Member, level: str, reason: str, expected: str | None = None) -> Member:
    """Grant, change or withdraw (level "") the KOC level. The reason is shown on the profile."""
    require(can_set_koc_level(by, member), _("Only operators and researchers set the KOC level of others."))
    was = Member.objects.values_list("koc_level", flat=True).get(pk=member.pk)
    if expected is not None and was != expected:
        raise Conflict(_("Somebody else changed this level meanwhile. Please look again."))
    wrong: dict[str, object] = {}
    if level not in KocLevel.values:
        wrong["level"] = _("There is no such level.")
    if not (reason := reason.strip()):
        wrong["reason"] = _("Say why. It is shown on the profile.")
    elif len(reason) > 200:
        wrong["reason"] = _("At most 200 characters.")
    if wrong:
        raise Invalid(wrong)
    values = {
        "koc_level": level,
        "koc_reason": reason if level else "",
        "koc_since": timezone.localdate() if level else None,
    }
    if level == was:
        values.pop("koc_since")
    if not Member.objects.filter(pk=member.pk, koc_level=was).update(**values):
        raise Conflict(_("Somebody else changed this level meanwhile. Please look again."))
    for field, value in values.items():
        setattr(member, field, value)
    record(KocLevelSet(member_id=member.pk, level=level, was=was, reason=reason), by=by)
    push(f"member:{member.pk}", "member.level", member.pk)
    return member


@transaction.atomic
def set_role(*, by: Member, member: Member, role: str) -> Member:
    """Give or take (role "") a staff role. Staff without a role are owners again."""
    require(can_set_role(by, member), _("Only administrators set the role of others."))
    if role not in Role.values:
        raise Invalid({"role": _("There is no such role.")})
    was = member.role
    member.role, member.is_staff = role, bool(role)
    if not role:
        member.is_superuser = False
    member.save(update_fields=["role", "is_staff", "is_superuser"])
    record(RoleSet(member_id=member.pk, role=role, was=was), by=by)
    return member
