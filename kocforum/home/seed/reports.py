"""Reports with conditions that go with their outcome, and what other owners answered."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kocforum.forum.actions.reports import board_for
from kocforum.forum.enums import Outcome, PostKind, Precision, RiverStage, Signal, Stance, ThreadKind, Venue
from kocforum.forum.models import (
    Board,
    Corroboration,
    Dimension,
    DimensionValue,
    Follow,
    Observation,
    ObservedCondition,
    Post,
    Report,
    Stage,
    Thread,
)
from kocforum.garage.models import FailureMode, Function
from kocforum.search.actions import index_many

from .people import Owner
from .texts import Texts
from .threads import moments, new_thread

MOST_ANSWERS = 6
HARD = {"light-rain", "heavy-rain", "night-dim", "fog", "wet", "dirty", "below-minus-10", "reflective"}


class Catalogue:
    """Functions that can fail, their boards, and dimensions with their values."""

    def __init__(self) -> None:
        self.modes: list[FailureMode] = list(FailureMode.objects.select_related("function__parent__parent"))
        self.boards: dict[int, Board] = {
            function.pk: board_for(function) for function in {mode.function for mode in self.modes}
        }
        self.dimensions: list[list[DimensionValue]] = [
            list(dimension.values.select_related("dimension"))
            for dimension in Dimension.objects.order_by("position", "slug").prefetch_related("values")
        ]
        self.dimensions = [values for values in self.dimensions if values]


@dataclass
class Said:
    """One owner's observation before it is a row."""

    owner: Owner
    at: dt.datetime
    values: list[DimensionValue]
    seen: Observation
    stance: str = ""


@dataclass
class Plan:
    """A report and its answers before they are rows."""

    mode: FailureMode
    at: list[dt.datetime]
    said: list[Said]
    title: str
    text: tuple[str, str]

    @property
    def function(self) -> Function:
        return self.mode.function


def write_reports(
    dice: random.Random,
    *,
    count: int,
    owners: Sequence[Owner],
    catalogue: Catalogue,
    texts: Texts,
    anchor: dt.datetime,
) -> None:
    """Reports with up to six corroborations each, in one transaction."""
    plans = [_plan(dice, owners, catalogue, texts, anchor) for _ in range(count)]
    with transaction.atomic():
        threads = Thread.objects.bulk_create(
            new_thread(
                board=catalogue.boards[plan.function.pk],
                author=plan.said[0].owner,
                title=plan.title,
                kind=ThreadKind.REPORT,
                at=plan.at,
                last=plan.said[-1].owner,
            )
            for plan in plans
        )
        told = [said for plan in plans for said in plan.said]
        Observation.objects.bulk_create([said.seen for said in told])
        ObservedCondition.objects.bulk_create(
            ObservedCondition(observation=said.seen, value=value) for said in told for value in said.values
        )
        posts = Post.objects.bulk_create(
            _post(dice, thread, plan, number, texts)
            for thread, plan in zip(threads, plans, strict=True)
            for number in range(1, len(plan.said) + 1)
        )
        reports = Report.objects.bulk_create(
            _report(dice, thread, plan) for thread, plan in zip(threads, plans, strict=True)
        )
        _answers(reports, plans, posts)
        Stage.objects.bulk_create(_stages(reports, plans))
        Follow.objects.bulk_create(
            Follow(thread=thread, member=plan.said[0].owner.member, at=plan.at[0])
            for thread, plan in zip(threads, plans, strict=True)
        )
        index_many(_documents(reports, plans))


def _plan(
    dice: random.Random, owners: Sequence[Owner], catalogue: Catalogue, texts: Texts, anchor: dt.datetime
) -> Plan:
    speakers = dice.sample(owners, k=min(len(owners), 1 + dice.randint(0, MOST_ANSWERS)))
    at = moments(dice, len(speakers), anchor)
    mode = dice.choice(catalogue.modes)
    said = [_said(dice, owner, moment, catalogue) for owner, moment in zip(speakers, at, strict=True)]
    for answer in said[1:]:
        answer.stance = Stance.SAME if answer.seen.outcome == said[0].seen.outcome else Stance.DIFFERENT
    first = said[0]
    seen = first.seen
    counted = f"{seen.attempts} 次失败 {seen.failures} 次" if seen.failures else f"{seen.attempts} 次都成功"
    parts = [*(value.name for value in first.values[:3]), f"{mode.function.name}{mode.name} {counted}"]
    title = " · ".join([*parts, *filter(None, [seen.software_version])])[:120]
    return Plan(mode, at, said, title, dice.choice(texts.openings))


