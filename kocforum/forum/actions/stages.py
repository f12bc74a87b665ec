"""Stages of the river, written when they are reached."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ..enums import RiverStage
from ..models import Corroboration, Report, Stage, Topic


def reach(
    stage: RiverStage, *, report: Report | None = None, topic: Topic | None = None, at: dt.datetime | None = None
) -> bool:
    """Note that a report or a topic reached a stage. True the first time; the first time stands."""
    _row, first_time = Stage.objects.get_or_create(
        report=report, topic=topic, stage=stage, defaults={"reached_at": at or timezone.now()}
    )
    return first_time


def leave(stage: RiverStage, *, report: Report | None = None, topic: Topic | None = None) -> None:
    """Take a stage back, when what carried it was withdrawn."""
    Stage.objects.filter(report=report, topic=topic, stage=stage).delete()


def recount_corroborated(report: Report) -> None:
    """Without any standing answer the report is back at recorded."""
    if not Corroboration.objects.standing().filter(report=report).exists():
        leave(RiverStage.CORROBORATED, report=report)
