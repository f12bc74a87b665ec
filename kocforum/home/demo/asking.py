"""What the brand asks owners: polls from the advice that led to them to the word at the end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from kocforum.uploads.models import Upload
from tasks.actions.advice import take_advice
from tasks.actions.drafts import Brief
from tasks.actions.moves import move_task
from tasks.actions.outcomes import tell_outcome
from tasks.actions.polls import answer_poll, draft_poll
from tasks.actions.reports import report_task
from tasks.enums import Goal, ResultsPromise, TaskState
from tasks.models import Option, Task
from tasks.queries.advisor import Situation
from tasks.queries.polls import OptionDraft

from . import content
from .community import Community

RESEARCHER = "researcher"
# Windows are the database's: its clock stays where it is, so what is over by now is closed by hand before this.
AHEAD = "-30 20:00"
MOVES = ("scheduled", "opened", "closed", "analysed")


def plan_asking(community: Community) -> None:
    """Everything of polls.toml."""
    for table in content.read("polls")["polls"]:
        _plan_draft(community, table)
        plan_moves(community, table)
        for who, at, place, seconds in table.get("answers", []):
            _plan_answer(community, table["key"], who, at, place, seconds)
        if "cancelled" in table:
            cancelled = table["cancelled"]
            plan_move(community, table["key"], cancelled["at"], TaskState.CANCELLED, cancelled["reason"])
        if "reported" in table:
            plan_report(community, table)
        for outcome in table.get("outcomes", []):
            _plan_outcome(community, table["key"], outcome)


def plan_moves(community: Community, table: content.Table) -> None:
    """From the draft as far as the table says."""
    for name in MOVES:
        if name in table:
            plan_move(community, table["key"], table[name], TaskState.OPEN if name == "opened" else TaskState(name))


def _plan_draft(community: Community, table: content.Table) -> None:
    key, audience = table["key"], table.get("audience", {})

    def ask_the_advisor() -> None:
        asked = table["advice"]
        situation = Situation(
            goal=Goal.DISTRIBUTION,
            options_known=True,
            reason=asked["reason"],
            days=asked["days"],
            confidential=False,
            starter="brand",
            decision=table.get("decision", ""),
        )
        community.advice[key] = take_advice(by=community.members[RESEARCHER], situation=situation, criteria=audience)

    def draft() -> None:
        community.tasks[key] = draft_poll(
            by=community.members[RESEARCHER],
            brief=brief_of(community, table),
            options=[_option(community, option) for option in table["options"]],
            results=table.get("results", ResultsPromise.AFTER_ANSWER),
            advice=community.advice.get(key),
        )

    if "advice" in table:
        community.plan(table["advice"]["at"], ask_the_advisor, by=RESEARCHER)
    community.plan(table["drafted"], draft, by=RESEARCHER)


def brief_of(community: Community, table: content.Table) -> Brief:
    over = "closed" in table or "cancelled" in table
    closes = AHEAD if over else table.get("closes")
    return Brief(
        title=table["title"],
        goal=table.get("goal", Goal.DISTRIBUTION),
        why=table["why"],
        decision=table.get("decision", ""),
        basis=table["basis"],
        opens_at=_moment(community, table.get("opens")),
        closes_at=_moment(community, closes),
        **({"minutes": Decimal(table["minutes"])} if "minutes" in table else {}),
        criteria=table.get("audience", {}),
        thread=community.threads[table["thread"]] if "thread" in table else None,
        on_front=table.get("on_front", False),
    )


def _moment(community: Community, text: str | None) -> dt.datetime | None:
    return community.moment(text) if text else None


def _option(community: Community, option: content.Table) -> OptionDraft:
    picture = None
    if "scene" in option:
        (number,) = community.media(RESEARCHER, {"photos": [option]})
        picture = Upload.objects.get(pk=number)
    return OptionDraft(label=option["label"], picture=picture, guess=option.get("guess"))


def plan_move(community: Community, key: str, at: str, to: str, reason: str = "") -> None:
    def step() -> None:
        task = _as_it_is(community, key)
        move_task(by=community.members[RESEARCHER], task=task, to=to, expected=task.state, reason=reason)

    community.plan(at, step, by=RESEARCHER)


def _as_it_is(community: Community, key: str) -> Task:
    task = community.tasks[key]
    task.refresh_from_db()
    return task


def _plan_answer(community: Community, key: str, who: str, at: str, place: int, seconds: int) -> None:
    def tap() -> None:
        task = community.tasks[key]
        option = Option.objects.select_related("question").get(question__survey__task=task, position=place - 1)
        answer_poll(by=community.members[who], task=task, option=option, seconds=seconds)

    community.plan(at, tap, by=who)


def plan_report(community: Community, table: content.Table) -> None:
    said = table["reported"]

    def tell() -> None:
        report_task(
            by=community.members[RESEARCHER],
            task=community.tasks[table["key"]],
            expected=TaskState.ANALYSED,
            changed=said["changed"],
            unchanged=said["unchanged"],
            staff_hours=Decimal(str(said["staff_hours"])),
        )

    community.plan(said["at"], tell, by=RESEARCHER)


def _plan_outcome(community: Community, key: str, said: content.Table) -> None:
    """Where it leads; beside a topic, as far as the topic has come."""

    def tell() -> None:
        topic = community.topics[said["topic"]] if "topic" in said else None
        if topic:
            topic.refresh_from_db()
        tell_outcome(
            by=community.members[RESEARCHER],
            task=community.tasks[key],
            key=said["key"],
            label=said["label"],
            url=topic.get_absolute_url() if topic else "",
            state=topic.official_status if topic else said["state"],
            note=said.get("note", ""),
        )

    community.plan(said["at"], tell, by=RESEARCHER)
