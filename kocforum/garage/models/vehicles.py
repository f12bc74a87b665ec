"""A member's cars, with the software that ran on them and since when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .catalogue import SoftwareVersion, VehicleModel


class VehicleQuerySet(models.QuerySet):
    def visible_to(self, user) -> VehicleQuerySet:
        """A garage is its owner's; others see the model and version on what the owner tells."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def in_garage(self) -> VehicleQuerySet:
        """Cars that are still owned."""
        return self.filter(left_at__isnull=True)


class Vehicle(models.Model):
    """One car of one member. It leaves the garage (sold, removed) but its row stays: reports rest on it."""

    class Leaving(models.TextChoices):
        SOLD = "sold", _("Sold")
        REMOVED = "removed", _("Removed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    model = models.ForeignKey(VehicleModel, null=True, blank=True, on_delete=models.PROTECT, related_name="vehicles")
    model_text = models.CharField(
        _("model in the owner's words"),
        max_length=60,
        blank=True,
        help_text=_("Kept when the catalogue does not have it; staff match it later."),
    )
    trim = models.CharField(_("trim"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("model year"))
    mileage_km = models.PositiveIntegerField(_("mileage, km"), null=True, blank=True)
    is_default = models.BooleanField(_("the car that forms propose"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(_("left the garage"), null=True, blank=True)
    leaving = models.CharField(max_length=8, choices=Leaving.choices, blank=True)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering: ClassVar = ["-is_default", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(model__isnull=False) | ~Q(model_text=""), name="a_vehicle_names_its_model"
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_default=True, left_at__isnull=True),
                name="one_default_vehicle_per_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_name} · {self.year}"

    @property
    def model_name(self) -> str:
        """The catalogue's name, or the owner's own words."""
        return str(self.model) if self.model_id else self.model_text


class InstalledVersion(models.Model):
    """A software version came onto a car on a day. The newest row not after a day is what ran then."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="installed_versions")
    version = models.CharField(_("version"), max_length=40, help_text=_("Normalised: no V, no blanks, half width."))
    catalogued = models.ForeignKey(
        SoftwareVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="installations"
    )
    installed_on = models.DateField(_("installed on"))
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("installed version")
        verbose_name_plural = _("installed versions")
        ordering: ClassVar = ["-installed_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vehicle", "version", "installed_on"], name="one_installation_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.installed_on})"
