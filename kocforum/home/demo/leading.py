"""What KOCs lead: clubs, initiatives with the brand's answer and what they were spent on, events with who comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from kocforum.forum.actions.threads import open_thread
from kocforum.garage.models import VehicleModel
from kocforum.uploads.models import Upload
from tasks.actions.clubs import found_club, join_club
from tasks.actions.event_pictures import show_pictures
from tasks.actions.events import EventTerms, QuestionDraft, open_event, plan_event
from tasks.actions.initiatives import AskDraft, Pitch, draft_initiative
from tasks.actions.proposals import answer_as_deputy, submit, support
from tasks.actions.reviews import decide, score
from tasks.actions.rsvps import Minors, take_place
from tasks.models import Club, Event, Initiative
from tasks.models.reviews import CRITERIA

from . import content
from .community import Community
from .lending import plan_lending
from .spending import plan_spending

APPROVER = "approver"


@dataclass
class Led:
    """Rows by the keys of the texts."""

    clubs: dict[str, Club] = field(default_factory=dict)
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)


def plan_leading(community: Community) -> None:
    """Everything of initiatives.toml."""
    told, led = content.read("initiatives"), Led()
    for table in told["clubs"]:
        _plan_club(community, led, table)
    for table in told["initiatives"]:
        _plan_initiative(community, led, table)
    for table in told["events"]:
        _plan_event(community, led, table)


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
            at, lambda who=who, kind=kind: support(by=members[who], initiative=_now(led, key), kind=kind), by=who
        )
    for said in table.get("scores", []):
        community.plan(said["at"], lambda said=said: _score(community, led, key, said), by=said["by"])
    if "decided" in table:
        said = {name: value for name, value in table["decided"].items() if name != "at"}
        community.plan(
            table["decided"]["at"],
            lambda: decide(by=members[APPROVER], initiative=led.initiatives[key], **said),
            by=APPROVER,
        )
    plan_spending(community, lambda: _now(led, key), table.get("expenses", []))
    plan_lending(community, lambda: _now(led, key), led.events, table)


def _now(led: Led, key: str) -> Initiative:
    return Initiative.objects.get(pk=led.initiatives[key].pk)


def _score(community: Community, led: Led, key: str, said: content.Table) -> None:
    scores = dict(zip(CRITERIA, said["of"], strict=True))
    score(
        by=community.members[said["by"]], initiative=led.initiatives[key], version=1, scores=scores, words=said["words"]
    )


def _plan_event(community: Community, led: Led, table: content.Table) -> None:
    key, members = table["key"], community.members

    def leader() -> str:
        return led.initiatives[table["initiative"]].proposer.username

    def plan() -> None:
        names = ("title", "about", "agenda", "city", "place", "capacity", "asks_car")
        led.events[key] = plan_event(
            by=members[leader()],
            initiative=_now(led, table["initiative"]),
            terms=EventTerms(
                **{name: table[name] for name in names},
                starts_at=community.moment(table["starts"]),
                ends_at=community.moment(table["ends"]),
                questions=[
                    QuestionDraft(text=line.rstrip("*"), required=line.endswith("*")) for line in table["questions"]
                ],
            ),
        )

    community.plan(table["planned"], plan)
    community.plan(table["opened"], lambda: open_event(by=members[leader()], event=led.events[key]))
    if "pictures" in table:
        community.plan(table["opened"], lambda: _show(community, led.events[key], table, by=leader()))
    for said in table["places"]:
        community.plan(said["at"], lambda said=said: _come(community, led.events[key], said), by=said["by"])


def _show(community: Community, event: Event, table: content.Table, *, by: str) -> None:
    pictures, way = (
        list(Upload.objects.filter(pk__in=community.media(by, {"photos": [{"scene": scene} for scene in scenes]})))
        for scenes in (table["pictures"], [table["way"]])
    )
    show_pictures(by=community.members[by], event=event, pictures=pictures, way=way)


def _come(community: Community, event: Event, said: content.Table) -> None:
    answers = {f"q{number}": words for number, words in enumerate(said["answers"], 1)}
    take_place(
        by=community.members[said["by"]],
        event=event,
        party=said["party"],
        answers=answers,
        plate=said.get("plate", ""),
        listed=said.get("listed", False),
        minors=Minors(**said["minors"]) if "minors" in said else None,
    )
