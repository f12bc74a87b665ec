"""The envelope of an initiative: what is granted, how much of it is released, promised and spent, and the ledger of all that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.members.enums import Role

from ..enums import EnvelopeState, LineKind, MoneyMoveKind
from .initiatives import Initiative
from .reviews import Decision

ACCOUNT_PHOTOS = "account"
MONEY_ROLES = (Role.APPROVER, Role.FINANCE)
LATE_WINDOW = timedelta(days=30)
NOTHING = {f"{name}_minor": 0 for name in ("approved", "released", "reserved", "spent", "returned")}


class EnvelopeQuerySet(models.QuerySet):
    def of_people(self, user) -> EnvelopeQuerySet:
        """Who spends it or did, and the colleagues whose work it is: they see every row of it."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*MONEY_ROLES):
            return self
        return self.filter(initiative__in=Initiative.objects.known_inside_to(user))

    def visible_to(self, user) -> EnvelopeQuerySet:
        """Its people; once it is settled, whoever may read the initiative sees what was granted and spent."""
        told = Q(state=EnvelopeState.SETTLED, initiative__in=Initiative.objects.visible_to(user))
        return self.filter(told | Q(pk__in=self.model.objects.of_people(user)))


class Envelope(models.Model):
    """The money of one initiative in the smallest unit of one currency. The five counters move only in `actions/purses.py`,
    each step with a row of the ledger; a counter is the sum of its column there."""

    initiative = models.OneToOneField(Initiative, on_delete=models.PROTECT, related_name="envelope")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    approved_minor = models.PositiveBigIntegerField(_("granted"), default=0)
    released_minor = models.PositiveBigIntegerField(_("released"), default=0)
    reserved_minor = models.PositiveBigIntegerField(_("promised"), default=0)
    spent_minor = models.PositiveBigIntegerField(_("spent"), default=0)
    returned_minor = models.PositiveBigIntegerField(_("went back"), default=0)
    state = models.CharField(_("state"), max_length=7, choices=EnvelopeState.choices, default=EnvelopeState.OPEN)
    account = models.TextField(_("account"), max_length=2000, blank=True)
    accounted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_minor__gte=F("reserved_minor") + F("spent_minor")),
                name="reserved_and_spent_within_approved",
            ),
            models.CheckConstraint(
                condition=Q(released_minor__gte=F("reserved_minor") + F("spent_minor")),
                name="reserved_and_spent_within_released",
            ),
            models.CheckConstraint(
                condition=Q(approved_minor__gte=F("released_minor")), name="released_within_approved"
            ),
            models.CheckConstraint(
                condition=Q(state=EnvelopeState.OPEN, returned_minor=0, settled_at__isnull=True)
                | Q(
                    state=EnvelopeState.SETTLED,
                    settled_at__isnull=False,
                    reserved_minor=0,
                    approved_minor=F("spent_minor") + F("returned_minor"),
                ),
                name="a_settled_envelope_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.approved_minor} {self.currency}"

    @property
    def left_minor(self) -> int:
        """Neither promised nor spent nor given back, released or not."""
        return self.approved_minor - self.reserved_minor - self.spent_minor - self.returned_minor

    @property
    def available_minor(self) -> int:
        """What can be approved now."""
        return 0 if self.is_settled else self.released_minor - self.reserved_minor - self.spent_minor

    @property
    def is_settled(self) -> bool:
        return self.state == EnvelopeState.SETTLED

    @property
    def late_until(self) -> datetime | None:
        """Until then late receipts are taken; afterwards finance opens it again first (I16)."""
        return self.settled_at + LATE_WINDOW if self.settled_at else None


class BudgetLine(models.Model):
    """What a part of the money is for. `used_minor`: promised and spent on it. Only what a cancelled event costs has a hard end."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=LineKind.choices, default=LineKind.ASKED)
    what = models.CharField(max_length=200, blank=True)
    granted_minor = models.PositiveBigIntegerField(default=0)
    used_minor = models.PositiveBigIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["envelope", "kind"], condition=~Q(kind=LineKind.ASKED), name="one_line_of_the_house_per_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.CANCELLING) | Q(granted_minor__gte=F("used_minor")),
                name="cancelling_costs_what_was_agreed",
            ),
        ]

    def __str__(self) -> str:
        return self.what or str(self.get_kind_display())


class Tranche(models.Model):
    """A part of the money that is released at once: on a day, or when a colleague says that its condition is met."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="tranches")
    number = models.PositiveSmallIntegerField()
    amount_minor = models.PositiveBigIntegerField(_("amount"))
    condition = models.CharField(_("condition"), max_length=500, blank=True)
    due_on = models.DateField(_("on"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["envelope", "number"], name="one_tranche_per_envelope_and_number"),
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="a_tranche_has_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.envelope_id} #{self.number}"


class MoneyMove(models.Model):
    """One row of the ledger: by how much each counter moved, who did it and why. The database refuses to change or remove it;
    a mistake is put right by a counter-entry."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=8, choices=MoneyMoveKind.choices)
    approved_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    expense = models.ForeignKey("Expense", null=True, on_delete=models.PROTECT, related_name="money_moves")
    tranche = models.ForeignKey(Tranche, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("movement of money")
        verbose_name_plural = _("ledger of money")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(**NOTHING), name="a_movement_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.envelope_id}"

    @property
    def amount_minor(self) -> int:
        """The amount of the step, without its direction."""
        return max(abs(getattr(self, name)) for name in NOTHING)
