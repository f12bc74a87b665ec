"""The brand's own switches of how it asks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..enums import DebtPolicy


class AskingPolicy(models.Model):
    """One row: what late reports do, what a member may be asked for, how fast waves go out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    debt = models.CharField(
        _("while reports are late"), max_length=8, choices=DebtPolicy.choices, default=DebtPolicy.WARN
    )
    report_within_days = models.PositiveSmallIntegerField(_("report within days"), default=14)
    budget_minutes = models.PositiveSmallIntegerField(_("minutes a month, unless a member says otherwise"), default=30)
    wave_size = models.PositiveSmallIntegerField(_("invitations in one wave"), default=500)
    history = HistoricalRecords(related_name="+")

    class Meta:
        verbose_name = _("how we ask")
        verbose_name_plural = _("how we ask")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_policy"),
            models.CheckConstraint(condition=Q(wave_size__gte=1), name="a_wave_has_somebody"),
        ]

    def __str__(self) -> str:
        return str(_("how we ask"))

    @classmethod
    def current(cls) -> AskingPolicy:
        """The row, or the defaults while nobody saved one."""
        return cls.objects.filter(pk=1).first() or cls()
