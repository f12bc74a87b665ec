"""Releases answer tickets, are offered first to those who told, and are verified by them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.forum.models import Report, Verification
from kocforum.garage.models import SoftwareVersion, Vehicle, VehicleModel
from kocforum.text import bilingual

from ..enums import OfferState, ReleaseKind, ReleaseState
from .tickets import Ticket


class ReleaseQuerySet(models.QuerySet):
    def visible_to(self, user) -> ReleaseQuerySet:
        """Public ones to everybody; a beta to those it was offered to; all to staff."""
        if user.is_authenticated and user.is_staff:
            return self
        public = Q(state=ReleaseState.PUBLIC)
        if user.is_authenticated:
            public |= Q(state=ReleaseState.BETA, offers__member=user)
        return self.filter(public).distinct()


class Release(models.Model):
    """A software version or a measure that answers tickets, with the official announcement."""

    kind = models.CharField(_("kind"), max_length=8, choices=ReleaseKind.choices, default=ReleaseKind.SOFTWARE)
    number = models.CharField(_("version"), max_length=40, blank=True)
    version = models.ForeignKey(
        SoftwareVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("In the catalogue from the beta on: a draft is nobody's to know."),
    )
    title = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    announcement = models.TextField(_("announcement in Chinese"), blank=True)
    announcement_en = models.TextField(_("announcement in English"), blank=True)
    announcement_html = models.TextField(blank=True, editable=False)
    announcement_en_html = models.TextField(blank=True, editable=False)
    vehicle_models = models.ManyToManyField(VehicleModel, verbose_name=_("for models"), blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=ReleaseState.choices, default=ReleaseState.DRAFT)
    beta_at = models.DateTimeField(null=True, blank=True)
    public_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return bilingual(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("release", args=[self.pk])

    @property
    def announced(self) -> str:
        """The announcement's safe HTML in the reader's language."""
        return bilingual(self.announcement_html, self.announcement_en_html)

    @property
    def version_name(self) -> str:
        """What owners verify: the version's number, or the measure by its title."""
        return self.number or self.title[:40]


class ReleaseAnswer(models.Model):
    """A release answers a ticket."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="answers")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "ticket"], name="one_answer_per_release_and_ticket")
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.ticket_id}"


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user) -> OfferQuerySet:
        """One's own; all to staff who see the ticket."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self.filter(ticket__in=Ticket.objects.visible_to(user))
        return self.filter(member=user)


class Offer(models.Model):
    """A beta is offered to one owner with one matching car: the first teller first, then the corroborators."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="offers")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="offers")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    is_first_teller = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=OfferState.choices, default=OfferState.OFFERED)
    offered_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "release", "vehicle"], name="one_offer_per_ticket_release_and_vehicle"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.release}"


class SealedVerification(models.Model):
    """What a beta tester wrote before the version was public. It stays sealed until the version is public and the writer releases it."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="sealed")
    words = models.TextField(blank=True)
    observed = models.JSONField(default=dict, help_text=_("Conditions, attempts, failures, as the form gave them."))
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    verification = models.OneToOneField(
        Verification, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.offer_id}"
