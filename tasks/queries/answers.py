"""The answers to a survey that count, read once for everything that one page tells of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Max, Sum, TextField
from django.db.models.functions import Cast

from ..models import Response, Survey
from ..rules.questionnaire import Item
from .instruments import questionnaire_of

KEPT_FOR = 600  # seconds; the key holds how many answers there are and how often they were written


class Answer(NamedTuple):
    """One response. `answers` by key of the question, null where it was seen and not answered; `seconds` it took."""

    answers: Mapping[str, Any]
    facts: Mapping[str, str]
    seconds: int | None


class Answers:
    """Of one survey, as they are when they are first asked for: make one for each page, and keep none."""

    def __init__(self, survey: Survey):
        self.survey = survey

    @cached_property
    def rows(self) -> list[Answer]:
        """Thousands of documents are read at once: one by one, the reading would take longer than all the counting."""
        texts = (Cast(name, TextField()) for name in ("answers", "facts"))
        rows = list(self.survey.responses.counted().values_list(*texts, "seconds"))
        answers, facts = _documents(row[0] for row in rows), _documents(row[1] for row in rows)
        return [Answer(said, known, row[2]) for said, known, row in zip(answers, facts, rows, strict=True)]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return questionnaire_of(self.survey).items

    @cached_property
    def stamp(self) -> str:
        """Changes with every answer that is written, changed or taken back, and with the wording.

        Their number and revisions alone would not: one taken back and another given leave both as they were.
        """
        rows = Response.objects.filter(survey=self.survey)
        found = rows.aggregate(n=Count("pk"), written=Sum("revision"), last=Max("submitted_at"))
        last = found["last"].timestamp() if found["last"] else 0
        return f"{self.survey.version}.{found['n']}.{found['written'] or 0}.{last}"

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` makes of them, from the cache where nothing was answered since."""
        key = f"tasks.{name}:{self.survey.pk}:{self.stamp}"
        found = cache.get(key)
        if found is None:
            found = make()
            cache.set(key, found, KEPT_FOR)
        return found


def _documents(texts: Iterable[str]) -> list[dict[str, Any]]:
    return json.loads(f"[{','.join(texts)}]")
