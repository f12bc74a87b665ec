"""Write an initiative: a draft, or what changes after the brand asked for changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..enums import AskKind
from ..facts import DeputyNamed, InitiativeDrafted, InitiativeEdited
from ..models import Ask, Club, Initiative
from ..rules.initiatives import MOST_LINES, can_edit, can_propose, colleagues_stand_in_for_nobody
from .content import wants_a_look

MOST_MINOR = 10**12
SINCE, UNTIL = timedelta(days=2 * 366), timedelta(days=5 * 366)  # of today: within it lie the days of an initiative
WORDS = {"title": 120, "place": 200, "for_whom": 200}
LINE = ("kind", "what", "amount_minor", "currency")
TEXTS = {"summary": 600, "plan": 8000}


@dataclass(frozen=True, kw_only=True)
class AskDraft:
    """One line of what is asked."""

    kind: str
    what: str
    amount_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class Pitch:
    """What a KOC wants to do. Everything but the first three may come later, before it is submitted."""

    title: str
    summary: str
    plan: str
    asks: Sequence[AskDraft] = field(default_factory=tuple)
    begins_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    for_whom: str = ""
    heads: int | None = None
    safety: Sequence[str] = field(default_factory=tuple)
    deputy: Member | None = None
    clubs: Sequence[Club] = field(default_factory=tuple)
    shown_to_members: bool = True


@once(Initiative)
@transaction.atomic
def draft_initiative(*, by: Member, pitch: Pitch) -> Initiative:
    """Begin to write. Nobody but the writers reads a draft."""
    require(can_propose(by), _("You cannot propose an initiative."))
    values, asks = _checked(pitch, by)
    initiative = Initiative.objects.create(proposer=by, **values)
    _put(initiative, pitch, asks)
    record(InitiativeDrafted(initiative_id=initiative.pk), by=by)
    _ask_deputy(initiative, by, before=None)
    return initiative


@transaction.atomic
def edit_initiative(*, by: Member, initiative: Initiative, pitch: Pitch) -> Initiative:
    """Write on. What was submitted stays as it was in its version."""
    held = hold_initiative(initiative.pk)
    require(can_edit(by, held), _("You cannot write on this proposal."))
    values, asks = _checked(pitch, held.proposer)
    if not _is_another(held, values, asks, pitch.clubs):
        return held
    before = held.deputy_id
    if (values["deputy"].pk if values["deputy"] else None) != before:
        values["deputy_agreed_at"] = None
    Initiative.objects.filter(pk=held.pk).update(**values, changed_at=timezone.now())
    held.asks.all().delete()
    _put(held, pitch, asks)
    record(InitiativeEdited(initiative_id=held.pk), by=by)
    held.refresh_from_db()
    _ask_deputy(held, by, before=before)
    return held


def hold_initiative(pk: int) -> Initiative:
    """Take the row of a proposal for whatever moves it or rests on its state."""
    return Initiative.objects.select_for_update(of=("self",)).select_related("proposer", "deputy").get(pk=pk)


def _is_another(before: Initiative, values: dict[str, Any], asks: list[AskDraft], clubs: Sequence[Club]) -> bool:
    """Who saves what stands there already has changed nothing."""
    if any(getattr(before, name) != value for name, value in values.items()):
        return True
    lines = list(before.asks.values_list(*LINE).order_by("position", "pk"))
    return lines != [tuple(line.values()) for line in _lines(asks)] or {*before.clubs.all()} != {*clubs}


def _lines(asks: list[AskDraft]) -> list[dict[str, Any]]:
    """What is asked, as it is kept."""
    return [
        {
            "kind": ask.kind,
            "what": clean_line(ask.what)[:200],
            "amount_minor": ask.amount_minor,
            "currency": ask.currency if ask.amount_minor is not None else "",
        }
        for ask in asks
    ]


def _put(initiative: Initiative, pitch: Pitch, asks: list[AskDraft]) -> None:
    Ask.objects.bulk_create(
        Ask(initiative=initiative, position=place, **line) for place, line in enumerate(_lines(asks))
    )
    initiative.clubs.set(pitch.clubs)


def _ask_deputy(initiative: Initiative, by: Member, *, before: int | None) -> None:
    if initiative.deputy_id and initiative.deputy_id != before:
        record(DeputyNamed(initiative_id=initiative.pk, member_id=initiative.deputy_id), by=by)


def _checked(pitch: Pitch, proposer: Member | None) -> tuple[dict[str, Any], list[AskDraft]]:
    problems: dict[str, object] = {}
    values: dict[str, Any] = {name: clean_line(getattr(pitch, name))[:most] for name, most in WORDS.items()}
    values |= {name: clean_text(getattr(pitch, name)).strip()[:most] for name, most in TEXTS.items()}
    for name in ("title", "summary", "plan"):
        if not values[name]:
            problems[name] = _("This is needed from the first draft on.")
    if pitch.deputy is not None and proposer is not None and pitch.deputy.pk == proposer.pk:
        problems["deputy"] = _("A deputy is somebody else.")
    elif pitch.deputy is not None and pitch.deputy.is_staff:
        problems["deputy"] = colleagues_stand_in_for_nobody()
    if pitch.begins_on and pitch.ends_on and pitch.ends_on < pitch.begins_on:
        problems["ends_on"] = _("It ends after it begins.")
    today = timezone.localdate()
    for name in ("begins_on", "ends_on"):
        if (day := getattr(pitch, name)) and not today - SINCE <= day <= today + UNTIL:
            problems[name] = _("From two years ago to five years from now.")
    if pitch.heads is not None and not 1 <= pitch.heads <= 1_000_000:
        problems["heads"] = _("A number from 1 to %(most)s.") % {"most": 1_000_000}
    asks = list(pitch.asks)
    if said := _problem_of_lines(asks):
        problems["asks"] = said
    if problems:
        raise Invalid(problems)
    wants_a_look(values["title"], values["summary"], values["plan"], field="plan")
    safety = [line for line in (clean_line(point)[:300] for point in pitch.safety) if line][:MOST_LINES]
    return {
        **values,
        "begins_on": pitch.begins_on,
        "ends_on": pitch.ends_on,
        "heads": pitch.heads,
        "safety": safety,
        "deputy": pitch.deputy,
        "shown_to_members": pitch.shown_to_members,
    }, asks


def _problem_of_lines(asks: list[AskDraft]) -> str:
    if len(asks) > MOST_LINES:
        return _("At most %(most)s lines.") % {"most": MOST_LINES}
    for number, ask in enumerate(asks, 1):
        if ask.kind not in AskKind.values or not clean_line(ask.what):
            return _("Line %(n)s: say what you ask for, and of which kind.") % {"n": number}
        if ask.kind == AskKind.MONEY and not ask.amount_minor:
            return _("Line %(n)s: money needs an amount.") % {"n": number}
        if ask.amount_minor is not None and not 1 <= ask.amount_minor <= MOST_MINOR:
            return _("Line %(n)s: this amount cannot be.") % {"n": number}
        if ask.amount_minor is not None and not (
            len(ask.currency) == 3 and ask.currency.isascii() and ask.currency.isupper()
        ):
            return _("Line %(n)s: say the currency by its three letters, such as CNY.") % {"n": number}
    return ""
