"""What the page of an initiative shows to this reader."""

from __future__ import annotations

from typing import Any

from ..models import Endorsement, Initiative, InitiativeReport, Milestone, Support
from ..rules.events import can_plan
from ..rules.initiative_reports import can_report
from ..rules.initiatives import (
    can_appeal,
    can_edit,
    can_submit,
    can_support,
    can_withdraw,
    heads,
    is_of,
    leads_no_more,
    missing_in,
)
from ..rules.milestones import can_set_milestones
from ..rules.money import is_money_staff
from .autonomy import decisions_of, meter_of
from .events import events_of
from .initiatives import asked_in_all, in_money, last_version, lines_of, next_step, support_of
from .material import brings
from .money import envelope_of
from .proposals import content_of


def page_of(initiative: Initiative, user: Any) -> dict[str, Any]:
    """Its people read the row that they write on, everybody else the last version."""
    own = is_of(user, initiative)
    version = last_version(initiative)
    content = content_of(initiative) if own and initiative.is_writable or version is None else version.content
    clubs = list(initiative.clubs.order_by("pk"))
    endorsement = Endorsement.objects.filter(initiative=initiative).first()
    context = {
        "initiative": initiative,
        "content": content,
        "version": version,
        "clubs": clubs,
        "lines": lines_of(content["asks"]),
        "in_all": asked_in_all(content["asks"]),
        "support": support_of(initiative),
        "own": own,
        "is_head": own and heads(user, initiative),
        "leads_no_more": leads_no_more(initiative),
        "steps_in": initiative.head if initiative.head != initiative.proposer else None,
        "asked_as_deputy": own and user.pk == initiative.deputy_id and initiative.deputy_agreed_at is None,
        "may_support": user.is_authenticated and can_support(user, initiative) is True,
        "events": events_of(initiative, user),
        "money": (money := envelope_of(initiative, user)),
        "granted": in_money(money.approved_minor, money.currency) if money else "",
        "endorsement": endorsement,
        "meter": meter_of(decisions_of(initiative, user, endorsement)) if version else None,
        "sees_lending": is_money_staff(user),
        "milestones": list(Milestone.objects.visible_to(user).filter(initiative=initiative)),
        "report": InitiativeReport.objects.filter(initiative=initiative).first(),
        "my_support": Support.objects.filter(initiative=initiative, member=user.pk).first()
        if user.is_authenticated
        else None,
    }
    if own:
        context |= {
            "next_step": next_step(initiative),
            "brings": brings(initiative, user, endorsement),
            "may_report": can_report(user, initiative) is True,
            "may_set_milestones": can_set_milestones(user, initiative) is True,
            "may_plan": can_plan(user, initiative) is True,
            "may_edit": can_edit(user, initiative) is True,
            "may_submit": can_submit(user, initiative),
            "may_withdraw": can_withdraw(user, initiative) is True,
            "may_appeal": can_appeal(user, initiative) is True,
            "missing": missing_in(initiative, initiative.asks.all()) if initiative.is_writable else {},
            "moves": list(initiative.moves.select_related("by")),
        }
    return context