def _said(dice: random.Random, owner: Owner, at: dt.datetime, catalogue: Catalogue) -> Said:
    """What one owner saw. Hard conditions go with failing, so that the lens has something to show."""
    dimensions = dice.sample(catalogue.dimensions, k=min(len(catalogue.dimensions), dice.randint(2, 4)))
    values = sorted((dice.choice(values) for values in dimensions), key=lambda value: value.dimension.position)
    chance = 0.75 if any(value.slug in HARD for value in values) else 0.35
    attempts = dice.randint(1, 4)
    failures = sum(dice.random() < chance for _ in range(attempts))
    vehicle = owner.vehicle
    seen = Observation(
        owner=owner.member,
        vehicle=vehicle,
        model=vehicle.model,
        model_name=vehicle.model.name,
        year=vehicle.year,
        mileage_km=vehicle.mileage_km,
        software_version=owner.version,
        occurred_at=at - dt.timedelta(minutes=dice.randint(5, 600)),
        precision=Precision.MINUTE,
        attempts=attempts,
        failures=failures,
        outcome=Outcome.FAILED if failures == attempts else Outcome.MIXED if failures else Outcome.WORKED,
    )
    return Said(owner, at, values, seen)


def _post(dice: random.Random, thread: Thread, plan: Plan, number: int, texts: Texts) -> Post:
    said = plan.said[number - 1]
    body, html = plan.text if number == 1 else dice.choice(texts.answers)
    return Post(
        thread=thread,
        number=number,
        author=said.owner.member,
        kind=PostKind.OPENING if number == 1 else PostKind.CORROBORATION,
        body=body,
        html=html,
        created_at=said.at,
    )


def _report(dice: random.Random, thread: Thread, plan: Plan) -> Report:
    return Report(
        thread=thread,
        observation=plan.said[0].seen,
        function=plan.function,
        failure_mode=plan.mode,
        title_is_own=True,
        district=plan.said[0].owner.member.city,
        venue=dice.choice(Venue.values),
        signals=[dice.choice(Signal.values)],
        completeness=9,  # everything but a picture
        created_at=plan.at[0],
    )


def _answers(reports: Sequence[Report], plans: Sequence[Plan], posts: Sequence[Post]) -> None:
    places = {(post.thread_id, post.number): post for post in posts}
    Corroboration.objects.bulk_create(
        Corroboration(
            report=report,
            author=said.owner.member,
            vehicle=said.owner.vehicle,
            post=places[report.thread_id, number],
            observation=said.seen,
            stance=said.stance,
            created_at=said.at,
        )
        for report, plan in zip(reports, plans, strict=True)
        for number, said in enumerate(plan.said[1:], start=2)
    )


def _stages(reports: Sequence[Report], plans: Sequence[Plan]):
    for report, plan in zip(reports, plans, strict=True):
        yield Stage(report=report, stage=RiverStage.RECORDED, reached_at=plan.at[0])
        if len(plan.said) > 1:
            yield Stage(report=report, stage=RiverStage.CORROBORATED, reached_at=plan.at[1])


def _documents(reports: Sequence[Report], plans: Sequence[Plan]):
    """As `queries.documents.of_report`, from what is at hand."""
    for report, plan in zip(reports, plans, strict=True):
        first = plan.said[0]
        words = [
            plan.text[0],
            f"{plan.function.name} {plan.function.name_en} {first.seen.model_name} {first.seen.software_version} {report.district}",
            " ".join(value.name for value in first.values),
            " ".join(value.name_en for value in first.values),
            f"{plan.mode.name} {plan.mode.name_en}",
        ]
        document = {
            "author_id": first.owner.member.pk,
            "title": plan.title,
            "body": "\n".join(words),
            "at": plan.at[0],
            "weight": 1.2,
        }
        yield {"kind": "report", "object_id": report.pk, "parent_id": report.thread_id, **document}
        yield {"kind": "thread", "object_id": report.thread_id, **document}
