"""Reports with their answers, and conversations."""

from __future__ import annotations

from kocforum.forum.actions.corroborations import corroborate
from kocforum.forum.actions.moderation import pin_thread
from kocforum.forum.actions.official import answer_officially
from kocforum.forum.actions.posts import write_post
from kocforum.forum.actions.reports import tell_report
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.models import Post
from kocforum.forum.rules.posts import can_answer_officially

from . import content
from .community import Community


def plan_talking(community: Community) -> None:
    """Everything of reports/ and talks/."""
    for key, table in content.read_all("reports").items():
        _plan_report(community, key, table)
        for answer in table.get("corroborations", []):
            _plan_corroboration(community, key, answer)
        for reply in table["replies"]:
            plan_reply(community, key, reply)
    for key, table in content.read_all("talks").items():
        _plan_talk(community, key, table)
        for reply in table["replies"]:
            plan_reply(community, key, reply)


def _plan_report(community: Community, key: str, table: content.Table) -> None:
    name = table["author"]

    def tell() -> None:
        report = tell_report(
            by=community.members[name],
            title=table["title"],
            function=table["function"],
            failure_mode=table.get("failure_mode", ""),
            vehicle=community.cars[name],
            occurred_at=community.moment(table["occurred"]),
            precision=table.get("precision", "minute"),
            place=table["place"],
            conditions=content.conditions(table),
            attempts=table.get("attempts"),
            failures=table.get("failures"),
            outcome=table.get("outcome", ""),
            signals=table.get("signals", []),
            severity=table["severity"],
            tried=table.get("tried", []),
            narrative=table["narrative"].strip(),
            uploads=community.media(name, table),
        )
        community.reports[key], community.threads[key] = report, report.thread
        community.remember(key, report.thread.posts.get(number=1))

    community.plan(table["told"], tell, by=name)


def _plan_corroboration(community: Community, key: str, answer: content.Table) -> None:
    name = answer["by"]

    def say() -> None:
        corroboration = corroborate(
            by=community.members[name],
            report=community.reports[key],
            stance=answer["stance"],
            vehicle=community.cars[name],
            conditions=content.conditions(answer),
            attempts=answer.get("attempts"),
            failures=answer.get("failures"),
            note=answer.get("note", ""),
            action=answer.get("action", ""),
            before=answer.get("before"),
            after=answer.get("after"),
        )
        community.remember(key, corroboration.post)

    community.plan(answer["at"], say, by=name)


def _plan_talk(community: Community, key: str, table: content.Table) -> None:
    name = table["author"]

    def begin() -> None:
        thread = open_thread(
            by=community.members[name],
            board=community.boards[table["board"]],
            title=table["title"],
            body=table["body"].strip(),
            uploads=community.media(name, table),
        )
        community.threads[key] = thread
        community.remember(key, thread.posts.get(number=1))
        if table.get("pinned"):
            pin_thread(by=community.members[name], thread=thread, reason="新来的人先看这里。")

    community.plan(table["at"], begin, by=name)


def plan_reply(community: Community, key: str, reply: content.Table) -> None:
    """One answer; staff who speak for the brand answer officially."""
    name = reply["by"]

    def say() -> None:
        member, thread, body = community.members[name], community.threads[key], reply["body"].strip()
        post: Post
        if can_answer_officially(member):
            post = answer_officially(by=member, thread=thread, body=body)
        else:
            to = community.last_word(key, reply["reply_to"]) if "reply_to" in reply else None
            post = write_post(by=member, thread=thread, body=body, reply_to=to)
        community.replies[key, name, reply["at"]] = community.remember(key, post)

    community.plan(reply["at"], say, by=name)
