"""Forms of the desk: promote, move, note, add evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Function
from kocforum.members.models import Member

from ..enums import Severity, TicketKind, TicketState
from ..models import Department, Ticket
from ..rules.states import NEEDS, PUBLIC_REASON


class PromoteForm(forms.Form):
    """Kind, title, department of a new ticket; what it rests on comes in the address."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=TicketKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title for colleagues"),
        max_length=160,
        required=False,
        help_text=_("Owners never read it. Empty: the title of the topic or thread."),
    )
    department = forms.ModelChoiceField(
        empty_label=_("Not decided yet"),
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        to_field_name="slug",
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.all()


class MoveForm(forms.Form):
    """One move: the fields that it needs, filled with what the ticket has already."""

    to = forms.CharField(widget=forms.HiddenInput)
    expected = forms.CharField(widget=forms.HiddenInput)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    function = forms.ModelChoiceField(
        empty_label=_("Please choose"), label=_("Function"), queryset=Function.objects.none(), to_field_name="slug"
    )
    department = forms.ModelChoiceField(
        empty_label=_("Please choose"), label=_("Department"), queryset=Department.objects.none(), to_field_name="slug"
    )
    assignee = forms.ModelChoiceField(
        empty_label=_("Nobody yet"), label=_("Who looks after it?"), queryset=Member.objects.none(), required=False
    )
    merged_into = forms.ModelChoiceField(
        empty_label=_("Please choose"), label=_("Belongs to"), queryset=Ticket.objects.none()
    )
    root_cause_ref = forms.CharField(
        label=_("Root cause document"), max_length=200, help_text=_("Number or address of the document.")
    )
    acceptance_target = forms.CharField(
        label=_("Acceptance target"),
        max_length=200,
        help_text=_("What owners must see for it to count as solved. Written before it is built."),
    )
    fix_version = forms.CharField(label=_("Version with the fix"), max_length=120)
    compliance_ref = forms.CharField(label=_("Clearance document"), max_length=200)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    public_note = forms.CharField(
        label=_("Sentence for owners"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands under the status in the thread. Say what was seen and what comes next."),
    )

    def __init__(self, *args: Any, ticket: Ticket, to: TicketState, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticket = ticket
        needs = set(NEEDS.get(to, ()))
        kept = needs | {"to", "expected", "reason", "public_note"}
        if to == TicketState.ACKNOWLEDGED:
            kept.add("assignee")
        for name in set(self.fields) - kept:
            del self.fields[name]
        querysets = {
            "function": Function.objects.all(),
            "department": Department.objects.all(),
            "assignee": Member.objects.staff_with("engineer", "researcher").order_by("username"),
            "merged_into": Ticket.objects.visible_to(by).exclude(pk=ticket.pk).exclude(state=TicketState.MERGED)[:200],
        }
        for name, queryset in querysets.items():
            if name in self.fields:
                self.fields[name].queryset = queryset
        self.initial |= {"to": to, "expected": ticket.state, **self._known(ticket)}
        if to in PUBLIC_REASON:
            self.fields["reason"].label = _("Reason, as owners will read it")
            del self.fields["public_note"]
        if "reason" in needs:
            self.fields["reason"].required = True

    @staticmethod
    def _known(ticket: Ticket) -> dict[str, Any]:
        return {
            "severity": ticket.severity,
            "function": ticket.function.slug if ticket.function_id else None,
            "department": ticket.department.slug if ticket.department_id else None,
            "assignee": ticket.assignee_id,
            "root_cause_ref": ticket.root_cause_ref,
            "acceptance_target": ticket.acceptance_target,
            "fix_version": ticket.fix_version,
            "compliance_ref": ticket.compliance_ref,
        }

    def values(self) -> dict[str, Any]:
        """The keywords of `move_ticket` without `by` and `ticket`."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class NoteForm(forms.Form):
    body = forms.CharField(
        label=_("Note for colleagues"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Never leaves the desk."),
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
