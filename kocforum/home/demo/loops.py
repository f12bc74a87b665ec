"""What the brand made of the topics: tickets, the releases that answer them, and owners' words on those."""

from __future__ import annotations

import datetime as dt

from insights.actions.distilled import sign, write
from insights.actions.offers import answer_offer, expire_offers
from insights.actions.releases import create_release, publish_release, start_beta
from insights.actions.tickets import move_ticket, promote
from insights.actions.verifications import seal, unseal, verify
from insights.models import Offer
from kocforum.forum.actions.official import answer_officially, set_official_status
from kocforum.forum.models import Passage
from kocforum.garage.models import VehicleModel
from kocforum.uploads.actions import attach

from . import content
from .community import Community

A_MINUTE = dt.timedelta(minutes=1)
A_MOVE_BRINGS = {
    "triaged": ("severity",),
    "routed": ("department",),
    "fix_planned": ("acceptance_target",),
    "fix_ready": ("fix_version",),
    "cleared": ("compliance_ref",),
}
WITH_THE_RELEASE = {"beta", "released"}


def plan_loops(community: Community) -> None:
    """Everything of loops.toml but the passages."""
    loops = content.read("loops")
    for table in loops["tickets"]:
        _plan_ticket(community, table)
    for table in loops["releases"]:
        _plan_release(community, table)
    for table in loops["offers"]:
        _plan_answer_to_offer(community, table)
    for table in loops["verifications"]:
        _plan_verification(community, table)
    for table in loops["answers"]:
        _plan_answer(community, table)


def _plan_ticket(community: Community, table: content.Table) -> None:
    key, researcher = table["key"], table["by"]

    def make() -> None:
        topics = [community.topics[name] for name in table["topics"]]
        community.tickets[key] = promote(
            by=community.members[researcher],
            kind=table["kind"],
            title=table["title"],
            topics=topics,
            threads=[community.threads[name] for name in table["threads"]],
            evidence=Passage.objects.filter(topic__in=topics).order_by("pk"),
        )

    def distil() -> None:
        report = write(
            by=community.members[researcher],
            ticket=community.tickets[key],
            findings=[
                {"text": finding["text"], "reports": [community.reports[name].pk for name in finding["reports"]]}
                for finding in table["findings"]
            ],
            counter_examples=table["counter_examples"],
            hypothesis=table["hypothesis"],
            recommendation=table["recommendation"],
        )
        sign(by=community.members[table["signed"]["by"]], report=report)

    community.plan(table["at"], make, by=researcher)
    community.plan(table["signed"]["at"], distil, by=researcher)
    for move in table["moves"]:
        if move["to"] in WITH_THE_RELEASE:
            _plan_public_note(community, table, move)
        else:
            _plan_move(community, table, move)


def _plan_move(community: Community, table: content.Table, move: content.Table) -> None:
    def step() -> None:
        ticket = community.tickets[table["key"]]
        ticket.refresh_from_db()
        move_ticket(
            by=community.members[move["by"]],
            ticket=ticket,
            to=move["to"],
            expected=ticket.state,
            reason=move.get("reason", ""),
            public_note=move.get("note", ""),
            **{name: table[name] for name in A_MOVE_BRINGS.get(move["to"], ())},
        )

    community.plan(move["at"], step, by=move["by"])


def _plan_public_note(community: Community, table: content.Table, move: content.Table) -> None:
    """The release moved the ticket a minute before; here is what owners read about it."""

    def say() -> None:
        set_official_status(
            by=community.members[move["by"]],
            status=move["to"],
            note=move["note"],
            threads=[community.threads[name] for name in table["threads"]],
            topics=[community.topics[name] for name in table["topics"]],
        )

    community.plan(community.moment(move["at"]) + A_MINUTE, say, by=move["by"])


def _plan_release(community: Community, table: content.Table) -> None:
    key, researcher = table["key"], table["by"]

    def draft() -> None:
        community.releases[key] = create_release(
            by=community.members[researcher],
            kind=table["kind"],
            version=table["version"],
            title=table["title"],
            title_en=table["title_en"],
            announcement=table["announcement"].strip(),
            announcement_en=table["announcement_en"].strip(),
            vehicle_models=VehicleModel.objects.filter(slug__in=table["models"]),
            tickets=[community.tickets[name] for name in table["answers"]],
        )

    def begin() -> None:
        start_beta(by=community.members[researcher], release=community.releases[key])

    def publish() -> None:
        publish_release(by=community.members[researcher], release=community.releases[key])

    community.plan(table["drafted"], draft, by=researcher)
    community.plan(table["beta"], begin, by=researcher)
    if "public" in table:
        community.plan(table["public"], publish, by=researcher)
        # The site does this every hour; nobody was there to do it then.
        community.plan(community.moment(table["beta"]) + dt.timedelta(days=14, hours=1), expire_offers)


def _offer(community: Community, release: str, member: str) -> Offer:
    return Offer.objects.get(release=community.releases[release], member=community.members[member])


def _plan_answer_to_offer(community: Community, table: content.Table) -> None:
    if "answer" not in table:
        return
    accept = table["answer"] == "accepted"

    def answer() -> None:
        offer = _offer(community, table["release"], table["member"])
        answer_offer(by=community.members[table["member"]], offer=offer, accept=accept, consent=accept)

    community.plan(table["at"], answer, by=table["member"])


def _plan_verification(community: Community, table: content.Table) -> None:
    """Sealed in the beta and released with one tap, or told when everybody had it."""
    name = table["by"]
    observed = {
        "words": table["words"].strip(),
        "conditions": content.conditions(table),
        "attempts": table["attempts"],
        "failures": table["failures"],
    }

    def tell_sealed() -> None:
        seal(by=community.members[name], offer=_offer(community, table["version"], name), **observed)

    def release() -> None:
        verification = unseal(by=community.members[name], offer=_offer(community, table["version"], name))
        uploads = community.media(name, table)
        attach(by=community.members[name], uploads=uploads, kind="post", object_id=verification.post_id)

    def tell() -> None:
        verify(
            by=community.members[name],
            report=community.reports[table["report"]],
            release=community.releases[table["version"]],
            vehicle=community.cars[name],
            uploads=community.media(name, table),
            **observed,
        )

    if "sealed" in table:
        community.plan(table["sealed"], tell_sealed, by=name)
    community.plan(table["at"], release if "sealed" in table else tell, by=name)


def _plan_answer(community: Community, table: content.Table) -> None:
    def say() -> None:
        answer_officially(
            by=community.members[table["by"]], thread=community.threads[table["thread"]], body=table["body"].strip()
        )

    community.plan(table["at"], say, by=table["by"])
