"""Who comes to an event, who waits, whom a place is offered."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle

from ..enums import RsvpState
from .events import Event

IN_LINE = ("priority", "joined_at", "pk")
USUAL_PRIORITY, FIRST_PRIORITY = 5, 0
STANDING = (RsvpState.GOING, RsvpState.WAITLISTED, RsvpState.OFFERED)
OF_THE_DAY = {"plate": "", "minors": 0, "guardian": "", "guardian_phone": ""}  # needed on the day, and gone soon after


def new_ticket() -> str:
    return secrets.token_urlsafe(18)


class RsvpQuerySet(models.QuerySet):
    def visible_to(self, user) -> RsvpQuerySet:
        """One's own, and for organisers all of their events. Colleagues read none: plates and answers are not theirs."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(member=user.pk) | Q(event__in=Event.objects.run_by(user)))

    def going(self) -> RsvpQuerySet:
        return self.filter(state=RsvpState.GOING)

    def listed(self) -> RsvpQuerySet:
        """Whom everybody may see: who comes, and wants to be seen (I5)."""
        return self.going().filter(listed=True)

    def waiting(self) -> RsvpQuerySet:
        """In the order in which places are offered."""
        return self.filter(state=RsvpState.WAITLISTED).order_by(*IN_LINE)

    def standing(self) -> RsvpQuerySet:
        """Whoever comes, waits or thinks about an offer."""
        return self.filter(state__in=STANDING)

    def due_to_lapse(self) -> RsvpQuerySet:
        return self.filter(state=RsvpState.OFFERED, offered_until__lte=Now())


class Rsvp(models.Model):
    """One member's place at one event, or in its line; `party` counts the member. `ticket` is shown to who comes.

    `minors` of the party are under 18; whom to call for them is read by the crew alone, and goes with the plate. `waived_sha256`: which
    version of the words about risk was accepted."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rsvps")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    party = models.PositiveSmallIntegerField(_("how many people"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=RsvpState.choices)
    priority = models.PositiveSmallIntegerField(default=USUAL_PRIORITY)
    joined_at = models.DateTimeField(default=timezone.now)
    offered_until = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    vehicle = models.ForeignKey(
        Vehicle, verbose_name=_("car"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    plate = models.CharField(_("plate"), max_length=12, blank=True)
    minors = models.PositiveSmallIntegerField(_("how many of them are under 18"), default=0)
    guardian = models.CharField(_("whom to call for them"), max_length=60, blank=True)
    guardian_phone = models.CharField(_("phone of that person"), max_length=24, blank=True)
    waived_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    listed = models.BooleanField(_("others may see that I come"), default=False)
    ticket = models.CharField(max_length=32, unique=True, default=new_ticket, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = RsvpQuerySet.as_manager()

    class Meta:
        verbose_name = _("place at an event")
        verbose_name_plural = _("places at events")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "member"], name="one_place_per_event_and_member"),
            models.CheckConstraint(condition=Q(party__gte=1), name="a_party_has_somebody"),
            models.CheckConstraint(condition=Q(minors__lt=F("party")), name="minors_come_with_somebody"),
            models.CheckConstraint(
                condition=Q(minors=0) | ~Q(guardian="") & ~Q(guardian_phone=""), name="minors_have_a_guardian"
            ),
            models.CheckConstraint(
                condition=Q(state=RsvpState.OFFERED, offered_until__isnull=False)
                | ~Q(state=RsvpState.OFFERED) & Q(offered_until__isnull=True),
                name="an_offer_has_an_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["event", "state", "priority", "joined_at"], name="rsvp_line"),
            models.Index(fields=["state", "offered_until"], name="rsvp_offers"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.member_id}"

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING
