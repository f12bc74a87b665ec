"""Long conversations: entries, answers, and what their writers made of the talk."""

from __future__ import annotations

from kocforum.uploads.models import Upload
from tasks.actions.calls import Terms, draft_call
from tasks.actions.entries import give_entry
from tasks.actions.leading import ask_question, close_question, sum_up
from tasks.actions.manuscripts import Rights, begin_entry
from tasks.actions.opinions import cast_vote, draw_statement, redraw_map
from tasks.actions.replies import write_reply
from tasks.actions.stories import keep_entry
from tasks.enums import CallKind, ReplyKind
from tasks.models import Call, Entry, SubQuestion

from . import content
from .asking import RESEARCHER, brief_of, plan_moves, plan_report
from .community import Community

VOTES = {"+": 1, "-": -1, ".": 0}


def plan_calling(community: Community) -> None:
    """Everything of calls.toml."""
    for table in content.read("calls")["calls"]:
        _plan_draft(community, table)
        plan_moves(community, table)
        for entry in table.get("entries", []):
            _plan_entry(community, table["key"], entry)
        for reply in table.get("replies", []):
            _plan_reply(community, table["key"], reply)
        if "statements" in table:
            _plan_map(community, table)
        for led in table.get("led", []):
            _plan_leading(community, table["key"], led)
        if "reported" in table:
            plan_report(community, table)


def _plan_draft(community: Community, table: content.Table) -> None:
    invited = table.get("invited", [])
    table = {**table, **({"audience": {"members": invited}} if invited else {})}

    def draft() -> None:
        community.tasks[table["key"]] = draft_call(
            by=community.members[RESEARCHER],
            brief=brief_of(community, table),
            terms=Terms(
                prompt=table["prompt"],
                use=table["use"],
                kind=CallKind.INVITED if invited else CallKind.OPEN,
                sealed=bool(invited),
                scaffold=table.get("headings", []),
            ),
        )

    community.plan(table["drafted"], draft, by=RESEARCHER)


def _plan_entry(community: Community, key: str, told: content.Table) -> None:
    def write() -> None:
        by, call = community.members[told["by"]], Call.objects.get(task=community.tasks[key])
        rights = Rights(quote_inside=True, quote_public=told.get("public", False), keep_when_left=True)
        entry = begin_entry(by=by, call=call, rights=rights)
        body = told["body"].strip()
        if "scene" in told:
            (number,) = community.media(told["by"], {"photos": [told]})
            body = body.replace("{picture}", f"![]({Upload.objects.get(pk=number).url})")
        give_entry(by=by, entry=entry, title=told["title"], body=body)

    def keep() -> None:
        keep_entry(by=community.members[RESEARCHER], entry=_entry(community, key, told["by"]))

    community.plan(told["at"], write, by=told["by"])
    if "kept" in told:
        community.plan(told["kept"], keep, by=RESEARCHER)


def _entry(community: Community, key: str, username: str) -> Entry:
    """The entry of somebody in a call."""
    return Entry.objects.select_related("call__task__audience").get(
        call__task=community.tasks[key], author__username=username
    )


def _plan_reply(community: Community, key: str, told: content.Table) -> None:
    def answer() -> None:
        write_reply(
            by=community.members[told["by"]],
            entry=_entry(community, key, told["to"]),
            kind=told["kind"],
            body=told["body"],
            vehicle=_car(community, told),
        )

    community.plan(told["at"], answer, by=told["by"])


def _car(community: Community, told: content.Table) -> int | None:
    return community.cars[told["by"]].pk if told["kind"] == ReplyKind.CONFIRMS else None


def _plan_map(community: Community, table: content.Table) -> None:
    """Statements are drawn from entries, and each voter goes through all of them at once."""
    key, drawn = table["key"], []

    def draw() -> None:
        for told in table["statements"]:
            entry = _entry(community, key, told["from"])
            drawn.append(draw_statement(by=community.members[RESEARCHER], entry=entry, text=told["text"]))

    def vote(who: str, said: str) -> None:
        for statement, sign in zip(drawn, said, strict=True):
            if sign in VOTES:
                cast_vote(by=community.members[who], statement=statement, vote=VOTES[sign])

    def show() -> None:
        redraw_map(call=Call.objects.get(task=community.tasks[key]))

    community.plan(table["drawn"], draw, by=RESEARCHER)
    for who, at, said in table["votes"]:
        community.plan(at, lambda who=who, said=said: vote(who, said), by=who)
    community.plan(table["votes"][-1][1], show)


def _plan_leading(community: Community, key: str, told: content.Table) -> None:
    def ask() -> None:
        entry = _entry(community, key, told["by"])
        ask_question(by=community.members[told["by"]], entry=entry, text=told["question"])

    def close() -> None:
        entry, by = _entry(community, key, told["by"]), community.members[told["by"]]
        question = SubQuestion.objects.select_related("entry__call__task").get(entry=entry)
        close_question(by=by, question=question, answer=told["answer"])
        sum_up(by=by, entry=entry, text=told["summary"])

    community.plan(told["at"], ask, by=told["by"])
    community.plan(told["closed"], close, by=told["by"])
