"""Whom a task asks: a description, frozen into rows when it opens; and how much of a member's time may be asked for."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import InvitationState
from .tasks import Task


class Audience(models.Model):
    """Who is meant, in criteria, and how far the freezing has come."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="audience")
    criteria = models.JSONField(
        _("criteria"),
        default=dict,
        blank=True,
        help_text=_(
            "models, versions, koc_levels, boards, cities, members: lists of which one must fit; sample: a number."
        ),
    )
    everyone = models.BooleanField(default=True, help_text=_("No criteria and no sample: whoever signs up may answer."))
    seed = models.CharField(max_length=32, blank=True, help_text=_("Draws the sample and the order of invitations."))
    reached = models.BigIntegerField(default=0, help_text=_("Members up to this number are looked at."))
    size = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)
    enough = models.PositiveIntegerField(
        _("enough answers"), null=True, blank=True, help_text=_("With so many nobody else is invited or reminded.")
    )
    stopped_at = models.DateTimeField(_("inviting was stopped"), null=True, blank=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(enough__gte=1) | Q(enough=None), name="enough_is_one_answer_at_least")
        ]

    def __str__(self) -> str:
        return f"{self.task_id}"

    @property
    def names_people(self) -> bool:
        """A few who were chosen one by one: the house's own limit of minutes does not keep them out, only their own does."""
        return bool(self.criteria.get("members"))


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user) -> InvitationQuerySet:
        """One's own, and nobody else's: whom a task asks is known to staff as numbers."""
        return self.filter(member_id=user.pk) if user.is_authenticated else self.none()


class Invitation(models.Model):
    """A member stands in the frozen audience of a task. Invited and reminded at most once each."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="invitations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lot = models.BigIntegerField(help_text=_("Drawn; waves go out in this order, so that any part is a random one."))
    model = models.CharField(max_length=40, blank=True)
    version = models.CharField(max_length=40, blank=True)
    koc_level = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=InvitationState.choices, default=InvitationState.LISTED)
    wave = models.UUIDField(null=True, blank=True, help_text=_("Which run claimed it."))
    invited_at = models.DateTimeField(null=True, blank=True)
    reminder = models.UUIDField(null=True, blank=True, help_text=_("Which run reminded."))
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "member"], name="one_invitation_per_task_and_member")
        ]
        indexes: ClassVar = [
            models.Index(fields=["task", "lot"], name="invitations_to_send", condition=Q(state="listed")),
            models.Index(fields=["member", "invited_at"], name="load_of_member"),
            models.Index(fields=["wave"], name="invitation_wave"),
            models.Index(fields=["reminder"], name="invitation_reminder"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.member_id}"


class ContactBudget(models.Model):
    """How many minutes a month a member may be asked for, over all tasks, and how many of this month's are spent."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(
        _("minutes a month"), null=True, blank=True, help_text=_("Empty: the usual number of the house.")
    )
    month = models.DateField(help_text=_("The first day of the month that `spent` is about."))
    spent = models.PositiveIntegerField(default=0, help_text=_("Seconds."))

    class Meta:
        verbose_name = _("contact budget")
        verbose_name_plural = _("contact budgets")

    def __str__(self) -> str:
        return f"{self.member_id}"
