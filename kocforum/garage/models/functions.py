"""What a car can do, and how it can fail at it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kocforum.text import bilingual


class Function(models.Model):
    """A function of the car, in a tree: driver assistance > automatic parking > perpendicular."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    history = HistoricalRecords(related_name="+")

    class Meta:
        verbose_name = _("function")
        verbose_name_plural = _("functions")
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)


class FailureMode(models.Model):
    """One way in which a function goes wrong, or right: "gives up half way", "false alarm", "took it well"."""

    function = models.ForeignKey(Function, on_delete=models.CASCADE, related_name="failure_modes")
    slug = models.SlugField(_("slug"), max_length=60)
    name = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("failure mode")
        verbose_name_plural = _("failure modes")
        ordering: ClassVar = ["position", "slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["function", "slug"], name="one_failure_mode_per_function_and_slug")
        ]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)
