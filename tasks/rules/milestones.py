"""Who sets the steps of a project: who leads it, and nobody for them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import ProposalState
from ..models import Initiative, InitiativeReport
from .initiatives import leads

OVER = (ProposalState.WITHDRAWN, ProposalState.DECLINED)


def can_set_milestones(member: Any, initiative: Initiative) -> Any:
    """Who leads it, endorsed or not, until what came of it is told."""
    if not leads(member, initiative):
        return Forbidden(_("Who leads it sets its milestones."))
    if initiative.state in OVER:
        return Conflict(_("This initiative does not go on."))
    if InitiativeReport.objects.filter(initiative=initiative).exists():
        return Conflict(_("What came of it has been told; what stands there stays."))
    return can_write(member)
