"""Words that the cutter must know."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Word(models.Model):
    """A word that must not be cut apart: a model, a function, an expression of owners. Kept by staff, or by the catalogue."""

    class Source(models.TextChoices):
        STAFF = "staff", _("Staff")
        CATALOGUE = "catalogue", _("Catalogue")

    text = models.CharField(_("word"), max_length=40, unique=True)
    source = models.CharField(_("kept by"), max_length=10, choices=Source.choices, default=Source.STAFF)
    proposed = models.BooleanField(
        _("proposed to searchers"), default=False, help_text=_("Shown as an idea on the empty search page.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        ordering: ClassVar = ["text"]

    def __str__(self) -> str:
        return self.text
