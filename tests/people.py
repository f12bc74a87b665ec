"""People, cars and a small catalogue for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from kocforum.forum.models import Board, Dimension, DimensionValue
from kocforum.garage.actions import add_vehicle
from kocforum.garage.models import FailureMode, Function, Vehicle, VehicleModel
from kocforum.members.models import Agreement, Consent, Member


def make_member(username: str = "lin", **values: Any) -> Member:
    """A verified member who accepted the current texts."""
    values = {"phone_verified_at": timezone.now(), "display_name": username.title(), **values}
    member = Member.objects.create_user(username=username, password=f"demo-{username}", **values)
    Consent.objects.bulk_create(Consent(member=member, agreement=agreement) for agreement in Agreement.objects.all())
    return member


def make_staff(username: str = "operator", role: str = "operator", **values: Any) -> Member:
    return make_member(username, is_staff=True, role=role, **values)


def make_koc(username: str = "zhou", **values: Any) -> Member:
    return make_member(username, koc_level="leader", **values)


def make_catalogue() -> Function:
    """Model S7; the function auto-parking with a failure mode; weather, light, markings; a board for it."""
    VehicleModel.objects.get_or_create(slug="S7", defaults={"name": "远山 S7", "name_en": "Yuanshan S7"})
    driving, _new = Function.objects.get_or_create(slug="driving", defaults={"name": "智能驾驶", "name_en": "Driving"})
    parking, _new = Function.objects.get_or_create(
        slug="auto-parking", defaults={"name": "自动泊车", "name_en": "Automatic parking", "parent": driving}
    )
    for place, (slug, name) in enumerate([("gives-up", "中途放弃"), ("scrapes", "蹭到旁车")]):
        FailureMode.objects.get_or_create(function=parking, slug=slug, defaults={"name": name, "position": place})
    values = {
        "weather": ("天气", False, [("sunny", "晴"), ("light-rain", "小雨"), ("heavy-rain", "大雨")]),
        "light": ("光线", False, [("day", "白天"), ("night-lit", "夜间有灯"), ("night-dark", "夜间昏暗")]),
        "markings": ("地面标线", True, [("clear", "清晰"), ("worn", "模糊"), ("reflecting", "反光")]),
    }
    for place, (slug, (name, several, options)) in enumerate(values.items()):
        dimension, _new = Dimension.objects.get_or_create(
            slug=slug, defaults={"name": name, "name_en": slug.title(), "several": several, "position": place}
        )
        for order, (value, label) in enumerate(options):
            DimensionValue.objects.get_or_create(
                dimension=dimension, slug=value, defaults={"name": label, "position": order}
            )
    make_board()
    return parking


def make_board(slug: str = "driving", **values: Any) -> Board:
    function = Function.objects.filter(slug=slug).first()
    board, _new = Board.objects.get_or_create(
        slug=slug, defaults={"name": "智能驾驶", "name_en": "Driving", "function": function, **values}
    )
    return board


def make_car(owner: Member, version: str = "4.2.1", **values: Any) -> Vehicle:
    """A car of the model S7 (or as given) with a version since 2026-01-01."""
    values = {"model": "S7", "year": 2025, "installed_on": dt.date(2026, 1, 1), **values}
    return add_vehicle(by=owner, software_version=version, **values)
