"""The day of an event and what stays of it: it begins, people come in, it ends; pictures and words, how it was."""

from __future__ import annotations

from tasks.actions.initiative_reports import tell_how_it_was
from tasks.actions.memories import tell_memory
from tasks.actions.passing import begin, end_due
from tasks.actions.scans import ScanDraft, receive_scans
from tasks.actions.taking_down import ask_to_take_down, keep_memory
from tasks.models import Memory, Rsvp

from . import content
from .community import Community
from .led import Led


def plan_day(community: Community, led: Led, table: content.Table) -> None:
    """Everything from the gate on."""
    key, members = table["key"], community.members
    for batch in table["gate"]:
        community.plan(batch["at"], lambda batch=batch: _let_in(community, led, key, batch), by=batch["by"])
    community.plan(table["starts"], lambda: begin(pk=led.events[key].pk))
    community.plan(table["ends"], end_due)
    for told in table["memories"]:
        community.plan(told["at"], lambda told=told: _remember(community, led, key, told), by=told["by"])
    for asked in table.get("asks", []):
        _plan_ask(community, led, key, asked)
    for said in table["ratings"]:
        community.plan(
            said["at"],
            lambda said=said: tell_how_it_was(
                by=members[said["by"]], event=led.event(key), recommend=said["recommend"], words=said["words"]
            ),
            by=said["by"],
        )


def _let_in(community: Community, led: Led, key: str, batch: content.Table) -> None:
    """What one phone did, when it was heard of: at the gate there may be no network."""
    tickets = dict(Rsvp.objects.filter(event=led.events[key]).values_list("member__username", "ticket"))
    scans = [
        ScanDraft(
            nonce=f"{batch['by']}-{number}",
            device=f"{community.members[batch['by']].name}的手机",
            scanned_at=community.moment(at),
            kind=kind[0] if kind else "scan",
            ticket=tickets[who],
            ahead_ms=0,
        )
        for number, (who, at, *kind) in enumerate(batch["scans"], 1)
    ]
    receive_scans(by=community.members[batch["by"]], event=led.event(key), scans=scans)


def _remember(community: Community, led: Led, key: str, told: content.Table) -> None:
    photos = [{"scene": scene} for scene in told.get("scenes", [])]
    tell_memory(
        by=community.members[told["by"]],
        event=led.event(key),
        words=told["words"],
        uploads=community.media(told["by"], {"photos": photos}),
    )


def _plan_ask(community: Community, led: Led, key: str, asked: content.Table) -> None:
    members, answer = community.members, asked["answer"]

    def memory() -> Memory:
        return Memory.objects.get(event=led.events[key], author=members[asked["about"]])

    def ask() -> None:
        ask_to_take_down(by=members[asked["by"]], memory=memory(), words=asked["words"])

    def answered() -> None:
        keep_memory(by=members[answer["by"]], memory=memory(), words=answer["words"])

    community.plan(asked["at"], ask, by=asked["by"])
    community.plan(answer["at"], answered, by=answer["by"])
