"""The answers to a survey that count, read once for everything that one page tells of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Sum, TextField
from django.db.models.functions import Cast

from ..models import Response, Survey
from ..rules.questionnaire import Item
from .instruments import KEPT_FOR, questionnaire_of


class Answers:
    """Of one survey, as they are when they are first asked for: make one for each page, and keep none."""

    def __init__(self, survey: Survey):
        self.survey = survey

    @cached_property
    def _rows(self) -> list[tuple[str, str, int | None]]:
        texts = (Cast(name, TextField()) for name in ("answers", "facts"))
        return list(self.survey.responses.counted().values_list(*texts, "seconds"))

    @cached_property
    def said(self) -> list[dict[str, Any]]:
        """What each answered, by key of the question: null where it was seen and not answered."""
        return _documents(row[0] for row in self._rows)

    @cached_property
    def facts(self) -> list[dict[str, str]]:
        """Of each in the same order: the car, level and city."""
        return _documents(row[1] for row in self._rows)

    @property
    def seconds(self) -> list[int | None]:
        """In the same order, how long each took; None where it is not known."""
        return [row[2] for row in self._rows]

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
    """All at once: one by one, reading thousands would take longer than counting them."""
    return json.loads(f"[{','.join(texts)}]")
