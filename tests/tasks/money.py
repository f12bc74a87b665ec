"""Envelopes, receipts and expenses, for tests."""

from __future__ import annotations

import io
import random
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Sum
from PIL import Image

from kocforum.members.models import Member
from kocforum.uploads.models import Upload
from tasks.actions.expense_terms import ExpenseDraft
from tasks.actions.expenses import submit_expense
from tasks.actions.initiatives import AskDraft
from tasks.actions.payments import approve_expense, pay_expense
from tasks.actions.reviews import decide, score
from tasks.models import Envelope, Expense, Initiative, MoneyMove
from tasks.models.reviews import CRITERIA
from tests.people import make_staff
from tests.tasks.initiatives import koc, submitted

COUNTERS = ("approved_minor", "released_minor", "reserved_minor", "spent_minor", "returned_minor")


def staff(role: str, username: str = "") -> Member:
    username = username or role
    return Member.objects.filter(username=username).first() or make_staff(username, role=role)


def asked(amount_minor: int, currency: str = "CNY") -> tuple[AskDraft, ...]:
    return (AskDraft(kind="money", what="饮用水", amount_minor=amount_minor, currency=currency),)


def granted(amount_minor: int = 50_000, verdict: str = "full", **values: Any) -> Envelope:
    """An envelope of this much; up to ¥2,000 it is a small grant, released at once."""
    made = submitted(asks=values.pop("asks", asked(amount_minor)), **values)
    if not made.small:
        for name in ("researcher", "operator"):
            score(by=staff(name), initiative=made, version=made.version, scores=dict.fromkeys(CRITERIA, 4))
    conditions = "先交路线。" if verdict == "conditional" else ""
    decide(by=staff("approver"), initiative=made, verdict=verdict, reason="值得", conditions=conditions)
    return Envelope.objects.get(initiative=made)


def pixels(seed: Any) -> bytes:
    """A picture that looks like no other."""
    noise = random.Random(str(seed)).randbytes(17 * 16)
    file = io.BytesIO()
    Image.frombytes("L", (17, 16), noise).resize((170, 160), Image.Resampling.NEAREST).save(file, "WEBP", lossless=True)
    return file.getvalue()


def receipt(by: Member | None = None, seed: Any = None, sha256: str = "") -> Upload:
    """A picture as the house keeps it, without the work of receiving one."""
    seed = seed or uuid.uuid4()
    row = Upload(owner=by or koc(), kind="image", original_name="r.jpg", size=1, width=170, height=160)
    row.sha256 = sha256 or uuid.uuid5(uuid.NAMESPACE_OID, str(seed)).hex * 2
    for rendition in ("display", "thumbnail"):
        getattr(row, rendition).save(f"{rendition}.webp", ContentFile(pixels(seed)), save=False)
    row.save()
    return row


def draft(amount_minor: int = 10_000, by: Member | None = None, **values: Any) -> ExpenseDraft:
    given = values.pop("receipt", None) or receipt(by)
    return ExpenseDraft(**{"amount_minor": amount_minor, "currency": "CNY", "receipt": given, "what": "水", **values})


def handed_in(envelope: Envelope, amount_minor: int = 10_000, by: Member | None = None, **values: Any) -> Expense:
    initiative = Initiative.objects.get(pk=envelope.initiative_id)
    by = by or initiative.proposer
    op_id = values.pop("op_id", None)
    return submit_expense(by=by, initiative=initiative, draft=draft(amount_minor, by, **values), op_id=op_id)


def approved(envelope: Envelope, amount_minor: int = 10_000, **values: Any) -> Expense:
    return approve_expense(by=staff("approver"), expense=handed_in(envelope, amount_minor, **values))


def paid(envelope: Envelope, amount_minor: int = 10_000, **values: Any) -> Expense:
    return pay_expense(by=staff("finance"), expense=approved(envelope, amount_minor, **values))


def kept(expense: Expense, **values: Any) -> ExpenseDraft:
    """An expense as it stands, but for these values."""
    names = ("amount_minor", "receipt", "line", "what", "note", "payee", "issued_on", "fapiao", "related_party")
    return ExpenseDraft(**{**{name: getattr(expense, name) for name in names}, "currency": "CNY", **values})


def counters(envelope: Envelope) -> tuple[int, ...]:
    """(approved, released, reserved, spent, returned)."""
    return Envelope.objects.values_list(*COUNTERS).get(pk=envelope.pk)


def the_ledger_tells_the_counters(envelope: Envelope) -> None:
    """Exact to the cent: each counter is the sum of its column, the expenses say the same, and nothing is promised twice."""
    told = MoneyMove.objects.filter(envelope=envelope).aggregate(**{name: Sum(name, default=0) for name in COUNTERS})
    assert tuple(told[name] for name in COUNTERS) == counters(envelope)
    approved_minor, released, reserved, spent, returned = counters(envelope)
    rows = Expense.objects.filter(envelope=envelope)

    def sum_of(state: str) -> int:
        return sum(row.amount_minor for row in rows if row.state == state)

    assert (reserved, spent) == (sum_of("approved"), sum_of("paid"))
    assert 0 <= reserved + spent <= released <= approved_minor and returned + reserved + spent <= approved_minor
    used = {line.pk: line.used_minor for line in envelope.lines.all()}
    for row in rows:
        if row.is_promised:
            used[row.line_id] -= row.amount_minor
    assert not any(used.values())
