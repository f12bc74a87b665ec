"""Keep what the advisor proposed, so that promise and result can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import Goal, Reason
from ..facts import AdviceGiven
from ..models import Advice
from ..queries.advisor import Situation, advise
from ..queries.load import people_for
from ..rules.tasks import can_ask
from .drafts import checked_criteria

MOST_DAYS = 3650


@transaction.atomic
def take_advice(*, by: Member, situation: Situation, criteria: Mapping[str, Any] | None = None) -> Advice:
    """Ask the advisor: the answer is kept with the six answers that led to it."""
    require(can_ask(by), _("Only researchers ask owners."))
    _check(situation)
    kept = checked_criteria(criteria or {})
    proposal = advise(situation, people_for(kept))
    said = asdict(situation) | {"decision": clean_line(situation.decision)[:300]}
    advice = Advice.objects.create(
        **said,
        criteria=kept,
        form=proposal.form,
        second=proposal.second,
        because=[list(row) for row in proposal.because],
        warnings=proposal.warnings,
        frame=proposal.frame,
        answers=proposal.answers,
        rate=Decimal(str(proposal.rate)),
        margin=None if proposal.margin is None else Decimal(str(proposal.margin)),
        minutes=proposal.minutes,
        staff_hours=proposal.staff_hours,
        by=by,
    )
    record(AdviceGiven(advice_id=advice.pk, form=advice.form), by=by)
    return advice


def _check(situation: Situation) -> None:
    problems: dict[str, object] = {}
    if situation.goal not in Goal.values:
        problems["goal"] = _("There is no such goal.")
    if situation.reason not in Reason.values:
        problems["reason"] = _("There is no such kind of answer.")
    if situation.starter not in Advice.Starter.values:
        problems["starter"] = _("Say who starts it.")
    if not 0 <= situation.days <= MOST_DAYS:
        problems["days"] = _("A number from 0 to %(most)s.") % {"most": MOST_DAYS}
    if problems:
        raise Invalid(problems)
