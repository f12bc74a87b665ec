"""One owner's structured facts: the same row under a report, a corroboration and a verification."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle, VehicleModel

from ..enums import Outcome, Precision
from .conditions import DimensionValue


class Observation(models.Model):
    """What happened in one car. The car's facts are copied in, so that selling it changes nothing here."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    vehicle = models.ForeignKey(Vehicle, null=True, on_delete=models.SET_NULL, related_name="+")
    model = models.ForeignKey(VehicleModel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    model_name = models.CharField(
        max_length=60, blank=True, help_text=_("The catalogue's Chinese name then, or the owner's words.")
    )
    trim = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    software_version = models.CharField(_("software version"), max_length=40, blank=True)
    mileage_km = models.PositiveIntegerField(null=True, blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(max_length=6, choices=Precision.choices, default=Precision.MINUTE)
    attempts = models.PositiveIntegerField(null=True, blank=True)
    failures = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(
        max_length=6, choices=Outcome.choices, blank=True, help_text=_("Empty: outside the table of the lens.")
    )

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(attempts__isnull=True, failures__isnull=True) | Q(failures__lte=F("attempts")),
                name="no_more_failures_than_attempts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_name} {self.software_version} {self.outcome}".strip()

    @property
    def successes(self) -> int | None:
        """Attempts that worked, or None when nobody counted."""
        return None if self.attempts is None else self.attempts - (self.failures or 0)


class ObservedCondition(models.Model):
    """A value that held. A dimension without a row was not observed, which is not "no"."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="conditions")
    value = models.ForeignKey(DimensionValue, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["observation", "value"], name="one_row_per_observed_value")
        ]

    def __str__(self) -> str:
        return str(self.value)
