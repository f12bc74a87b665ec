"""Anonymous answers: dropped into a box and mixed, so that no row, order, transaction or moment leads to a person.

A ballot goes into the one row of the survey's box at a drawn place, in the transaction of the participation. When the
box holds at least `FEWEST` more than must stay, it is mixed in a transaction of its own: its ballots and up to
`STIRRED` responses are shuffled together, and all but `FEWEST` are written as new rows with new numbers. At the end
everything is counted out at once, all rows new. What a copy of the database shows while a survey runs is that the last
people's ballots are among at least five; after the end it shows nothing.
"""

from __future__ import annotations

import random
import secrets
from functools import partial
from typing import Any

from django.db import transaction

from ..models import BallotBox, Response, Survey
from ..rules.surveys import FEWEST

STIRRED = 500
LARGEST_STEP = 200
KEPT = ("answers", "facts", "version", "state")


def drop(*, survey: Survey, **ballot: Any) -> None:
    """In the transaction of a participation: one more ballot, with nothing of the person."""
    box = _held_box(survey.pk)
    box.ballots.insert(secrets.randbelow(len(box.ballots) + 1), ballot)
    box.save(update_fields=["ballots"])
    if len(box.ballots) >= 2 * FEWEST:
        transaction.on_commit(partial(mix, survey_id=survey.pk), robust=True)


@transaction.atomic
def mix(*, survey_id: int) -> int:
    """Move ballots out of the box in a step of at least five, mixed with earlier ones. Returns how many more are rows now."""
    box = _held_box(survey_id)
    rows = Response.objects.filter(survey=survey_id)
    size = rows.count()
    step = max(FEWEST, min(LARGEST_STEP, size // 10) // FEWEST * FEWEST)
    if len(box.ballots) < FEWEST + step:
        return 0
    moved = (len(box.ballots) - FEWEST) // FEWEST * FEWEST
    _rewrite(box, list(rows.order_by("?")[:STIRRED]), stay=len(box.ballots) - moved)
    return moved


@transaction.atomic
def count_out(*, survey: Survey) -> None:
    """At the end: all ballots become rows and all rows are new. Fewer than five stay in the box for ever."""
    box = _held_box(survey.pk)
    rows = list(Response.objects.filter(survey=survey))
    if len(rows) + len(box.ballots) >= FEWEST:
        _rewrite(box, rows, stay=0)


def _held_box(survey_id: int) -> BallotBox:
    BallotBox.objects.get_or_create(survey_id=survey_id)
    return BallotBox.objects.select_for_update().get(survey_id=survey_id)


def _rewrite(box: BallotBox, rows: list[Response], *, stay: int) -> None:
    """Shuffle ballots and rows together; some stay in the box, the rest are written as new rows in one go."""
    pool = [*box.ballots, *({name: getattr(row, name) for name in KEPT} for row in rows)]
    random.SystemRandom().shuffle(pool)
    Response.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Response.objects.bulk_create(
        [
            Response(
                survey_id=box.survey_id,
                respondent=secrets.token_hex(32),
                anonymous=True,
                submitted_at=None,
                revision=1,
                **ballot,
            )
            for ballot in pool[stay:]
        ],
        batch_size=500,
    )
    box.ballots = pool[:stay]
    box.save(update_fields=["ballots"])
