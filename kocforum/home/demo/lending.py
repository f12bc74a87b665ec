"""What the brand brings to an initiative: material from its stock, and places on its channels."""

from __future__ import annotations

from collections.abc import Callable

from tasks.actions.material import move_loan, reserve_loan
from tasks.actions.promotion import SlotDraft, move_slot, plan_slot
from tasks.actions.stock import keep_item
from tasks.models import Event, Initiative, Loan, PromotionSlot

from . import content
from .community import Community

HOUSE = "approver"


def plan_lending(
    community: Community, initiative: Callable[[], Initiative], events: dict[str, Event], told: content.Table
) -> None:
    """Loans and slots of one initiative, each with what became of it."""
    for loan in told.get("loans", []):
        _plan_loan(community, initiative, loan)
    for slot in told.get("slots", []):
        _plan_slot(community, initiative, events, slot)


def _plan_loan(community: Community, initiative: Callable[[], Initiative], told: content.Table) -> None:
    made: list[Loan] = []
    by = community.members

    def reserve() -> None:
        back = content.day(told["returns"], community.today) if "returns" in told else None
        item = keep_item(
            by=by[HOUSE], name=told["item"], unit=told["unit"], returnable=back is not None, on_hand=told["on_hand"]
        )
        made.append(
            reserve_loan(
                by=by[HOUSE],
                initiative=initiative(),
                item=item,
                quantity=told["quantity"],
                due_back_on=back,
                note=told["note"],
            )
        )

    community.plan(told["at"], reserve, by=HOUSE)
    for step in told["steps"]:
        community.plan(
            step["at"], lambda step=step: move_loan(by=by[step["by"]], loan=made[0], to=step["to"]), by=step["by"]
        )


def _plan_slot(
    community: Community, initiative: Callable[[], Initiative], events: dict[str, Event], told: content.Table
) -> None:
    made: list[PromotionSlot] = []
    by = community.members

    def promise() -> None:
        draft = SlotDraft(
            place=told["place"],
            begins_on=content.day(told["begins"], community.today),
            ends_on=content.day(told["ends"], community.today),
            wording=told["wording"],
            event=Event.objects.get(pk=events[told["event"]].pk),
        )
        made.append(plan_slot(by=by[HOUSE], initiative=initiative(), draft=draft))

    community.plan(told["at"], promise, by=HOUSE)

    def move(step: content.Table) -> None:
        proof = community.media(HOUSE, {"photos": [step]})[0] if "scene" in step else None
        move_slot(by=by[HOUSE], slot=made[0], to=step["to"], proof=proof)

    for step in told["steps"]:
        community.plan(step["at"], lambda step=step: move(step), by=HOUSE)
