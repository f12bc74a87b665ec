"""Fill an envelope, say when its parts are released, release them, account for it, settle it, open it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, Refused, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text
from kocforum.uploads.actions import attach
from kocforum.uploads.models import Upload

from .. import facts
from ..enums import AskKind, EndorsementState, LineKind, Verdict
from ..models import BudgetLine, Decision, Envelope, Initiative, Tranche
from ..models.money import ACCOUNT_PHOTOS
from ..queries.initiatives import in_money
from ..rules.money import can_account, can_release, can_reopen, can_settle
from . import purses
from .content import wants_a_look
from .purses import hold_envelope

CANCELLING_SHARE = 5  # one fifth of what is granted may go into what a cancelled event still costs
MOST_TRANCHES = 12


@dataclass(frozen=True, kw_only=True)
class TranchePlan:
    """A part that is not released yet: on a day, or when a colleague says that its condition is met."""

    amount_minor: int
    condition: str = ""
    due_on: date | None = None


def grant_money(*, initiative: Initiative, decision: Decision) -> Envelope | None:
    """In the transaction that tells the decision: what it grants of the money that was asked; None where it grants none.

    A small grant is one part, released at once. Otherwise the first half is, and the second when a colleague releases it; where
    there are conditions, both wait.
    """
    lines = [line for line in decision.granted if line["kind"] == AskKind.MONEY and line["granted_minor"]]
    amount = sum(line["granted_minor"] for line in lines)
    if not amount:
        return None
    envelope = Envelope.objects.create(initiative=initiative, decision=decision, currency=lines[0]["currency"])
    houses = [
        BudgetLine(envelope=envelope, kind=LineKind.FEES),
        BudgetLine(envelope=envelope, kind=LineKind.CANCELLING, granted_minor=amount // CANCELLING_SHARE),
    ]
    asked = [BudgetLine(envelope=envelope, what=line["what"], granted_minor=line["granted_minor"]) for line in lines]
    for position, line in enumerate([*asked, *houses]):
        line.position = position
    BudgetLine.objects.bulk_create([*asked, *houses])
    purses.grant(envelope, amount, by=decision.by)
    conditional = decision.verdict == Verdict.CONDITIONAL and not initiative.small
    halves = [amount] if initiative.small else [amount - amount // 2, amount // 2]
    parts = [part for part in halves if part]
    tranches = [
        Tranche.objects.create(
            envelope=envelope,
            number=number,
            amount_minor=part,
            condition=decision.conditions[:500] if conditional and number == 1 else "",
        )
        for number, part in enumerate(parts, 1)
    ]
    if not conditional:
        purses.release(envelope, tranches[0], by=decision.by)
    record(facts.MoneyGranted(initiative_id=initiative.pk, envelope_id=envelope.pk), by=decision.by)
    envelope.refresh_from_db()
    return envelope


@transaction.atomic
def plan_tranches(*, by: Member, envelope: Envelope, parts: Sequence[TranchePlan]) -> list[Tranche]:
    """Say anew when what is not released yet will be. To the cent: together it is the rest."""
    held = hold_envelope(envelope.pk)
    require(can_release(by, held), _("Approvers release money."))
    held.refresh_from_db(fields=["approved_minor", "released_minor"])
    rest = held.approved_minor - held.released_minor
    before = held.tranches.filter(released_at__isnull=False).count()
    if not rest:
        raise Conflict(_("Everything is released already."))
    if not 1 <= len(parts) <= MOST_TRANCHES - before:
        raise Invalid({"parts": _("From one to %(most)s parts.") % {"most": MOST_TRANCHES - before}})
    if any(part.amount_minor < 1 for part in parts) or sum(part.amount_minor for part in parts) != rest:
        left = in_money(rest, held.currency)
        raise Invalid({"parts": _("Together the parts are %(left)s, to the cent.") % {"left": left}})
    waiting = held.tranches.filter(released_at__isnull=True).order_by("number")
    wanted = [(part.amount_minor, clean_line(part.condition)[:500], part.due_on) for part in parts]
    if list(waiting.values_list("amount_minor", "condition", "due_on")) == wanted:
        return list(waiting)
    waiting.delete()
    planned = [
        Tranche.objects.create(
            envelope=held,
            number=number,
            amount_minor=part.amount_minor,
            condition=clean_line(part.condition)[:500],
            due_on=part.due_on,
        )
        for number, part in enumerate(parts, before + 1)
    ]
    record(facts.TranchesPlanned(initiative_id=held.initiative_id, envelope_id=held.pk), by=by)
    return planned


@transaction.atomic
def release_tranche(*, by: Member, tranche: Tranche) -> Tranche:
    """Its condition is met: it can be used from now on."""
    held = hold_envelope(tranche.envelope_id)
    require(can_release(by, held), _("Approvers release money."))
    return _release(held, tranche, by=by)


def _release(held: Envelope, tranche: Tranche, *, by: Member | None) -> Tranche:
    purses.release(held, tranche, by=by)
    record(facts.TrancheReleased(initiative_id=held.initiative_id, tranche_id=tranche.pk), by=by)
    tranche.refresh_from_db()
    return tranche


def release_due() -> int:
    """Parts without a condition whose day has come. One with a condition waits for a colleague. Returns how many."""
    due = Tranche.objects.filter(released_at__isnull=True, condition="", due_on__lte=timezone.localdate())
    in_force = due.filter(envelope__initiative__endorsement__state=EndorsementState.ACTIVE)
    numbers = list(in_force.order_by("envelope", "number").values_list("pk", flat=True))
    return sum(_release_by_time(pk) for pk in numbers)


def _release_by_time(pk: int) -> bool:
    try:
        with transaction.atomic():
            tranche = Tranche.objects.get(pk=pk)
            held = hold_envelope(tranche.envelope_id)
            if held.is_settled or held.initiative.endorsement.state != EndorsementState.ACTIVE:
                return False
            _release(held, tranche, by=None)
    except (Tranche.DoesNotExist, Refused):
        return False  # somebody released it, or planned anew, in the meantime
    return True


@transaction.atomic
def account_for(*, by: Member, envelope: Envelope, words: str, uploads: Iterable[Upload | int] = ()) -> Envelope:
    """Who leads it tells what was done with the money. A small grant is shown by photos (everybody sees them afterwards)."""
    held = hold_envelope(envelope.pk)
    require(can_account(by, held), _("Who leads the initiative tells what was done with the money."))
    words = clean_text(words).strip()[:2000]
    if not words:
        raise Invalid({"words": _("Tell in a few sentences what was done with the money.")})
    wants_a_look(words, field="words")
    attach(by=by, uploads=uploads, kind=ACCOUNT_PHOTOS, object_id=held.pk)
    if held.initiative.small and not Upload.objects.filter(attached_to=ACCOUNT_PHOTOS, number=held.pk).exists():
        raise Invalid({"uploads": _("A small grant is settled with photos: add one at least.")})
    Envelope.objects.filter(pk=held.pk).update(account=words, accounted_at=timezone.now())
    record(facts.MoneyAccounted(initiative_id=held.initiative_id, envelope_id=held.pk), by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def settle(*, by: Member, envelope: Envelope, reason: str = "") -> Envelope:
    """Close the money: every expense has its end, and what was not spent goes back to the brand."""
    held = hold_envelope(envelope.pk)
    require(can_settle(by, held), _("Finance settles."))
    reason = clean_line(reason)[:500]
    if held.accounted_at is None and not reason:
        raise Invalid({"reason": _("They have not told yet what was done with the money. Say why you do not wait.")})
    purses.give_back(held, by=by, reason=reason)
    record(facts.MoneySettled(initiative_id=held.initiative_id, envelope_id=held.pk), by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def reopen(*, by: Member, envelope: Envelope, reason: str) -> Envelope:
    """Something came late (I16): what went back is taken out again by a counter-entry."""
    held = hold_envelope(envelope.pk)
    require(can_reopen(by, held), _("Finance opens it again."))
    reason = clean_line(reason)[:500]
    if not reason:
        raise Invalid({"reason": _("Say why. It stays in the ledger.")})
    purses.take_out_again(held, by=by, reason=reason)
    record(facts.MoneyReopened(initiative_id=held.initiative_id, envelope_id=held.pk), by=by)
    held.refresh_from_db()
    return held
