"""Verified members who accepted every text, each with a car."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from kocforum.garage.models import InstalledVersion, SoftwareVersion, Vehicle, VehicleModel
from kocforum.members.models import Agreement, Consent, Member

FAMILY = "林周陈王李张刘杨黄赵吴徐孙马胡朱郭何罗高"
GIVEN = [
    "小满",
    "立夏",
    "一帆",
    "子墨",
    "雨桐",
    "思远",
    "晓晨",
    "家宁",
    "若溪",
    "云舟",
    "知行",
    "安然",
    "明川",
    "嘉禾",
    "星野",
    "念北",
]
CITIES = [
    "上海",
    "北京",
    "杭州",
    "成都",
    "深圳",
    "广州",
    "武汉",
    "西安",
    "长春",
    "哈尔滨",
    "昆明",
    "青岛",
    "厦门",
    "南京",
]
LEVELS = ["candidate", "koc", "senior", "leader"]
AT_ONCE = 2000


@dataclass(frozen=True)
class Owner:
    """A member and the car they drive."""

    member: Member
    vehicle: Vehicle
    version: str


def username(seed: int, number: int) -> str:
    return f"seed{seed}_{number}"


def write_people(seed: int, count: int, anchor: dt.datetime) -> list[Owner]:
    """Members with consents, cars and the software on them. Nobody can sign in until staff set a password."""
    dice = random.Random(f"{seed}:people")
    models = list(VehicleModel.objects.order_by("position", "slug"))
    versions = list(SoftwareVersion.objects.order_by("sort_key")) or [None]
    members = Member.objects.bulk_create(
        [_member(seed, number, dice, anchor) for number in range(count)], batch_size=AT_ONCE
    )
    agreements = list(Agreement.objects.current())
    Consent.objects.bulk_create(
        [Consent(member=member, agreement=text, at=anchor) for member in members for text in agreements],
        batch_size=AT_ONCE,
    )
    vehicles = Vehicle.objects.bulk_create(
        [
            Vehicle(
                owner=member,
                model=dice.choice(models),
                year=dice.randint(2022, 2026),
                mileage_km=dice.randint(300, 90_000),
                is_default=True,
                created_at=member.date_joined,
            )
            for member in members
        ],
        batch_size=AT_ONCE,
    )
    owners = []
    for member, vehicle in zip(members, vehicles, strict=True):
        version = dice.choice(versions)
        owners.append((Owner(member, vehicle, version.name if version else ""), version))
    InstalledVersion.objects.bulk_create(
        [
            InstalledVersion(
                vehicle=owner.vehicle,
                version=owner.version,
                catalogued=version,
                installed_on=owner.member.date_joined.date(),
            )
            for owner, version in owners
            if version
        ],
        batch_size=AT_ONCE,
    )
    return [owner for owner, _version in owners]


def _member(seed: int, number: int, dice: random.Random, anchor: dt.datetime) -> Member:
    joined = anchor - dt.timedelta(days=dice.randint(710, 1400))
    level = dice.choice(LEVELS) if dice.random() < 0.04 else ""
    return Member(
        username=username(seed, number),
        display_name=dice.choice(FAMILY) + dice.choice(GIVEN),
        password=make_password(None),
        date_joined=joined,
        email_verified_at=joined,
        city=dice.choice(CITIES),
        koc_level=level,
        koc_since=joined.date() if level else None,
    )
