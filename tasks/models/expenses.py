"""An expense: what somebody paid for an initiative, with its receipt."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.uploads.models import Upload

from ..enums import ExpenseState
from .money import BudgetLine, Envelope

RECEIPTS = "expense"
ENDED = (ExpenseState.PAID, ExpenseState.REFUSED, ExpenseState.WITHDRAWN)
DEAD = (ExpenseState.REFUSED, ExpenseState.WITHDRAWN)
PROMISED = (ExpenseState.APPROVED, ExpenseState.PAID)
ABROAD = ("original_minor", "rate", "rate_on")


class ExpenseQuerySet(models.QuerySet):
    def visible_to(self, user) -> ExpenseQuerySet:
        """Who spends the money, and the colleagues whose work it is: a receipt names people."""
        return self.filter(envelope__in=Envelope.objects.of_people(user))

    def to_approve(self) -> ExpenseQuerySet:
        """Waits for an approver, the longest first."""
        return self.filter(state=ExpenseState.SUBMITTED).order_by("submitted_at", "pk")

    def to_pay(self) -> ExpenseQuerySet:
        """Waits for finance, the longest first."""
        return self.filter(state=ExpenseState.APPROVED).order_by("approved_at", "pk")

    def unfinished(self) -> ExpenseQuerySet:
        """Somebody has still to do something about it."""
        return self.exclude(state__in=ENDED)


class Expense(models.Model):
    """What was paid for an initiative. Amount, line, payee, day, receipt and fapiao are what was approved: who changes one of
    them after the approval hands it in again. `note` and `what` are words."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="expenses")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    submitter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("what for"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    amount_minor = models.PositiveBigIntegerField(_("amount"))
    original_minor = models.PositiveBigIntegerField(null=True, blank=True)
    original_currency = models.CharField(max_length=3, blank=True)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    rate_on = models.DateField(null=True, blank=True)
    payee = models.CharField(_("who was paid"), max_length=120, blank=True)
    issued_on = models.DateField(_("day of the receipt"))
    fapiao = models.CharField(_("fapiao"), max_length=40, blank=True)
    receipt = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    receipt_sha256 = models.CharField(max_length=64)
    receipt_look = models.CharField(max_length=64, blank=True)
    looks_like = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    related_party = models.BooleanField(_("the payee belongs to one of us or is close to us"), default=False)
    needs_two = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=9, choices=ExpenseState.choices, default=ExpenseState.SUBMITTED)
    reason = models.CharField(max_length=500, blank=True)
    revision = models.PositiveSmallIntegerField(default=1, help_text=_("One more whenever what is approved changes."))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    payment = models.CharField(_("reference of the payment"), max_length=80, blank=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gte=1), name="an_expense_has_an_amount"),
            models.CheckConstraint(
                condition=Q(original_currency="", **{f"{name}__isnull": True for name in ABROAD})
                | ~Q(original_currency="") & Q(**{f"{name}__isnull": False for name in ABROAD}),
                name="a_foreign_receipt_has_its_rate",
            ),
            models.UniqueConstraint(
                fields=["fapiao"], condition=~Q(fapiao="") & ~Q(state__in=DEAD), name="one_expense_per_fapiao"
            ),
            models.UniqueConstraint(
                fields=["receipt_sha256"], condition=~Q(state__in=DEAD), name="one_expense_per_receipt"
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("submitter")), name="nobody_approves_the_own_expense"
            ),
            models.CheckConstraint(
                condition=Q(second_approver__isnull=True)
                | Q(approver__isnull=False) & ~Q(second_approver=F("submitter")) & ~Q(second_approver=F("approver")),
                name="a_second_approver_is_another",
            ),
            models.CheckConstraint(
                condition=Q(payer__isnull=True) | ~Q(payer=F("submitter")), name="nobody_pays_the_own_expense"
            ),
            models.CheckConstraint(
                condition=Q(payer__isnull=True)
                | Q(approver__isnull=False)
                & ~Q(payer=F("approver"))
                & (Q(second_approver__isnull=True) | ~Q(payer=F("second_approver"))),
                name="who_approved_does_not_pay",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PROMISED)
                | Q(approver__isnull=False, approved_at__isnull=False)
                & (Q(needs_two=False) | Q(second_approver__isnull=False)),
                name="what_is_promised_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(state=ExpenseState.PAID, payer__isnull=False, paid_at__isnull=False)
                | ~Q(state=ExpenseState.PAID) & Q(payer__isnull=True, paid_at__isnull=True),
                name="what_is_paid_has_a_payer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ExpenseState.RETURNED, ExpenseState.REFUSED]) | ~Q(reason=""),
                name="a_no_to_an_expense_has_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "submitted_at"], name="expense_queue")]

    def __str__(self) -> str:
        return self.what or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("expense", args=[self.envelope.initiative_id, self.pk])

    @property
    def is_promised(self) -> bool:
        return self.state in PROMISED

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def waits_for_a_second(self) -> bool:
        """One approver said yes; another has to."""
        return self.state == ExpenseState.SUBMITTED and self.approver_id is not None


class ExpenseMove(models.Model):
    """What happened to an expense. Only added to. `changed`: names of the fields that were written anew."""

    expense = models.ForeignKey(Expense, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=9, blank=True)
    to_state = models.CharField(max_length=9, choices=ExpenseState.choices)
    reason = models.CharField(max_length=500, blank=True)
    changed = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"
