"""Members join, bring their cars, install versions, are given a level."""

from __future__ import annotations

import datetime as dt

from insights.models import Department, DepartmentMember
from kocforum.garage.actions import add_vehicle, install_version
from kocforum.members.actions import enrol, set_koc_level

from . import content
from .community import Community

SIGN_INS = ("owner", "koc", "host", "operator", "researcher", "engineer", "approver", "finance", "admin")


def plan_people(community: Community) -> None:
    """Everyone of people.toml."""
    for number, table in enumerate(content.read("people")["members"]):
        _plan(community, table, phone=f"+86138000{number:05}")


def _plan(community: Community, table: content.Table, phone: str) -> None:
    name = table["username"]

    def join() -> None:
        community.members[name] = enrol(
            username=name,
            password=f"demo-{name}" if name in SIGN_INS else None,
            display_name=table["name"],
            phone=phone,
            role=table.get("role", ""),
            city=table["city"],
            bio=table["bio"],
        )
        if "department" in table:
            department = Department.objects.get(slug=table["department"])
            DepartmentMember.objects.create(department=department, member=community.members[name])

    community.plan(f"{table['joined']} 09:00", join)
    for car in table.get("cars", []):
        _plan_car(community, name, table["joined"], car)
    if "koc" in table:

        def rise() -> None:
            operator = community.members["operator"]
            set_koc_level(by=operator, member=community.members[name], level=table["koc"], reason=table["koc_reason"])

        community.plan(f"{table['since']} 15:00", rise)


def _plan_car(community: Community, name: str, joined: int, car: content.Table) -> None:
    def bring() -> None:
        community.cars[name] = add_vehicle(
            by=community.members[name],
            model=car["model"],
            trim=car["trim"],
            year=car["year"],
            mileage_km=car["mileage"],
        )

    community.plan(f"{joined} 09:30", bring, by=name)
    for version, installed in car["versions"]:
        _plan_version(community, name, version, content.day(installed, community.today))


def _plan_version(community: Community, name: str, version: str, day: dt.date) -> None:
    def install() -> None:
        install_version(by=community.members[name], vehicle=community.cars[name], version=version, installed_on=day)

    community.plan(dt.datetime.combine(day, dt.time(6, 30), content.ZONE), install, by=name)
