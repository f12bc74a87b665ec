"""Surveys of several questions: two waves with their answers, and a draft."""

from __future__ import annotations

from tasks.actions.bank import keep_in_bank
from tasks.actions.responses import answer_survey
from tasks.actions.surveys import Terms, draft_survey
from tasks.enums import Privacy
from tasks.rules.notation import from_data

from . import content
from .asking import RESEARCHER, brief_of, plan_moves, plan_report
from .community import Community


def plan_surveying(community: Community) -> None:
    """Everything of surveys.toml."""
    for table in content.read("surveys")["surveys"]:
        _plan_draft(community, table)
        _plan_bank(community, table)
        plan_moves(community, table)
        for who, at, seconds, answers in table.get("answers", []):
            _plan_answer(community, table["key"], who, at, seconds, answers)
        if "reported" in table:
            plan_report(community, table)


def _plan_draft(community: Community, table: content.Table) -> None:
    def draft() -> None:
        privacy = table.get("privacy", Privacy.CONFIDENTIAL)
        community.tasks[table["key"]] = draft_survey(
            by=community.members[RESEARCHER],
            brief=brief_of(community, table),
            items=from_data(table["questions"]),
            terms=Terms(privacy=privacy, guess=table.get("guess", {})),
            parent=community.tasks[table["after"]] if "after" in table else None,
        )

    community.plan(table["drafted"], draft, by=RESEARCHER)


def _plan_bank(community: Community, table: content.Table) -> None:
    """Questions that went well, kept for others."""
    items = {item.key: item for item in from_data(table["questions"])}
    for key, at in table.get("banked", {}).items():
        community.plan(
            at, lambda item=items[key]: keep_in_bank(by=community.members[RESEARCHER], item=item), by=RESEARCHER
        )


def _plan_answer(community: Community, key: str, who: str, at: str, seconds: int, answers: content.Table) -> None:
    def answer() -> None:
        answer_survey(by=community.members[who], task=community.tasks[key], answers=answers, seconds=seconds)

    community.plan(at, answer, by=who)
