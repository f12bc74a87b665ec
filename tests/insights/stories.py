"""Tickets, releases and words of owners for tests."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import Any

from django.db import connection

from insights.actions.fields import find_department
from insights.actions.offers import answer_offer
from insights.actions.releases import create_release, publish_release, start_beta
from insights.actions.tickets import move_ticket, promote
from insights.models import Department, DepartmentMember, Release, Ticket
from kocforum.forum.models import Report
from kocforum.garage.models import VehicleModel
from kocforum.members.models import Member
from tasks.models import Task
from tests.forum.stories import answered, told
from tests.people import make_member, make_staff
from tests.tasks.stories import moved, opened, voted

WAY = ["triaged", "promoted", "routed", "acknowledged", "fix_planned", "fix_ready", "cleared"]
NEEDS: dict[str, dict[str, Any]] = {
    "routed": {"department": "software"},
    "fix_planned": {"acceptance_target": "12 of 20"},
    "fix_ready": {"fix_version": "4.3.0"},
    "cleared": {"compliance_ref": "QC-17"},
}


def make_departments() -> Department:
    """A transactional test may have emptied the table that a migration filled."""
    department, _new = Department.objects.get_or_create(slug="software", defaults={"name": "软件工程部"})
    return department


def make_researcher(username: str = "researcher") -> Member:
    return Member.objects.filter(username=username).first() or make_staff(username, role="researcher")


def make_engineer(username: str = "engineer", department: str = "software") -> Member:
    make_departments()
    engineer = make_staff(username, role="engineer")
    DepartmentMember.objects.create(department=find_department(department), member=engineer)
    return engineer


def raining(owner: str = "lin", others: int = 2) -> Report:
    """A report with answers of other owners."""
    report = told(make_member(owner))
    for number in range(others):
        answered(make_member(f"{owner}-{number}"), report)
    return report


def promoted(report: Report | None = None, **values: Any) -> Ticket:
    report = report or raining()
    return promote(by=make_researcher(), threads=[report.thread], **values)


def brought_to(ticket: Ticket, state: str) -> Ticket:
    """Along the usual way, by a researcher."""
    make_departments()
    for to in WAY[: WAY.index(state) + 1]:
        ticket = move_ticket(by=make_researcher(), ticket=ticket, to=to, expected=ticket.state, **NEEDS.get(to, {}))
    return ticket


def released(ticket: Ticket, *, beta: bool = True, public: bool = True, version: str = "4.3.0") -> Release:
    """A release that answers a ticket, through the beta unless left out."""
    by = make_researcher()
    if ticket.state == "candidate":
        ticket = brought_to(ticket, "cleared")
    release = create_release(
        by=by, version=version, vehicle_models=VehicleModel.objects.filter(slug="S7"), tickets=[ticket]
    )
    if beta:
        start_beta(by=by, release=release)
    if public:
        publish_release(by=by, release=release)
    return release


def accepted(release: Release, member: Member):
    return answer_offer(by=member, offer=release.offers.get(member=member), accept=True, consent=True)


@contextmanager
def frozen_off():
    """Without the triggers, as somebody with the keys of the database could do it."""
    migration = importlib.import_module("insights.migrations.0002_frozen_rows")
    off, on = (
        (migration.SQLITE_BACK, migration.SQLITE)
        if connection.vendor == "sqlite"
        else (migration.POSTGRESQL_BACK, migration.POSTGRESQL)
    )
    with connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
        yield
        for statement in on:
            cursor.execute(statement)


def polled(votes: dict[str, int] | None = None, *, state: str = "closed", **values: Any) -> Task:
    """A poll in which so many chose so, at this state."""
    task = opened(**values)
    for label, count in (votes if votes is not None else {"星轨": 9}).items():
        for number in range(count):
            voted(task, f"{label}-{task.pk}-{number}", label)
    way = {"open": [], "cancelled": ["cancelled"], "closed": ["closed"], "analysed": ["closed", "analysed"]}
    way["reported"] = [*way["analysed"], "reported"]
    return moved(task, *way[state], reason="计划改了")
