"""A workshop: when and where a few meet, who has a seat, and how far its room is."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import Meeting, SeatRole, SeatState, TaskState
from .tasks import Task

REMEMBERED = timedelta(days=365)  # that somebody did not come


class WorkshopQuerySet(models.QuerySet):
    def visible_to(self, user) -> WorkshopQuerySet:
        """To whoever stands on the room's list. Colleagues who do not are strangers, but for who drew it up."""
        if not user.is_authenticated:
            return self.none()
        listed = Q(pk__in=Seat.objects.filter(member=user.pk).values("workshop"))
        shown = ~Q(task__state=TaskState.DRAFT) | Q(task__created_by=user.pk)
        return self.filter(shown, listed | Q(task__created_by=user.pk))

    def entered_by(self, user) -> WorkshopQuerySet:
        """In whose room this person sits."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=Seat.objects.in_the_room().filter(member=user.pk).values("workshop"))

    def due_to_remind(self) -> WorkshopQuerySet:
        """Within a day by the database's clock, not open yet, and nobody was reminded."""
        soon = self.filter(starts_at__lte=Now() + timedelta(days=1), starts_at__gt=Now(), live_at__isnull=True)
        return soon.filter(task__state=TaskState.OPEN, reminded_at__isnull=True)

    def live(self) -> WorkshopQuerySet:
        """The room is open, and not over."""
        return self.filter(live_at__isnull=False, ended_at__isnull=True, task__state=TaskState.OPEN)


class Workshop(models.Model):
    """The brief of a meeting, and the counters of its room. `seq`: the number of the last event of its log; `token`: this room and no
    other, whatever number a row is given."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="workshop")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.CharField(_("where people meet"), max_length=10, choices=Meeting.choices, default=Meeting.ONLINE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    travel = models.TextField(_("getting there"), max_length=1000, blank=True)
    arrival_minutes = models.PositiveSmallIntegerField(_("the door opens so many minutes before"), default=20)
    starts_at = models.DateTimeField(_("begins"))
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    seats = models.PositiveSmallIntegerField(_("seats for owners"), default=8)
    taken = models.PositiveSmallIntegerField(default=0)
    reading = models.TextField(_("to read before"), max_length=4000, blank=True)
    consent = models.TextField(_("what everybody accepts before the room"), max_length=2000, blank=True)
    anonymous = models.BooleanField(_("notes show no names"), default=False)
    votes_each = models.PositiveSmallIntegerField(_("votes of each person"), default=5)
    votes_on_one = models.PositiveSmallIntegerField(_("at most on one idea"), default=3)
    seq = models.PositiveBigIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="no_more_seats_taken_than_there_are"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(live_at__isnull=False), name="a_room_ends_after_it_was_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}"

    @property
    def is_live(self) -> bool:
        return self.live_at is not None and self.ended_at is None

    @property
    def has_a_door(self) -> bool:
        """Some meet in person."""
        return self.meeting != Meeting.ONLINE

    @property
    def is_elsewhere(self) -> bool:
        """Its clocks are not those of the house."""
        return self.zone != settings.TIME_ZONE

    @property
    def arrive_at(self) -> datetime:
        """When the door opens."""
        return self.starts_at - timedelta(minutes=self.arrival_minutes)


class SeatQuerySet(models.QuerySet):
    def visible_to(self, user) -> SeatQuerySet:
        """Who meets is known to who meets."""
        return self.filter(workshop__in=Workshop.objects.visible_to(user))

    def in_the_room(self) -> SeatQuerySet:
        return self.filter(state=SeatState.ACCEPTED)

    def missed(self) -> SeatQuerySet:
        """Had a seat, said nothing and did not come, within a year: older ones are forgiven (W18)."""
        return self.filter(missed_at__gt=Now() - REMEMBERED, missed_because="")


class Seat(models.Model):
    """Somebody on the list of a room: in which role, and whether they come. What was accepted is kept by the hash of its words.

    `released_at`: who was late gave the seat to somebody who waited at the door. `missed_at`, `missed_because`: the room ended without
    them, and what they said of it; for researchers who invite, never for others.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="list")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=SeatRole.choices, default=SeatRole.KOC)
    state = models.CharField(max_length=8, choices=SeatState.choices, default=SeatState.INVITED)
    because = models.CharField(_("why this person"), max_length=200, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    consent_hash = models.CharField(max_length=64, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    missed_because = models.CharField(_("why they did not come"), max_length=300, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["answered_at", "id"]
        indexes: ClassVar = [models.Index(fields=["member"], name="seats_missed", condition=Q(missed_at__isnull=False))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "member"], name="one_seat_per_workshop_and_member"),
            models.CheckConstraint(
                condition=~Q(state__in=[SeatState.ACCEPTED, SeatState.STANDBY]) | Q(answered_at__isnull=False),
                name="who_comes_has_answered",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True) | Q(state=SeatState.ACCEPTED),
                name="who_is_at_the_door_has_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True) | Q(checked_in_at__isnull=True), name="who_came_did_not_miss_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.member_id}"


class ConsentText(models.Model):
    """What everybody accepts before the room, at one version. Kept for as long as the workshop, so that each hash has its words."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="consent_texts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("text that is accepted before a room")
        verbose_name_plural = _("texts that are accepted before a room")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "number"], name="one_consent_text_per_workshop_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} v{self.number}"
