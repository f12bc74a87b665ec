"""An owner's word on a new version, posted in the original thread."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle

from ..enums import PostState
from .observations import Observation
from .posts import Post
from .reports import Report


class VerificationQuerySet(models.QuerySet):
    def visible_to(self, user) -> VerificationQuerySet:
        """Verifications whose post this person may read."""
        return self.filter(post__in=Post.objects.visible_to(user))

    def standing(self) -> VerificationQuerySet:
        """What counts: the newest visible word of each vehicle on a version (one row per vehicle and version)."""
        return self.filter(post__state=PostState.VISIBLE)


class Verification(models.Model):
    """One vehicle's observation on one version, in the thread where it began. Brand staff never write one."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="verifications")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="verification")
    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="verification")
    version = models.CharField(max_length=40)
    by_first_teller = models.BooleanField(default=False)
    invited = models.BooleanField(default=False, help_text=_("Written as a beta tester; said so beside it."))
    created_at = models.DateTimeField(default=timezone.now)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "vehicle", "version"], name="one_verification_per_vehicle_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.version}"
