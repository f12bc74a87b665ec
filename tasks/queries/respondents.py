"""Who answers: the pseudonym, the own response, and what is known of the car without asking."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.db.models import Q, QuerySet

from ..enums import Privacy, ResponseState
from ..models import Invitation, Participation, Response, ResponseDraft, Survey, Task
from ..rules.surveys import FEWEST
from ..rules.tasks import can_ask
from .audiences import car_of

FACTS = ("model", "version", "koc_level", "city")
MILEAGE_BANDS = (5_000, 20_000, 50_000, 100_000)


def respondent_of(survey: Survey, member: Any) -> str:
    """The member's pseudonym in this one survey: HMAC-SHA256 under its secret, in hexadecimal."""
    return hmac.new(bytes.fromhex(survey.secret), str(member.pk).encode(), hashlib.sha256).hexdigest()


def order_seed_of(survey: Survey, member: Any) -> int:
    """The seed of the order in which this member sees options: the same on every device, known before anything is kept."""
    drawn = hmac.new(bytes.fromhex(survey.secret), f"order:{member.pk}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:4], "big") >> 1


def own_response(survey: Survey, user: Any) -> Response | None:
    """What this person answered; of an anonymous survey nobody's is known."""
    if not user.is_authenticated or survey.is_anonymous:
        return None
    return Response.objects.filter(survey=survey, respondent=respondent_of(survey, user)).first()


def is_over_quota(survey: Survey, took: Participation, user: Any) -> bool:
    """Whether the answer that `took` stands for is kept and not counted. A replay carries no such word: there the own response says so,
    where it is known."""
    if not getattr(took, "replayed", False):
        return took.over_quota
    mine = own_response(survey, user)
    return mine is not None and mine.state == ResponseState.OVER_QUOTA


def own_draft(survey: Survey, user: Any) -> ResponseDraft | None:
    """What this person began and has not sent."""
    if not user.is_authenticated:
        return None
    return ResponseDraft.objects.filter(survey=survey, member=user.pk).first()


def facts_of(task: Task, member: Any) -> dict[str, str]:
    """Model, version, level, city and mileage band, as a response keeps them: nobody is asked what the garage knows."""
    model, version, driven = car_of(member, task.audience.criteria)
    said = {
        "model": model,
        "version": version,
        "koc_level": member.koc_level,
        "city": member.city,
        "mileage": mileage_band(driven),
    }
    return {name: value for name, value in said.items() if value}


def mileage_band(driven: int | None) -> str:
    """Kilometres as a band: "<5000", "5000-20000", …, "100000+"; "" where nobody wrote them down."""
    if driven is None:
        return ""
    below = next((band for band in MILEAGE_BANDS if driven < band), None)
    if below is None:
        return f"{MILEAGE_BANDS[-1]}+"
    place = MILEAGE_BANDS.index(below)
    return f"{MILEAGE_BANDS[place - 1]}-{below}" if place else f"<{below}"


def blurred(task: Task, facts: dict[str, str]) -> dict[str, str]:
    """What an anonymous response may keep: only what is shared with at least five people of the audience.

    City and mileage go at once; then version, level and model, until so many share the rest.
    """
    kept = {name: facts[name] for name in ("model", "koc_level", "version") if name in facts}
    for dropped in ("version", "koc_level", "model"):
        if not kept or Invitation.objects.filter(task=task, **kept)[:FEWEST].count() >= FEWEST:
            break
        kept.pop(dropped, None)
    return kept


def photos_seen_by(user: Any) -> QuerySet[Participation]:
    """Participations whose photos this person may look at: the own, and with the name for researchers where it was promised so."""
    mine = Participation.objects.visible_to(user)
    if not can_ask(user):
        return mine
    named = Participation.objects.filter(task__survey__privacy=Privacy.IDENTIFIED)
    return Participation.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=named.values("pk")))


def shows_names(survey: Survey) -> bool:
    return survey.privacy == Privacy.IDENTIFIED
