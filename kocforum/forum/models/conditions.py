"""The conditions that people tick: dimensions with values, kept by staff."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kocforum.text import bilingual


class Dimension(models.Model):
    """Something that may matter: weather, light, markings. Any goes with any function."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    several = models.BooleanField(_("several values may hold at once"), default=False)
    history = HistoricalRecords(related_name="+")

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)


class DimensionValue(models.Model):
    """One value of a dimension: light rain, unlit at night."""

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="values")
    slug = models.SlugField(_("slug"), max_length=60)
    name = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dimension", "slug"], name="one_value_per_dimension_and_slug")
        ]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)
