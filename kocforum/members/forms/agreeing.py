"""The part of every sign-up, by whichever door: the two texts, accepted one by one."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Agreement, Member

_NEEDED = {"required": _("Please read it and tick the box.")}


class Agreeing(forms.Form):
    """ACCOUNT_SIGNUP_FORM_CLASS: allauth puts it under its sign-up forms and calls `signup` when the row is there."""

    terms = forms.BooleanField(label=_("I accept the community agreement"), error_messages=_NEEDED)
    privacy = forms.BooleanField(label=_("I accept the privacy notice"), error_messages=_NEEDED)

    def signup(self, request: HttpRequest, user: Member) -> None:
        """The account begins, with both consents, in the transaction of the form."""
        actions.sign_up(member=user, agreements=Agreement.objects.current())
