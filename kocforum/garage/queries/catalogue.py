"""Reads of the catalogue."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from ..models import FailureMode, Function, VehicleModel


def models_for_choice() -> QuerySet[VehicleModel]:
    """Models that a form offers."""
    return VehicleModel.objects.filter(retired=False).prefetch_related("trims")


def match_model(words: str) -> VehicleModel | None:
    """The catalogue's model for a slug or a name in either language, whatever the case; None keeps the owner's own words."""
    wanted = words.strip().casefold()
    if not wanted:
        return None
    for model in VehicleModel.objects.all():
        names = {model.slug.casefold(), model.name.casefold(), model.name_en.casefold()}
        if wanted in names or wanted.replace(" ", "") in {name.replace(" ", "") for name in names}:
            return model
    return None


def functions_flat() -> QuerySet[Function]:
    """All functions with their failure modes, in two queries."""
    return Function.objects.select_related("parent").prefetch_related(
        Prefetch("failure_modes", FailureMode.objects.order_by("position", "slug"))
    )


def lineage(function: Function) -> list[Function]:
    """The function and those above it, nearest first."""
    line: list[Function] = []
    current: Function | None = function
    while current is not None and current not in line:
        line.append(current)
        current = current.parent
    return line


def tree() -> list[dict[str, Any]]:
    """Functions as a tree of {function, children}, in one query."""
    by_parent: dict[int | None, list[Function]] = {}
    for function in Function.objects.all():
        by_parent.setdefault(function.parent_id, []).append(function)

    def below(parent: int | None) -> list[dict[str, Any]]:
        return [{"function": function, "children": below(function.pk)} for function in by_parent.get(parent, [])]

    return below(None)


__all__ = ["functions_flat", "lineage", "match_model", "models_for_choice", "tree"]
