"""Hosts gather reports into topics; passages are collected on the way."""

from __future__ import annotations

import datetime as dt
import re

from kocforum.forum.actions.hosting import collect, sort_reply
from kocforum.forum.actions.topics import (
    accept_invitation,
    decline_invitation,
    link_report,
    open_topic,
    pin_summary,
)
from kocforum.forum.enums import InvitationState
from kocforum.forum.models import HostInvitation

from . import content
from .community import Community

A_WHILE = dt.timedelta(minutes=20)
_THREAD = re.compile(r"\{thread:([\w-]+)\}")


def plan_topics(community: Community) -> None:
    """Everything of topics.toml."""
    for table in content.read("topics")["topics"]:
        _plan_opening(community, table)
        for link in table["links"]:
            _plan_link(community, table, link)
        _plan_summary(community, table)


def _plan_opening(community: Community, table: content.Table) -> None:
    """By the host's own invitation where there is one; the other first tellers leave it to them."""

    def begin() -> None:
        reports = [community.reports[link["report"]] for link in table["links"]]
        host = community.members[table["host"]]
        asked = list(HostInvitation.objects.filter(report__in=reports, state=InvitationState.OPEN).order_by("pk"))
        own = next((row for row in asked if row.member_id == host.pk), None)
        said = {"title": table["title"], "claim": table["claim"]}
        about = {"function": table["function"], "failure_mode": table["failure_mode"]}
        topic = accept_invitation(by=host, invitation=own, **said) if own else open_topic(by=host, **said, **about)
        community.topics[table["key"]] = topic
        for invitation in asked:
            if invitation.member_id != host.pk:
                decline_invitation(by=invitation.member, invitation=invitation)

    community.plan(table["at"], begin, by=table["host"])


def _plan_link(community: Community, table: content.Table, link: content.Table) -> None:
    def put() -> None:
        host, topic = community.members[table["host"]], community.topics[table["key"]]
        link_report(by=host, topic=topic, report=community.reports[link["report"]])

    community.plan(link["at"], put, by=table["host"])


def _plan_summary(community: Community, table: content.Table) -> None:
    def sort() -> None:
        for row in table["sorted"]:
            post = community.replies[row["report"], row["by"], row["at"]]
            host, topic = community.members[table["host"]], community.topics[table["key"]]
            sort_reply(by=host, topic=topic, post=post, sorted_as=row["as"])

    def sum_up() -> None:
        summary = _THREAD.sub(lambda key: community.threads[key[1]].get_absolute_url(), table["summary"].strip())
        pin_summary(by=community.members[table["host"]], topic=community.topics[table["key"]], summary=summary)

    written = community.moment(table["summary_at"])
    community.plan(written - A_WHILE, sort, by=table["host"])
    community.plan(written, sum_up, by=table["host"])


def plan_passages(community: Community) -> None:
    """What staff and hosts found worth keeping."""
    for table in content.read("loops")["passages"]:
        _plan_passage(community, table)


def _plan_passage(community: Community, table: content.Table) -> None:
    def keep() -> None:
        collect(
            by=community.members[table["by"]],
            post=community.threads[table["thread"]].posts.get(number=1),
            text=table["text"],
            note=table["note"],
            topic=community.topics[table["topic"]],
        )

    community.plan(table["at"], keep, by=table["by"])
