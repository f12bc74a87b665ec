"""What waits for somebody when a newcomer first signs in: a question, a flag, a post to review."""

from __future__ import annotations

from kocforum.forum.actions.hosting import ask
from kocforum.forum.actions.moderation import flag_post
from kocforum.forum.enums import PostKind
from kocforum.forum.models import Post

from . import content
from .community import Community
from .talking import plan_reply


def plan_today(community: Community) -> None:
    """Everything of today.toml that happens."""
    table = content.read("today")
    for reply in table["replies"]:
        plan_reply(community, reply["thread"], reply)
    for flag in table["flags"]:
        _plan_flag(community, flag)
    for question in table["questions"]:
        _plan_question(community, question)


def _plan_flag(community: Community, table: content.Table) -> None:
    def flag() -> None:
        post = community.last_word(table["thread"], table["author"])
        flag_post(by=community.members[table["by"]], post=post, reason=table["reason"], note=table["note"])

    community.plan(table["at"], flag, by=table["by"])


def _plan_question(community: Community, table: content.Table) -> None:
    def question() -> None:
        told = Post.objects.filter(thread=community.threads[table["report"]], author=community.members[table["of"]])
        ask(
            by=community.members[table["by"]],
            topic=community.topics[table["topic"]],
            post=told.get(kind__in=[PostKind.OPENING, PostKind.CORROBORATION]),
            field=table["field"],
            words=table["words"],
        )

    community.plan(table["at"], question, by=table["by"])
