"""What went wrong at an event, told by its crew while it is fresh. Reports are only added to (I20)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.members.enums import Role

from ..enums import IncidentKind
from .events import Event


class IncidentQuerySet(models.QuerySet):
    def visible_to(self, user) -> IncidentQuerySet:
        """To the crew of the event, and to approvers, who stand behind it. A report tells of people's bodies: to nobody else, no
        administrator either."""
        if not user.is_authenticated:
            return self.none()
        if user.is_active and user.is_staff and user.role == Role.APPROVER:
            return self
        return self.filter(event__in=Event.objects.kept_by(user))


class Incident(models.Model):
    """One report. `recorded`: how many people the gate had recorded when it was filed. The database lets nothing in it change but its
    words, and those only to go."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="incidents")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what kind"), max_length=10, choices=IncidentKind.choices)
    happened_at = models.DateTimeField(_("when"))
    what = models.TextField(_("what happened"), max_length=4000)
    done = models.TextField(_("what was done"), max_length=4000, blank=True)
    people = models.PositiveSmallIntegerField(_("people involved"), default=0)
    doctor = models.BooleanField(_("a doctor or an ambulance was called"), default=False)
    police = models.BooleanField(_("the police was called"), default=False)
    recorded = models.PositiveIntegerField(default=0)
    filed_at = models.DateTimeField(default=timezone.now)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{reverse('incidents', args=[self.event_id])}#incident-{self.pk}"


class IncidentAddition(models.Model):
    """What somebody knew later. A row of its own: the report stays as it was first told."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="additions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("what you know now"), max_length=4000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("addition to an incident")
        verbose_name_plural = _("additions to incidents")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.at:%Y-%m-%d}"
