"""The bank of questions that were asked well."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..facts import BankChanged
from ..models import BankQuestion
from ..rules.notation import to_data
from ..rules.questionnaire import Item, problems_of
from ..rules.tasks import can_ask

MOST_KEPT = 500


@transaction.atomic
def keep_in_bank(*, by: Member, item: Item) -> BankQuestion:
    """Keep a question for others, as it is exported: without its page, its condition, pictures and quotas."""
    require(can_ask(by), _("Only researchers ask owners."))
    said = to_data(item)
    said = {name: value for name, value in said.items() if name not in {"page", "show_if", "quota"}}
    if item.choices:
        said["options"] = [{name: one[name] for name in one if name != "picture"} for one in said["options"]]
    if against := [why for whys in problems_of([_alone(item)]).values() for why in whys]:
        raise Invalid({"bank": against[0]})
    if BankQuestion.objects.count() >= MOST_KEPT:
        raise Invalid({"bank": _("The bank is full. Take something out first.")})
    kept = BankQuestion.objects.create(title=clean_line(item.text)[:120], body=said, by=by)
    record(BankChanged(question_id=kept.pk, kept=True), by=by)
    return kept


@transaction.atomic
def take_out_of_bank(*, by: Member, number: int) -> None:
    """Nobody finds it any more; surveys that took it keep their copy."""
    require(can_ask(by), _("Only researchers ask owners."))
    if BankQuestion.objects.filter(pk=number).delete()[0]:
        record(BankChanged(question_id=number, kept=False), by=by)


def _alone(item: Item) -> Item:
    return replace(item, page=1, show_if=None, choices=tuple(replace(one, picture=None) for one in item.choices))
