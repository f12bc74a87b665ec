"""The catalogue of an import: what a mapping brings along, and what there is, at hand for thousands of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from kocforum.errors import Invalid
from kocforum.garage.models import FailureMode, Function, VehicleModel
from kocforum.garage.queries import lineage, match_model

from ..models import Board, Dimension, DimensionValue


class Known:
    """Functions, failure modes, values and models, read once."""

    def __init__(self) -> None:
        self.functions = {row.slug: row for row in Function.objects.select_related("parent__parent")}
        self.modes = {(row.function_id, row.slug): row for row in FailureMode.objects.all()}
        values = DimensionValue.objects.select_related("dimension")
        self.values_at = {(row.dimension.slug, row.slug): row for row in values}
        self.models: dict[str, VehicleModel | None] = {}

    def function(self, slug: str) -> Function:
        """The function that a slug names."""
        if slug not in self.functions:
            raise Invalid({"function": f"there is no function called {slug}"})
        return self.functions[slug]

    def mode(self, function: Function, slug: str) -> FailureMode | None:
        """A failure mode of the function or of one above it."""
        if not slug:
            return None
        for above in lineage(function):
            if (above.pk, slug) in self.modes:
                return self.modes[above.pk, slug]
        raise Invalid({"failure_mode": f"{function.slug} has no failure mode called {slug}"})

    def values(self, conditions: Mapping[str, Sequence[str]]) -> list[DimensionValue]:
        """The rows of {dimension: values}."""
        found = []
        for pair in ((dimension, slug) for dimension, slugs in conditions.items() for slug in dict.fromkeys(slugs)):
            if pair not in self.values_at:
                raise Invalid({"conditions": f"{pair[0]} has no value called {pair[1]}"})
            found.append(self.values_at[pair])
        return found

    def model(self, words: str) -> VehicleModel | None:
        """The catalogue's model for a car in words."""
        if words not in self.models:
            self.models[words] = match_model(words)
        return self.models[words]


@transaction.atomic
def prepare_catalogue(
    *,
    board: Mapping[str, Any],
    functions: Iterable[Mapping[str, Any]] = (),
    failure_modes: Iterable[Mapping[str, Any]] = (),
    dimensions: Iterable[Mapping[str, Any]] = (),
) -> Board:
    """Give functions, failure modes (each of every function here) and dimensions their rows where staff have none, and the board.

    What is there stays as staff have it; what is new stands at the end.
    """
    rows: dict[str, Function] = {}
    for said in functions:
        parent = rows.get(said.get("parent", "")) or Function.objects.filter(slug=said.get("parent", "")).first()
        rows[said["slug"]] = _row(Function, {"slug": said["slug"]}, said, parent=parent)
    for function in rows.values():
        for said in failure_modes:
            _row(FailureMode, {"function": function, "slug": said["slug"]}, said)
    for said in dimensions:
        dimension = _row(Dimension, {"slug": said["slug"]}, said, several=said.get("several", False))
        for value in said.get("values", []):
            _row(DimensionValue, {"dimension": dimension, "slug": value["slug"]}, value)
    about = {"about": board.get("about", ""), "about_en": board.get("about_en", "")}
    return _row(
        Board, {"slug": board["slug"]}, board, **about, function=rows.get(board.get("function", "")) if rows else None
    )


def _row(model: type[models.Model], keys: dict[str, Any], said: Mapping[str, Any], **values: Any) -> Any:
    row = model._default_manager.filter(**keys).first()
    if row is None:
        among = {name: value for name, value in keys.items() if name != "slug"}
        last = model._default_manager.filter(**among).aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        row = model._default_manager.create(
            **keys, **values, name=said["name"], name_en=said.get("name_en", ""), position=position
        )
    return row
