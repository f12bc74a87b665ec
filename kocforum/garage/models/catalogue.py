"""What the brand sells and ships: models, trims, software versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kocforum.text import bilingual


class VehicleModel(models.Model):
    """A car line, as S7."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired = models.BooleanField(_("no longer offered when adding a car"), default=False)
    history = HistoricalRecords(related_name="+")

    class Meta:
        verbose_name = _("vehicle model")
        verbose_name_plural = _("vehicle models")
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)


class Trim(models.Model):
    """An equipment line of a model."""

    model = models.ForeignKey(VehicleModel, on_delete=models.CASCADE, related_name="trims")
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("trim")
        verbose_name_plural = _("trims")
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "name"], name="one_trim_per_model_and_name")]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)


class SoftwareVersion(models.Model):
    """A software version that the brand ships, known by its number."""

    name = models.CharField(_("version"), max_length=40, unique=True)
    sort_key = models.CharField(
        max_length=80, editable=False, db_index=True, help_text=_("Numbers padded, so that 4.10 follows 4.9.")
    )
    vehicle_models = models.ManyToManyField(
        VehicleModel, verbose_name=_("for models"), blank=True, related_name="versions"
    )
    shipped_on = models.DateField(_("shipped on"), null=True, blank=True)
    history = HistoricalRecords(related_name="+")

    class Meta:
        verbose_name = _("software version")
        verbose_name_plural = _("software versions")
        ordering: ClassVar = ["-sort_key"]

    def __str__(self) -> str:
        return self.name
