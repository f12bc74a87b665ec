"""An event of an initiative: when, where, for how many. It belongs to its organisers."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ..enums import CrewRole, EventState
from .initiatives import Initiative

EVENTS_KIND = "event"
EVENT_PICTURES, EVENT_WAY = "event.picture", "event.way"  # kinds of uploads
TAKES_PLACE = (EventState.OPEN, EventState.CLOSED, EventState.RUNNING)
STANDS = (*TAKES_PLACE, EventState.POSTPONED)  # who has a place keeps it


class ClockThere(datetime):
    """On the clocks of a place. Pages show it as it is; Django would turn any other moment back to its own zone."""

    convert_to_local_time = False

    @classmethod
    def at(cls, moment: datetime, zone: ZoneInfo) -> ClockThere:
        there = moment.astimezone(zone)
        return cls.combine(there.date(), there.timetz())


class EventQuerySet(models.QuerySet):
    def visible_to(self, user) -> EventQuerySet:
        """To everybody, once it was opened; before that, also when it was called off unseen, to its organisers, and to colleagues, who only look."""
        if user.is_authenticated and user.is_staff:
            return self
        told = Q(opened_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(told)
        return self.filter(told | Q(pk__in=self.model.objects.kept_by(user).values("pk")))

    def run_by(self, user) -> EventQuerySet:
        """Those of which this person decides: who leads the initiative, the deputy, and whom they chose to run it with them."""
        if not user.is_authenticated:
            return self.none()
        chosen = Q() if user.is_staff else Q(crew__member=user.pk, crew__role=CrewRole.ORGANISER)
        return self.filter(Q(initiative__in=Initiative.objects.led_by(user)) | chosen).distinct()

    def kept_by(self, user) -> EventQuerySet:
        """Those whose gate this person keeps: who runs them, and the helpers at the gate."""
        if not user.is_authenticated:
            return self.none()
        chosen = Q() if user.is_staff else Q(crew__member=user.pk)
        return self.filter(Q(initiative__in=Initiative.objects.led_by(user)) | chosen).distinct()

    def coming(self) -> EventQuerySet:
        """Not over by the database's clock, and not cancelled; the first comes first."""
        return self.filter(state__in=TAKES_PLACE, ends_at__gt=Now()).order_by("starts_at", "pk")

    def held(self) -> EventQuerySet:
        """Over, and not called off; the last comes first."""
        return self.filter(state=EventState.HELD).order_by("-starts_at", "-pk")

    def ahead(self) -> EventQuerySet:
        """What is coming, and what will come on a day that is not known yet."""
        return self.filter(Q(state__in=TAKES_PLACE, ends_at__gt=Now()) | Q(state=EventState.POSTPONED))

    def due_to_remind(self) -> EventQuerySet:
        """Within a day, and nobody was reminded."""
        soon = self.filter(starts_at__lte=Now() + timedelta(days=1), starts_at__gt=Now(), reminded_at__isnull=True)
        return soon.filter(state__in=TAKES_PLACE)

    def due_to_begin(self) -> EventQuerySet:
        return self.filter(state__in=(EventState.OPEN, EventState.CLOSED), starts_at__lte=Now(), ends_at__gt=Now())

    def due_to_end(self) -> EventQuerySet:
        return self.filter(state__in=TAKES_PLACE, ends_at__lte=Now())


class Event(models.Model):
    """One gathering. `going`, `guests` and `offered` count places; what is promised is taken. `token`: this event and no other.
    `waiver`: words about risk, accepted by whoever takes a place; `waiver_sha256` names this version of them."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="events")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what to expect"), max_length=4000, blank=True)
    agenda = models.TextField(_("agenda"), max_length=4000, blank=True)
    city = models.CharField(_("city"), max_length=40)
    place = models.CharField(_("place"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    capacity = models.PositiveIntegerField(_("places"))
    party_most = models.PositiveSmallIntegerField(_("most people in one party"), default=5)
    asks_car = models.BooleanField(_("ask for car and plate"), default=False)
    offer_hours = models.PositiveSmallIntegerField(_("hours for which a free place is kept"), default=12)
    offers_stop_hours = models.PositiveSmallIntegerField(_("hours before the beginning, offers stop"), default=6)
    waiver = models.TextField(_("what is risky about it"), max_length=4000, blank=True)
    waiver_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=EventState.choices, default=EventState.PLANNED)
    going = models.PositiveIntegerField(default=0)
    guests = models.PositiveIntegerField(default=0)
    offered = models.PositiveIntegerField(default=0)
    cancelled_because = models.CharField(max_length=300, blank=True)
    postponed_because = models.CharField(max_length=300, blank=True)
    put_off_late_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its day was first given up less than 48 hours before it.")
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=now)
    created_at = models.DateTimeField(default=now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(capacity__gte=F("going") + F("guests") + F("offered")),
                name="no_more_people_than_places",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="an_event_has_a_place"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_event_ends_after_it_begins"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "starts_at"], name="event_calendar")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.pk])

    def keepers(self) -> set[int]:
        """Whom `kept_by` lets in, as numbers: who leads it, and who helps and does not work for the brand."""
        helpers = self.crew.filter(member__is_staff=False).values_list("member", flat=True)
        return {*self.initiative.leaders, *helpers}

    @property
    def taken(self) -> int:
        """Places that nobody else can have, promised ones among them."""
        return self.going + self.guests + self.offered

    @property
    def free(self) -> int:
        return max(self.capacity - self.taken, 0)

    @property
    def zone(self) -> ZoneInfo:
        """Of the clocks at the place."""
        return ZoneInfo(self.timezone)

    @property
    def begins_there(self) -> ClockThere:
        return ClockThere.at(self.starts_at, self.zone)

    @property
    def ends_there(self) -> ClockThere:
        return ClockThere.at(self.ends_at, self.zone)

    @property
    def offers_stop_at(self) -> datetime:
        return self.starts_at - timedelta(hours=self.offers_stop_hours)

    @property
    def is_over(self) -> bool:
        """Held or called off: nobody comes any more."""
        return self.state in {EventState.HELD, EventState.CANCELLED}

    @property
    def is_open(self) -> bool:
        """As far as this process's clock says."""
        return self.state == EventState.OPEN and self.starts_at > now()


class EventQuestion(models.Model):
    """Something that organisers ask whoever comes. Once the event is open, questions are only added."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=8)
    text = models.CharField(_("question"), max_length=200)
    required = models.BooleanField(_("must be answered"), default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "key"], name="one_question_per_event_and_key")
        ]

    def __str__(self) -> str:
        return self.text


class WaiverText(models.Model):
    """A version of an event's words about risk that somebody could accept. Kept, so that what was accepted can be read later."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="waivers")
    sha256 = models.CharField(max_length=64)
    words = models.TextField(max_length=4000)
    since = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("words about risk")
        verbose_name_plural = _("words about risk")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "sha256"], name="one_waiver_text_per_event_and_hash")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.sha256[:8]}"
