"""How colleagues read a proposal, each for themselves, and how one of them decides."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.members.enums import Role

from ..enums import Verdict
from .initiatives import Initiative

CRITERIA = ("for_owners", "doable", "safe", "fits")
SCORED = {f"{name}__{bound}": value for name in CRITERIA for bound, value in (("gte", 1), ("lte", 5))}
UNSCORED = {f"{name}__isnull": True for name in CRITERIA}


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user) -> ReviewQuerySet:
        """Approvers read all, since they score nothing. Who scores reads the others' after the own, and not with a conflict."""
        if not user.is_authenticated or not user.is_staff:
            return self.none()
        if user.has_role(Role.APPROVER):
            return self
        same = {name: OuterRef(name) for name in ("initiative", "version", "round")}
        gave = Review.objects.filter(**same, reviewer=user.pk, conflict=False)
        return self.filter(Q(reviewer=user.pk) | Exists(gave))

    def counted(self) -> ReviewQuerySet:
        """Without those who said that they are too close."""
        return self.filter(conflict=False)

    def of_now(self, initiative: Initiative) -> ReviewQuerySet:
        """Of the version and the round in which the proposal is."""
        return self.filter(initiative=initiative, version=initiative.version, round=initiative.round)


class Review(models.Model):
    """One colleague's scores from 1 to 5 of one version, given once; or that they are too close to it to score."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="reviews")
    version = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    conflict = models.BooleanField(_("too close to it to score"), default=False)
    for_owners = models.PositiveSmallIntegerField(_("good for owners"), null=True, blank=True)
    doable = models.PositiveSmallIntegerField(_("can be done"), null=True, blank=True)
    safe = models.PositiveSmallIntegerField(_("safe"), null=True, blank=True)
    fits = models.PositiveSmallIntegerField(_("our name fits on it"), null=True, blank=True)
    words = models.TextField(_("in words"), max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["initiative", "version", "round", "reviewer"], name="one_review_per_version_and_reviewer"
            ),
            models.CheckConstraint(
                condition=Q(conflict=True, **UNSCORED) | Q(conflict=False, **SCORED),
                name="a_review_has_all_scores_or_a_conflict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} v{self.version}"

    @property
    def scores(self) -> list[int]:
        return [getattr(self, name) for name in CRITERIA]


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user) -> DecisionQuerySet:
        """Colleagues; who proposed it, once it is told."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(told_at__isnull=False, initiative__in=Initiative.objects.written_by(user))

    def due_to_tell(self) -> DecisionQuerySet:
        return self.filter(told_at__isnull=True, tell_at__lte=Now())


class Decision(models.Model):
    """What an approver decided, with reasons. It may be told later, never after the answer is due. `asker`: who proposed it then."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="decisions")
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=11, choices=Verdict.choices)
    reason = models.TextField(_("reasons"), max_length=2000)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    granted = models.JSONField(default=list, help_text=_("The lines of the version, with the amount that is granted."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    tell_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "round"], name="one_decision_per_initiative_and_round"),
            models.CheckConstraint(
                condition=Q(asker__isnull=True) | ~Q(by=F("asker")), name="nobody_decides_on_the_own_proposal"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_decision_has_reasons"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.CONDITIONAL) | ~Q(conditions=""), name="conditions_are_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.verdict}"
