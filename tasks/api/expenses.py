"""Expenses of an initiative in JSON: hand in, change, take back, answer, pay."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import DayField
from kocforum.ui.api.pages import CursorPagination

from ..actions.expense_terms import ExpenseDraft
from ..actions.expenses import edit_expense, submit_expense, withdraw_expense
from ..actions.initiatives import MOST_MINOR
from ..actions.payments import decide_expense
from ..enums import ExpenseState
from ..models import Envelope, Expense, ExpenseMove, Initiative
from ..queries.money import told
from ..queries.receipts import compared
from ..rules.initiatives import knows_inside
from ..rules.money import can_approve, can_edit_expense, can_hand_in, can_pay, can_return, is_money_staff, spends
from .initiatives import initiative_or_404

ANSWERS = (ExpenseState.APPROVED, ExpenseState.RETURNED, ExpenseState.REFUSED, ExpenseState.PAID)


class ExpenseInput(serializers.Serializer):
    """What was paid. `receipt` is an own upload, a PDF too when it was given as `meant_for` expense, whose fapiao number counts where
    none is said; `line` a line of the envelope, the first where none is named. In another
    currency than the envelope's with `rate` (of one unit) and its day, `rate_on`. Each fapiao and each receipt is paid once."""

    amount_minor = serializers.IntegerField(min_value=1, max_value=MOST_MINOR)
    currency = serializers.RegexField("^[A-Z]{3}$")
    receipt = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    line = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)
    what = serializers.CharField(max_length=200, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    payee = serializers.CharField(max_length=120, required=False, allow_blank=True)
    issued_on = DayField(required=False, allow_null=True)
    fapiao = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    related_party = serializers.BooleanField(required=False)
    rate = serializers.DecimalField(max_digits=18, decimal_places=8, required=False, allow_null=True)
    rate_on = DayField(required=False, allow_null=True)
    op_id = OpIdField()


class ExpenseMoveSerializer(serializers.ModelSerializer):
    """What happened to an expense; `changed` names the fields that were written anew."""

    by = serializers.CharField(source="by.username", read_only=True, allow_null=True, default=None)
    changed = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ExpenseMove
        fields = ("from_state", "to_state", "reason", "changed", "by", "at")
        read_only_fields = fields


class FapiaoOnPaperSerializer(serializers.Serializer):
    """What the PDF of a receipt says of itself, as far as it could be read; `differs` names what was typed otherwise."""

    fapiao = serializers.CharField(source="paper.number", read_only=True)
    issued_on = DayField(source="paper.issued_on", read_only=True, allow_null=True)
    amount_minor = serializers.IntegerField(source="paper.amount_minor", read_only=True, allow_null=True)
    differs = serializers.ListField(child=serializers.CharField(), read_only=True)


class ExpenseSerializer(serializers.ModelSerializer):
    """An expense. `amount_minor` is in the envelope's currency. `revision` is one more whenever what is approved changes;
    `looks_like` is an expense whose receipt could be the same paper."""

    initiative = serializers.IntegerField(source="envelope.initiative_id", read_only=True)
    currency = serializers.CharField(source="envelope.currency", read_only=True)
    submitter = serializers.CharField(source="submitter.username", read_only=True)
    approver = serializers.CharField(source="approver.username", read_only=True, allow_null=True, default=None)
    second_approver = serializers.CharField(
        source="second_approver.username", read_only=True, allow_null=True, default=None
    )
    payer = serializers.CharField(source="payer.username", read_only=True, allow_null=True, default=None)
    receipt_url = serializers.CharField(source="receipt.url", read_only=True)
    receipt_document_url = serializers.CharField(
        source="receipt.document_url", read_only=True, help_text="The PDF as it was sent; empty for a picture."
    )
    paper = serializers.SerializerMethodField()
    moves = ExpenseMoveSerializer(many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Expense
        fields = (
            "id", "initiative", "state", "amount_minor", "currency", "original_minor", "original_currency", "rate", "rate_on",
            "line", "what", "note", "payee", "issued_on", "fapiao", "receipt", "receipt_url", "receipt_document_url", "paper", "related_party", "needs_two",
            "looks_like", "reason", "revision", "submitter", "approver", "second_approver", "payer", "payment",
            "submitted_at", "approved_at", "paid_at", "moves", "url",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(FapiaoOnPaperSerializer(allow_null=True))
    def get_paper(self, expense: Expense) -> dict[str, Any] | None:
        found = compared(expense)
        return FapiaoOnPaperSerializer(found).data if found else None

    def to_representation(self, expense: Expense) -> dict[str, Any]:
        """What a receipt looks like is for those who approve: it may be another initiative's."""
        told = super().to_representation(expense)
        if not is_money_staff(self.context["request"].user):
            told["looks_like"] = None
        return told


def shown(user: Any) -> QuerySet[Expense]:
    return told(Expense.objects.visible_to(user)).prefetch_related("moves__by")


def _expense_or_404(request: Request, pk: int, expense: int) -> Expense:
    initiative_or_404(request.user, pk)
    return get_object_or_404(shown(request.user), pk=expense, envelope__initiative=pk)


def _draft_from(said: dict[str, Any], envelope: Envelope, before: dict[str, Any] | None = None) -> ExpenseDraft:
    """Numbers as rows; what is left out stays as it was."""
    values = {**(before or {}), **{name: value for name, value in said.items() if name != "op_id"}}
    if "line" in said:
        values["line"] = envelope.lines.filter(pk=said["line"]).first() if said["line"] else None
        if said["line"] and values["line"] is None:
            raise Invalid({"line": _("There is no such line.")})
    values["fapiao"] = values.get("fapiao") or ""
    return ExpenseDraft(**values)


def _kept_in(expense: Expense) -> dict[str, Any]:
    """What stands in the row, as a draft takes it: the amount as it stands on the receipt."""
    names = ("line", "what", "note", "payee", "issued_on", "fapiao", "related_party", "rate", "rate_on", "receipt")
    abroad = bool(expense.original_currency)
    return {
        **{name: getattr(expense, name) for name in names},
        "amount_minor": expense.original_minor if abroad else expense.amount_minor,
        "currency": expense.original_currency if abroad else expense.envelope.currency,
    }


class Expenses(generics.ListCreateAPIView):
    """Expenses of an initiative, the newest first: for who leads it, approvers and finance. POST hands one in (who leads it)."""

    serializer_class = ExpenseSerializer
    pagination_class = CursorPagination
    queryset = Expense.objects.none()
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[Expense]:
        if getattr(self, "swagger_fake_view", False):
            return Expense.objects.none()
        user, found = self.request.user, initiative_or_404(self.request.user, self.kwargs["pk"])
        if not knows_inside(user, found) and not is_money_staff(user):
            raise Forbidden(_("Receipts are read by who leads the initiative, by approvers and by finance."))
        return shown(user).filter(envelope__initiative=found)

    @extend_schema(request=ExpenseInput, responses={201: ExpenseSerializer, 200: ExpenseSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = initiative_or_404(request.user, self.kwargs["pk"])
        sentence = _("Receipts are handed in by who leads the initiative.")
        may = self._may(request.user, found)
        require(may, sentence)
        said = validated(ExpenseInput(data=request.data), lambda: may, sentence)
        draft = _draft_from(said, found.envelope)
        made = submit_expense(by=request.user, initiative=found, draft=draft, op_id=said.get("op_id"))
        told_now = shown(request.user).get(pk=made.pk)
        told_now.replayed = getattr(made, "replayed", False)
        return created(told_now, self.get_serializer(told_now).data)

    def _may(self, user: Any, initiative: Initiative) -> Any:
        if not spends(user, initiative):
            return Forbidden(_("Receipts are handed in by who leads the initiative."))
        envelope = Envelope.objects.select_related("initiative").filter(initiative=initiative).first()
        if envelope is None:
            return Conflict(_("No money was granted for this initiative."))
        initiative.envelope = envelope
        return can_hand_in(user, envelope)


class ExpenseDetail(generics.GenericAPIView):
    """One expense. PATCH changes it: what was approved and changes is handed in again."""

    serializer_class = ExpenseSerializer
    queryset = Expense.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=ExpenseSerializer)
    def get(self, request: Request, pk: int, expense: int) -> Response:
        return Response(self.get_serializer(_expense_or_404(request, pk, expense)).data)

    @extend_schema(request=ExpenseInput, responses=ExpenseSerializer)
    def patch(self, request: Request, pk: int, expense: int) -> Response:
        found = _expense_or_404(request, pk, expense)
        sentence = _("You cannot change this expense.")
        require(can_edit_expense(request.user, found), sentence)
        asked = ExpenseInput(data=request.data, partial=True)
        said = validated(asked, lambda: can_edit_expense(request.user, found), sentence)
        edit_expense(by=request.user, expense=found, draft=_draft_from(said, found.envelope, _kept_in(found)))
        return Response(self.get_serializer(_expense_or_404(request, pk, expense)).data)


class ExpenseWithdrawal(generics.GenericAPIView):
    """Who leads it takes an expense back before it is paid."""

    serializer_class = ExpenseSerializer
    queryset = Expense.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses=ExpenseSerializer)
    def post(self, request: Request, pk: int, expense: int) -> Response:
        withdraw_expense(by=request.user, expense=_expense_or_404(request, pk, expense))
        return Response(self.get_serializer(_expense_or_404(request, pk, expense)).data)


class ExpenseAnswer(serializers.Serializer):
    """`approved`, `returned` or `refused` by an approver, `paid` by finance. A no has a `reason`; `revision` is what was looked
    at; `payment` the reference of the transfer; `expected` the state that was seen."""

    to = serializers.ChoiceField(choices=ANSWERS)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    payment = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    revision = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    expected = serializers.ChoiceField(choices=ExpenseState.choices, required=False)


class ExpenseDecision(generics.GenericAPIView):
    """Answer an expense, or say that it is paid. One hands in, another approves, a third pays."""

    serializer_class = ExpenseSerializer
    queryset = Expense.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(request=ExpenseAnswer, responses=ExpenseSerializer)
    def post(self, request: Request, pk: int, expense: int) -> Response:
        found = _expense_or_404(request, pk, expense)
        said = validated(
            ExpenseAnswer(data=request.data), lambda: self._may(request, found), _("Approvers answer expenses.")
        )
        if (may := self._may(request, found)) is not True and isinstance(may, Forbidden):
            raise may
        if said.pop("expected", found.state) != found.state:
            raise Conflict(_("Somebody else changed this expense in the meantime."))
        decide_expense(by=request.user, expense=found, **said)
        return Response(self.get_serializer(_expense_or_404(request, pk, expense)).data)

    def _may(self, request: Request, expense: Expense) -> Any:
        """The right before the fields."""
        named = request.data.get("to") if isinstance(request.data, dict) else None
        rule = {ExpenseState.PAID: can_pay, ExpenseState.RETURNED: can_return}.get(named, can_approve)
        return rule(request.user, expense)
