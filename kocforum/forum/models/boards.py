"""Where threads live."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kocforum.garage.models import Function, VehicleModel
from kocforum.text import bilingual

from ..enums import BoardVisibility, ReviewMode


class BoardQuerySet(models.QuerySet):
    def visible_to(self, user) -> BoardQuerySet:
        """Boards that this person may read."""
        if not user.is_authenticated:
            return self.filter(visibility=BoardVisibility.PUBLIC)
        if user.is_staff:
            return self
        return self.filter(visibility__in=[BoardVisibility.PUBLIC, BoardVisibility.MEMBERS])


class Board(models.Model):
    """A place for threads, by function or by model. Reports go to the board of their function, or of the nearest one above it."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    about = models.CharField(_("what it is for, in Chinese"), max_length=160, blank=True)
    about_en = models.CharField(_("what it is for, in English"), max_length=160, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("under"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    visibility = models.CharField(
        _("who reads"), max_length=8, choices=BoardVisibility.choices, default=BoardVisibility.PUBLIC
    )
    review = models.CharField(_("review"), max_length=8, choices=ReviewMode.choices, default=ReviewMode.AFTER)
    only_staff_opens = models.BooleanField(_("only staff open threads"), default=False)
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    model = models.ForeignKey(VehicleModel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    history = HistoricalRecords(related_name="+")

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return bilingual(self.name, self.name_en)

    @property
    def description(self) -> str:
        return bilingual(self.about, self.about_en)

    def get_absolute_url(self) -> str:
        return reverse("board", args=[self.slug])
