"""What an initiative was spent on: receipts are handed in, answered, handed in again, paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tasks.actions.expense_terms import ExpenseDraft
from tasks.actions.expenses import edit_expense, submit_expense
from tasks.actions.payments import decide_expense
from tasks.models import BudgetLine, Expense, Initiative

from . import content
from .community import Community

AGAIN = "again"


def plan_spending(community: Community, initiative: Callable[[], Initiative], expenses: list[content.Table]) -> None:
    """The receipts of one initiative, each with what became of it."""
    for told in expenses:
        _plan_expense(community, initiative, told)


def _plan_expense(community: Community, initiative: Callable[[], Initiative], told: content.Table) -> None:
    made: list[tuple[Expense, ExpenseDraft]] = []

    def hand_in() -> None:
        draft = _draft(community, initiative(), told)
        expense = submit_expense(by=community.members[told["by"]], initiative=initiative(), draft=draft)
        made.append((expense, draft))

    community.plan(told["at"], hand_in, by=told["by"])
    for step in told.get("steps", []):
        community.plan(step["at"], lambda step=step: _step(community, *made[0], step), by=step["by"])


def _draft(community: Community, initiative: Initiative, told: content.Table) -> ExpenseDraft:
    (receipt,) = community.media(told["by"], {"photos": [told]})
    lines = BudgetLine.objects.filter(envelope__initiative=initiative)
    return ExpenseDraft(
        amount_minor=told["amount"],
        currency="CNY",
        receipt=receipt,
        line=lines.get(what=told["line"]) if "line" in told else None,
        what=told["what"],
        payee=told["payee"],
        note=told.get("note", ""),
        fapiao=told.get("fapiao", ""),
        issued_on=content.day(told["issued"], community.today),
        related_party=told.get("related", False),
    )


def _step(community: Community, expense: Expense, draft: ExpenseDraft, step: content.Table) -> None:
    by = community.members[step["by"]]
    if step["to"] == AGAIN:
        edit_expense(by=by, expense=expense, draft=replace(draft, amount_minor=step["amount"]))
        return
    said = {name: step[name] for name in ("reason", "payment") if name in step}
    decide_expense(by=by, expense=expense, to=step["to"], **said)
