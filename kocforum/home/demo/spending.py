"""What an initiative was spent on: receipts are handed in, answered, paid."""

from __future__ import annotations

from collections.abc import Callable

from tasks.actions.expense_terms import ExpenseDraft
from tasks.actions.expenses import submit_expense
from tasks.actions.payments import decide_expense
from tasks.models import Expense, Initiative

from . import content
from .community import Community


def plan_spending(community: Community, initiative: Callable[[], Initiative], expenses: list[content.Table]) -> None:
    """The receipts of one initiative, each with what became of it."""
    for told in expenses:
        _plan_expense(community, initiative, told)


def _plan_expense(community: Community, initiative: Callable[[], Initiative], told: content.Table) -> None:
    made: list[Expense] = []

    def hand_in() -> None:
        (receipt,) = community.media(told["by"], {"photos": [told]})
        draft = ExpenseDraft(
            amount_minor=told["amount"],
            currency="CNY",
            receipt=receipt,
            what=told["what"],
            payee=told["payee"],
            note=told.get("note", ""),
            fapiao=told.get("fapiao", ""),
            issued_on=content.day(told["issued"], community.today),
        )
        made.append(submit_expense(by=community.members[told["by"]], initiative=initiative(), draft=draft))

    community.plan(told["at"], hand_in, by=told["by"])
    for step in told.get("steps", []):
        community.plan(step["at"], lambda step=step: _answer(community, made[0], step), by=step["by"])


def _answer(community: Community, expense: Expense, step: content.Table) -> None:
    said = {name: step[name] for name in ("reason", "payment") if name in step}
    decide_expense(by=community.members[step["by"]], expense=expense, to=step["to"], **said)
