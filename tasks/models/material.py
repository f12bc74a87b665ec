"""What the brand has to lend, what of it is promised to an initiative, and the ledger of both."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import LoanState
from .initiatives import Initiative
from .money import MONEY_ROLES

AT_HOME = (LoanState.RETURNED, LoanState.CONSUMED, LoanState.LOST, LoanState.RELEASED)
ON_THE_WAY = (LoanState.RESERVED, LoanState.SHIPPED)
OUT = (LoanState.SHIPPED, LoanState.RECEIVED, LoanState.SENT_BACK)
NOTHING_MOVES = {"on_hand": 0, "reserved": 0, "out": 0}


class StockItemQuerySet(models.QuerySet):
    def visible_to(self, user) -> StockItemQuerySet:
        """Colleagues who lend and who settle; what the house owns is nobody else's."""
        return self if user.is_authenticated and user.has_role(*MONEY_ROLES) else self.none()


class StockItem(models.Model):
    """A thing of which the brand has some. `on_hand` lies in the house, `reserved` of it is promised, `out` is with owners. The
    three move only in `actions/stock.py`; each is the sum of its column in `StockMove`."""

    name = models.CharField(_("what it is"), max_length=120, unique=True)
    unit = models.CharField(_("counted in"), max_length=20)
    returnable = models.BooleanField(_("comes back"), default=True)
    on_hand = models.PositiveIntegerField(_("in the house"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)
    out = models.PositiveIntegerField(_("with owners"), default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = StockItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing in stock")
        verbose_name_plural = _("things in stock")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="reserved_is_in_the_house"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def free(self) -> int:
        """In the house and promised to nobody."""
        return self.on_hand - self.reserved


class LoanQuerySet(models.QuerySet):
    def visible_to(self, user) -> LoanQuerySet:
        """Who leads the initiative, and the colleagues who lend and settle."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*MONEY_ROLES):
            return self
        return self.filter(initiative__in=Initiative.objects.known_inside_to(user))

    def unaccounted(self) -> LoanQuerySet:
        """Promised or on its way; and with somebody, where it is to come back. What is used up needs no word of anybody."""
        comes_back = Q(item__returnable=True) | Q(state=LoanState.SENT_BACK)
        return self.filter(Q(state__in=ON_THE_WAY) | comes_back & ~Q(state__in=AT_HOME))

    def due_to_remind(self, until) -> LoanQuerySet:
        """With its leader, due back until this day, and nobody was reminded."""
        here = self.filter(state__in=(LoanState.SHIPPED, LoanState.RECEIVED), item__returnable=True)
        return here.filter(due_back_on__lte=until, reminded_at__isnull=True)


class Loan(models.Model):
    """Some of one thing for one initiative. `gone` did not come back: used up, or lost."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="loans")
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="loans")
    quantity = models.PositiveIntegerField(_("how many"))
    gone = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=9, choices=LoanState.choices, default=LoanState.RESERVED)
    due_back_on = models.DateField(_("back by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan of material")
        verbose_name_plural = _("loans of material")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_loan_is_of_something"),
            models.CheckConstraint(condition=Q(gone__lte=F("quantity")), name="no_more_is_gone_than_was_lent"),
            models.CheckConstraint(
                condition=Q(gone=0) | Q(state__in=[LoanState.RETURNED, LoanState.CONSUMED, LoanState.LOST]),
                name="what_is_gone_is_counted_in_the_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_back_on"], name="loan_due")]

    def __str__(self) -> str:
        return f"{self.item_id} × {self.quantity}"

    @property
    def is_ended(self) -> bool:
        return self.state in AT_HOME

    @property
    def is_late(self) -> bool:
        out = self.state in OUT and self.due_back_on is not None
        return out and self.due_back_on < timezone.localdate()


class StockMove(models.Model):
    """By how much the counters of a thing moved, for which loan, who did it and why. Only added to."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="moves")
    loan = models.ForeignKey(Loan, null=True, on_delete=models.PROTECT, related_name="moves")
    to_state = models.CharField(max_length=9, choices=LoanState.choices, blank=True)
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    out = models.IntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(**NOTHING_MOVES) | Q(loan__isnull=False), name="a_step_of_stock_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.on_hand:+d}"
