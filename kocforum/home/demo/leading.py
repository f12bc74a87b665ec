"""What KOCs lead: clubs, and initiatives with the brand's answer."""

from __future__ import annotations

from kocforum.forum.actions.threads import open_thread
from kocforum.garage.models import VehicleModel
from tasks.actions.clubs import found_club, join_club
from tasks.actions.initiatives import AskDraft, Pitch, draft_initiative
from tasks.actions.proposals import answer_as_deputy, submit, support
from tasks.actions.reviews import decide, score
from tasks.models.reviews import CRITERIA

from . import content
from .accounting import plan_accounting
from .community import Community
from .inviting import plan_inviting
from .led import APPROVER, Led
from .lending import plan_lending
from .spending import plan_spending


def plan_leading(community: Community) -> None:
    """Everything of initiatives.toml and held.toml."""
    led = Led()
    for told in (content.read("initiatives"), content.read("held")):
        for table in told.get("clubs", []):
            _plan_club(community, led, table)
        for table in told["initiatives"]:
            _plan_initiative(community, led, table)
        for table in told["events"]:
            plan_inviting(community, led, table)


def _plan_club(community: Community, led: Led, table: content.Table) -> None:
    key, members = table["key"], community.members

    def found() -> None:
        model = VehicleModel.objects.get(slug=table["model"]) if "model" in table else None
        led.clubs[key] = found_club(
            by=members[table["by"]], name=table["name"], city=table.get("city", ""), model=model, about=table["about"]
        )

    community.plan(table["founded"], found, by=table["by"])
    for who, at in table["joined"]:
        community.plan(at, lambda who=who: join_club(by=members[who], club=led.clubs[key]), by=who)
    for said in table.get("threads", []):
        community.plan(
            said["at"],
            lambda said=said: open_thread(
                by=members[said["by"]], board=led.clubs[key].board, title=said["title"], body=said["body"]
            ),
            by=said["by"],
        )


def _plan_initiative(community: Community, led: Led, table: content.Table) -> None:
    key, members = table["key"], community.members

    def draft() -> None:
        days = {name: community.moment(f"{table[short]} 12:00").date() for name, short in (("begins_on", "begins"), ("ends_on", "ends")) if short in table}  # fmt: skip
        asks = [
            AskDraft(
                kind=ask["kind"],
                what=ask["what"],
                amount_minor=ask.get("amount"),
                currency="CNY" if "amount" in ask else "",
            )
            for ask in table["asks"]
        ]
        names = ("title", "summary", "plan", "place", "for_whom", "heads", "safety")
        led.initiatives[key] = draft_initiative(
            by=members[table["by"]],
            pitch=Pitch(
                **{name: table[name] for name in names},
                **days,
                asks=asks,
                deputy=members[table["deputy"]],
                clubs=[led.clubs[club] for club in table.get("clubs", [])],
            ),
        )

    community.plan(table["drafted"], draft, by=table["by"])
    community.plan(
        table["agreed"],
        lambda: answer_as_deputy(by=members[table["deputy"]], initiative=led.initiatives[key], agree=True),
        by=table["deputy"],
    )
    community.plan(
        table["submitted"], lambda: submit(by=members[table["by"]], initiative=led.initiatives[key]), by=table["by"]
    )
    for who, kind, at in table["supports"]:
        community.plan(
            at, lambda who=who, kind=kind: support(by=members[who], initiative=led.initiative(key), kind=kind), by=who
        )
    for said in table.get("scores", []):
        community.plan(said["at"], lambda said=said: _score(community, led, key, said), by=said["by"])
    if "decided" in table:
        community.plan(table["decided"]["at"], lambda: _decide(community, led, table), by=APPROVER)
    plan_spending(community, lambda: led.initiative(key), table.get("expenses", []))
    plan_lending(community, lambda: led.initiative(key), led.events, table)
    plan_accounting(community, led, table)


def _decide(community: Community, led: Led, table: content.Table) -> None:
    """What is granted, where it is less than was asked for."""
    said = {name: value for name, value in table["decided"].items() if name not in {"at", "granted"}}
    if less := table["decided"].get("granted"):
        said["granted"] = [less.get(ask["what"]) for ask in table["asks"]]
    decide(by=community.members[APPROVER], initiative=led.initiatives[table["key"]], **said)


def _score(community: Community, led: Led, key: str, said: content.Table) -> None:
    scores = dict(zip(CRITERIA, said["of"], strict=True))
    score(
        by=community.members[said["by"]], initiative=led.initiatives[key], version=1, scores=scores, words=said["words"]
    )
