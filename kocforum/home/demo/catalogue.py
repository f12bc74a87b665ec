"""What staff set up before anybody comes: models, functions, conditions, words, boards."""

from __future__ import annotations

from typing import Any

from django.db import models

from kocforum.forum.models import Board, ContentRule, Dimension, DimensionValue
from kocforum.forum.queries.moderation import forget_rules
from kocforum.garage.models import FailureMode, Function, SoftwareVersion, Trim, VehicleModel
from kocforum.garage.queries import version_key
from kocforum.search.actions import keep_word
from kocforum.search.models import Word
from kocforum.search.queries.words import learn_words

from . import content
from .community import Community


def _row(model: type[models.Model], keys: dict[str, Any], /, **values: Any) -> Any:
    """What staff have there already stays as it is."""
    return model._default_manager.get_or_create(**keys, defaults=values)[0]


def _named(table: content.Table) -> dict[str, str]:
    return {"name": table["name"], "name_en": table.get("name_en", "")}


def set_up(community: Community) -> None:
    """Rows that staff keep in the administration and that no action makes."""
    catalogue = content.read("catalogue")
    _cars(community, catalogue)
    _functions(catalogue["functions"])
    for place, table in enumerate(catalogue["dimensions"]):
        several = table.get("several", False)
        dimension = _row(Dimension, {"slug": table["slug"]}, **_named(table), position=place, several=several)
        for order, value in enumerate(table["values"]):
            _row(DimensionValue, {"dimension": dimension, "slug": value["slug"]}, **_named(value), position=order)
    for word in catalogue["words"]["cars"]:
        keep_word(by=None, text=word, source=Word.Source.CATALOGUE)
    learn_words(now=True)
    for place, table in enumerate(content.read("boards")["boards"]):
        community.boards[table["slug"]] = _board(table, place)
    for rule in content.read("today")["rules"]:
        _row(ContentRule, {"phrase": rule["phrase"]}, verdict=rule["verdict"], note=rule["note"])
    forget_rules()


def _cars(community: Community, catalogue: content.Table) -> None:
    for place, table in enumerate(catalogue["models"]):
        model = _row(VehicleModel, {"slug": table["slug"]}, **_named(table), position=place)
        for trim in table["trims"]:
            _row(Trim, {"model": model, "name": trim["name"]}, name_en=trim["name_en"])
    for table in catalogue["versions"]:
        shipped = content.day(table["public"], community.today)
        version = _row(
            SoftwareVersion, {"name": table["name"]}, sort_key=version_key(table["name"]), shipped_on=shipped
        )
        version.vehicle_models.add(*VehicleModel.objects.filter(slug__in=table["models"]))


def _functions(tables: list[content.Table]) -> None:
    functions: dict[str, Function] = {}
    for place, table in enumerate(tables):
        parent = functions.get(table.get("parent", ""))
        function = _row(Function, {"slug": table["slug"]}, **_named(table), parent=parent, position=place)
        functions[table["slug"]] = function
        for order, mode in enumerate(table["failure_modes"]):
            _row(FailureMode, {"function": function, "slug": mode["slug"]}, **_named(mode), position=order)


def _board(table: content.Table, place: int) -> Board:
    return _row(
        Board,
        {"slug": table["slug"]},
        **_named(table),
        about=table["about"],
        about_en=table["about_en"],
        position=place,
        only_staff_opens=table.get("only_staff_opens", False),
        function=Function.objects.filter(slug=table.get("function", "")).first(),
        model=VehicleModel.objects.filter(slug=table.get("model", "")).first(),
    )
