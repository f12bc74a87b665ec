"""Reports and answers for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from kocforum.forum.actions.corroborations import corroborate
from kocforum.forum.actions.reports import tell_report
from kocforum.forum.models import Corroboration, Report
from kocforum.members.models import Member
from tests.people import make_car, make_catalogue


def told(by: Member, **values: Any) -> Report:
    """A rainy evening, three failed attempts."""
    make_catalogue()
    values = {
        "function": "auto-parking",
        "failure_mode": "gives-up",
        "vehicle": values.pop("vehicle", None) or make_car(by),
        "occurred_at": timezone.now() - dt.timedelta(hours=2),
        "conditions": {"weather": ["light-rain"], "light": ["night-lit"], "markings": ["reflecting"]},
        "attempts": 3,
        "failures": 3,
        "signals": ["odd_sound"],
        "narrative": "露天停车场，三次都在倒入一半时中止，雷达提示音断续。",
        **values,
    }
    return tell_report(by=by, **values)


def answered(by: Member, report: Report, stance: str = "same", **values: Any) -> Corroboration:
    return corroborate(
        by=by, report=report, stance=stance, vehicle=values.pop("vehicle", None) or make_car(by), **values
    )
