"""A place for an initiative on an official channel: what was promised, what ran, and the proof."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.uploads.models import Upload

from ..enums import EndorsementState, PromotionPlace, SlotState
from .events import TAKES_PLACE, Event
from .initiatives import Initiative
from .money import MONEY_ROLES

PROOFS = "promotion"
LIVE = (SlotState.PLANNED, SlotState.RAN, SlotState.PROVED)
HAPPENED = (SlotState.RAN, SlotState.PROVED)


class PromotionChannel(models.Model):
    """A row to hold while a slot is planned, so that two colleagues who plan at once follow each other."""

    place = models.CharField(max_length=10, choices=PromotionPlace.choices, primary_key=True)
    planned = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.place


class PromotionSlotQuerySet(models.QuerySet):
    def visible_to(self, user) -> PromotionSlotQuerySet:
        """Who leads the initiative, and the colleagues who lend. What everybody sees of it stands on the channel."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*MONEY_ROLES):
            return self
        return self.filter(initiative__in=Initiative.objects.known_inside_to(user))

    def in_force(self) -> PromotionSlotQuerySet:
        """Not pulled, and the endorsement stands: a suspension hides it from one moment to the next."""
        return self.filter(state__in=LIVE, initiative__endorsement__state=EndorsementState.ACTIVE)

    def on_front(self) -> PromotionSlotQuerySet:
        """What the front page shows today. An event that is over or cancelled takes its slot along."""
        today = timezone.localdate()
        days = Q(place=PromotionPlace.FRONT, begins_on__lte=today, ends_on__gte=today)
        there = Q(event__isnull=True) | Q(event__state__in=TAKES_PLACE, event__ends_at__gt=Now())
        return self.in_force().filter(days, there)


class PromotionSlot(models.Model):
    """From a day until a day, both included."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="slots")
    event = models.ForeignKey(
        Event, verbose_name=_("event"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(_("channel"), max_length=10, choices=PromotionPlace.choices)
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    wording = models.CharField(_("words"), max_length=200, blank=True)
    link = models.URLField(_("where it stands"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=SlotState.choices, default=SlotState.PLANNED)
    pulled_because = models.CharField(max_length=300, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    proof_link = models.URLField(_("link to the proof"), max_length=500, blank=True)
    proof = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PromotionSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on a channel")
        verbose_name_plural = _("places on channels")
        ordering: ClassVar = ["begins_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="a_slot_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state=SlotState.PULLED) | ~Q(pulled_because=""), name="who_pulls_a_slot_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HAPPENED) | Q(ran_at__isnull=False), name="what_ran_has_its_moment"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "ends_on", "begins_on"], name="slot_days")]

    def __str__(self) -> str:
        return f"{self.place} {self.begins_on}"

    @property
    def shows(self) -> Event | Initiative:
        """What a reader is led to."""
        return self.event or self.initiative
