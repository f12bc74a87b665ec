"""An event until its day: planned, opened, shown, who comes and who does not after all, who helps, what was announced."""

from __future__ import annotations

from kocforum.uploads.models import Upload
from tasks.actions.crews import announce, choose_crew
from tasks.actions.event_pictures import show_pictures
from tasks.actions.events import EventTerms, QuestionDraft, open_event, plan_event
from tasks.actions.rsvps import Minors, give_up_place, take_place
from tasks.models import Event

from . import content
from .community import Community
from .holding import plan_day
from .led import Led


def plan_inviting(community: Community, led: Led, table: content.Table) -> None:
    """One event, and its day where it lies behind us."""
    key, members = table["key"], community.members
    community.plan(table["planned"], lambda: _plan(community, led, table))
    community.plan(table["opened"], lambda: open_event(by=members[led.leader(table)], event=led.events[key]))
    if "pictures" in table:
        community.plan(table["opened"], lambda: _show(community, led, table))
    for said in table["places"]:
        community.plan(said["at"], lambda said=said: _come(community, led.event(key), said), by=said["by"])
    for who, at in table.get("left", []):
        community.plan(at, lambda who=who: give_up_place(by=members[who], event=led.event(key)), by=who)
    for chosen in table.get("crew", []):
        community.plan(chosen["at"], lambda chosen=chosen: _choose(community, led, table, chosen))
    for said in table.get("said", []):
        community.plan(
            said["at"],
            lambda said=said: announce(by=members[led.leader(table)], event=led.event(key), words=said["words"]),
        )
    if "gate" in table:
        plan_day(community, led, table)


def _plan(community: Community, led: Led, table: content.Table) -> None:
    names = ("title", "about", "agenda", "city", "place", "capacity", "asks_car")
    led.events[table["key"]] = plan_event(
        by=community.members[led.leader(table)],
        initiative=led.initiative(table["initiative"]),
        terms=EventTerms(
            **{name: table[name] for name in names},
            starts_at=community.moment(table["starts"]),
            ends_at=community.moment(table["ends"]),
            offers_stop_hours=table.get("offers_stop", EventTerms.offers_stop_hours),
            waiver=table.get("waiver", ""),
            questions=[
                QuestionDraft(text=line.rstrip("*"), required=line.endswith("*")) for line in table["questions"]
            ],
        ),
    )


def _show(community: Community, led: Led, table: content.Table) -> None:
    by = led.leader(table)
    pictures, way = (
        list(Upload.objects.filter(pk__in=community.media(by, {"photos": [{"scene": scene} for scene in scenes]})))
        for scenes in (table["pictures"], [table["way"]] if "way" in table else [])
    )
    show_pictures(by=community.members[by], event=led.events[table["key"]], pictures=pictures, way=way)


def _come(community: Community, event: Event, said: content.Table) -> None:
    """Said again it is the same place: what was answered stays."""
    by = said["by"]
    answers = {f"q{number}": words for number, words in enumerate(said["answers"], 1)} if "answers" in said else None
    take_place(
        by=community.members[by],
        event=event,
        party=said["party"],
        answers=answers,
        vehicle=community.cars[by] if said.get("car") else None,
        plate=said.get("plate", ""),
        listed=said.get("listed", False),
        minors=Minors(**said["minors"]) if "minors" in said else None,
        waived=event.waiver_sha256,
    )


def _choose(community: Community, led: Led, table: content.Table, chosen: content.Table) -> None:
    choose_crew(
        by=community.members[led.leader(table)],
        event=led.event(table["key"]),
        username=chosen["who"],
        role=chosen["role"],
    )
