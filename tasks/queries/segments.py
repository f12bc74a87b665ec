"""Kinds of cars and people by which answers are told apart, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kocforum.garage.models import VehicleModel
from kocforum.members.enums import KocLevel


def labels_of(by: str, keys: Iterable[str]) -> dict[str, str]:
    """How to write each kind; `by`: model, version, koc_level or city. One query for models, none for the others."""
    keys = list(keys)
    names: dict[str, str] = {}
    if by == "model":
        names = dict(VehicleModel.objects.filter(slug__in=keys).values_list("slug", "name"))
    if by == "koc_level":
        names = {level: str(KocLevel(level).label) for level in keys if level in KocLevel.values}
    return {key: names.get(key) or key or _("Not known") for key in keys}
