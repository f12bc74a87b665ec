"""What happened at the gate of an event: every scan of every phone, in the order in which the server heard of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import ScanResult
from .events import Event
from .rsvps import Rsvp

CAME = (ScanResult.IN, ScanResult.MORE, ScanResult.WALK_IN)
OPENS = (ScanResult.IN, ScanResult.WALK_IN)  # lets a party in; MORE follows


def moment_of(scanned_at: datetime, ahead_ms: int | None) -> datetime:
    """A phone's time by the server's clock. A clock out of all bounds says nothing: then it is the end of time."""
    try:
        return scanned_at + timedelta(milliseconds=ahead_ms or 0)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


class ScanQuerySet(models.QuerySet):
    def visible_to(self, user) -> ScanQuerySet:
        """To those who run the event and those at its gate; colleagues read none."""
        return self.filter(event__in=Event.objects.kept_by(user))

    def came(self) -> ScanQuerySet:
        return self.filter(result__in=CAME)

    def people(self) -> int:
        """How many people these let in."""
        return self.came().aggregate(n=Sum("people"))["n"] or 0


class Scan(models.Model):
    """One thing done at the gate, kept for good; only what is taken back changes its result to UNDONE.

    `scanned_at` is the phone's clock, `ahead_ms` what that clock had to be moved by when it last heard the server's (null: never),
    `received_at` the server's own. `rsvp` is null for who has no place; `name` is then what the gate wrote down.
    `frozen_at`: when an incident was last reported, this was recorded; the database lets nobody change what it came to (I20).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="scans")
    rsvp = models.ForeignKey(Rsvp, null=True, on_delete=models.SET_NULL, related_name="scans")
    nonce = models.CharField(max_length=64)
    device = models.CharField(_("phone"), max_length=40)
    result = models.CharField(_("result"), max_length=9, choices=ScanResult.choices)
    people = models.PositiveSmallIntegerField(_("people"), default=0)
    name = models.CharField(_("name"), max_length=60, blank=True)
    first = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The scan that let them in, or that is taken back."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    scanned_at = models.DateTimeField()
    ahead_ms = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan at the gate")
        verbose_name_plural = _("scans at the gate")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "nonce"], name="one_scan_per_event_and_nonce"),
            models.UniqueConstraint(
                fields=["rsvp"], condition=Q(result__in=OPENS, rsvp__isnull=False), name="every_party_comes_in_once"
            ),
            models.CheckConstraint(
                condition=Q(result__in=CAME, people__gte=1) | ~Q(result__in=CAME) & Q(people=0),
                name="who_came_is_counted_and_nobody_else",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["event", "result"], name="scan_gate")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.nonce}"

    @property
    def happened_at(self) -> datetime:
        """By the server's clock, as well as it is known: the phone's time moved by its offset, and never after it was received (I10)."""
        return min(moment_of(self.scanned_at, self.ahead_ms), self.received_at)
