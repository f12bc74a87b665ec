"""The end of every task: those who took part hear what came of it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.members.models import Member
from kocforum.text import clean_text

from ..enums import TaskState
from ..instruments import instrument_of
from ..models import Task, TaskReport
from .moves import look_before_moving, step


@transaction.atomic
def report_task(
    *,
    by: Member,
    task: Task,
    expected: str,
    changed: str = "",
    unchanged: str = "",
    staff_hours: Decimal | None = None,
) -> TaskReport:
    """Say what changes, or what does not and why. The numbers are frozen beside it; a handler tells everybody who took part."""
    task = look_before_moving(by=by, task=task, to=TaskState.REPORTED, expected=expected)
    changed, unchanged = clean_text(changed).strip()[:2000], clean_text(unchanged).strip()[:2000]
    if not changed and not unchanged:
        raise Invalid({"changed": _("Say what changes, or what does not and why.")})
    if staff_hours is not None and not 0 <= staff_hours < 10_000:
        raise Invalid({"staff_hours": _("Hours are a number from 0 on.")})
    instrument = instrument_of(task.form)
    if instrument and (against := instrument.against_report(task)):
        raise Invalid({"": against})
    report = TaskReport.objects.create(
        task=task,
        changed=changed,
        unchanged=unchanged,
        figures=instrument.figures(task) if instrument else {},
        staff_hours=staff_hours,
        by=by,
    )
    step(task=task, to=TaskState.REPORTED, by=by, values={"reported_at": timezone.now()})
    return report
