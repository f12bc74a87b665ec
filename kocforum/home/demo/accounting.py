"""What is owed besides receipts: milestones, money released in parts, the account, the report, the settlement."""

from __future__ import annotations

from tasks.actions.initiative_reports import report
from tasks.actions.milestones import plan_milestone, reach_milestone
from tasks.actions.money import account_for, release_tranche, settle
from tasks.models import Envelope, Milestone, Tranche

from . import content
from .community import Community
from .led import APPROVER, Led

FINANCE = "finance"


def plan_accounting(community: Community, led: Led, table: content.Table) -> None:
    """As far as the table says."""
    key, members = table["key"], community.members
    for told in table.get("milestones", []):
        _plan_milestone(community, led, table, told)
    for at in table.get("releases", []):
        community.plan(at, lambda: _release(community, led, key), by=APPROVER)
    if "accounted" in table:
        said = table["accounted"]
        community.plan(said["at"], lambda: _account(community, led, table), by=table["by"])
    if "reported" in table:
        community.plan(table["reported"]["at"], lambda: _report(community, led, table), by=table["by"])
    if "settled" in table:
        community.plan(table["settled"], lambda: settle(by=members[FINANCE], envelope=_envelope(led, key)), by=FINANCE)


def _envelope(led: Led, key: str) -> Envelope:
    return Envelope.objects.get(initiative=led.initiatives[key])


def _plan_milestone(community: Community, led: Led, table: content.Table, told: content.Table) -> None:
    made: list[Milestone] = []
    leader = table["by"]

    def plan() -> None:
        made.append(
            plan_milestone(
                by=community.members[leader],
                initiative=led.initiative(table["key"]),
                what=told["what"],
                due_on=content.day(told["due"], community.today),
            )
        )

    def reach() -> None:
        reach_milestone(by=community.members[leader], milestone=made[0], words=told["reached"]["words"])

    community.plan(told["at"], plan, by=leader)
    if "reached" in told:
        community.plan(told["reached"]["at"], reach, by=leader)


def _release(community: Community, led: Led, key: str) -> None:
    waiting = Tranche.objects.filter(envelope=_envelope(led, key), released_at__isnull=True).order_by("number")
    release_tranche(by=community.members[APPROVER], tranche=waiting[0])


def _pictures(community: Community, by: str, scenes: list[str]) -> list[int]:
    return community.media(by, {"photos": [{"scene": scene} for scene in scenes]})


def _account(community: Community, led: Led, table: content.Table) -> None:
    said, by = table["accounted"], table["by"]
    account_for(
        by=community.members[by],
        envelope=_envelope(led, table["key"]),
        words=said["words"],
        uploads=_pictures(community, by, said["scenes"]),
    )


def _report(community: Community, led: Led, table: content.Table) -> None:
    said, by = table["reported"], table["by"]
    report(
        by=community.members[by],
        initiative=led.initiative(table["key"]),
        story=said["story"],
        lessons=said["lessons"],
        uploads=_pictures(community, by, said["scenes"]),
    )
