"""A leader contests what counted of a promise, and an approver answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.members.enums import Role

from ..enums import ContestState, PromiseKind
from .initiatives import Initiative


class TrustContestQuerySet(models.QuerySet):
    def visible_to(self, user) -> TrustContestQuerySet:
        """Who contests, and approvers."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_role(Role.APPROVER) else self.filter(by=user.pk)

    def open(self) -> TrustContestQuerySet:
        return self.filter(state=ContestState.OPEN)


class TrustContest(models.Model):
    """“This is wrong”, said by who led an initiative about one of its promises. The answer has a reason, and stays."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="contests")
    kind = models.CharField(_("promise"), max_length=8, choices=PromiseKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(_("what is wrong"), max_length=1000)
    state = models.CharField(_("state"), max_length=8, choices=ContestState.choices, default=ContestState.OPEN)
    reason = models.TextField(_("reasons"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TrustContestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contested promise")
        verbose_name_plural = _("contested promises")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["initiative", "kind", "by"],
                condition=Q(state=ContestState.OPEN),
                name="one_open_contest_per_promise_and_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ContestState.OPEN, reason="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(state=ContestState.OPEN) & ~Q(reason="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answered_contest_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("by")), name="nobody_answers_the_own_contest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.kind} {self.state}"
