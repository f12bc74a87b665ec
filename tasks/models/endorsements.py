"""What the brand lends to an initiative: checkable by its code, with its history."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import EndorsementState
from .initiatives import Initiative
from .reviews import Decision

SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read for another


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _sign in range(10))


class EndorsementQuerySet(models.QuerySet):
    def visible_to(self, user) -> EndorsementQuerySet:
        """To everybody: it is there to be checked."""
        return self

    def in_force(self) -> EndorsementQuerySet:
        return self.filter(state=EndorsementState.ACTIVE)

    def due_to_expire(self) -> EndorsementQuerySet:
        return self.filter(state__in=[EndorsementState.ACTIVE, EndorsementState.SUSPENDED], expires_at__lte=Now())


class Endorsement(models.Model):
    """One endorsement. `payload` is what was certified, for good; what holds now is `state`."""

    initiative = models.OneToOneField(Initiative, on_delete=models.PROTECT, related_name="endorsement")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    payload = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        _("state"), max_length=9, choices=EndorsementState.choices, default=EndorsementState.ACTIVE
    )
    needs_reconfirmation = models.BooleanField(default=False)
    granted_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=2000, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=EndorsementState.SUSPENDED) | Q(answer_by__isnull=False),
                name="who_is_suspended_has_a_day_to_answer",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("endorsement", args=[self.code])

    @property
    def is_in_force(self) -> bool:
        return self.state == EndorsementState.ACTIVE


class EndorsementChange(models.Model):
    """An endorsement went from one state to another, and why. Only added to, and read by everybody."""

    endorsement = models.ForeignKey(Endorsement, on_delete=models.CASCADE, related_name="changes")
    from_state = models.CharField(max_length=9, blank=True)
    to_state = models.CharField(max_length=9, choices=EndorsementState.choices)
    reason = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"
