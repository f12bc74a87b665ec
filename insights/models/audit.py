"""Rows that nobody can change: frozen evidence and the chain over it. Triggers in the database refuse UPDATE and DELETE."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .tickets import Ticket


class Frozen(models.Model):
    """A row that is written once. The database refuses the rest; this says so earlier."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Frozen rows do not change.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Frozen rows do not go.")


class EvidenceSnapshot(Frozen):
    """What was known when staff promoted: canonical JSON bytes as text, and their SHA-256."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("evidence snapshot")
        verbose_name_plural = _("evidence snapshots")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "number"], name="one_snapshot_per_ticket_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} #{self.number}"


class AuditEntry(Frozen):
    """One link of the chain: hash = sha256(hex of the one before, then the canonical entry)."""

    seq = models.PositiveBigIntegerField(unique=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    canonical = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering: ClassVar = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq}"
