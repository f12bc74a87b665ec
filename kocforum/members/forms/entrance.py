"""Sign-up and sign-in as allauth does them, with our fields and our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import actions
from ..models import Member
from ..rules import imitates_staff
from ..rules.names import tidy
from ..rules.phones import normalise_phone


def _dress(field: forms.Field, label: Any = None, help_text: Any = "", **attrs: Any) -> None:
    """Labels stand above our fields, so placeholders go; the phone's keyboard and the password store are told what is asked."""
    if label is not None:
        field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({name.replace("_", "-"): value for name, value in attrs.items()})


class SignupForm(allauth.SignupForm):
    """By mobile number or by e-mail; a user name; a password only for who wants one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self.fields["username"],
            gettext_lazy("User name"),
            gettext_lazy("Your public address here. Chinese, letters or digits, 2 to 40."),
            autocomplete="username",
            autocapitalize="none",
            spellcheck="false",
        )
        if "phone" in self.fields:
            _dress(self.fields["phone"], gettext_lazy("Mobile number"))
        _dress(self.fields["email"], gettext_lazy("E-mail"), inputmode="email")
        self.fields["email"].required = self.fields["email"].widget.is_required = False
        if "password1" in self.fields:
            _dress(
                self.fields["password1"],
                gettext_lazy("Password (optional)"),
                gettext_lazy("At least 8 characters. Leave it empty to sign in with codes only."),
            )

    def _in_the_way(self) -> Any:
        """Abandoned sign-ups that this one replaces."""
        return Member.objects.in_the_way(
            username=tidy(self.data.get("username", "")),
            phone=normalise_phone(self.data.get("phone", "")),
            email=self.data.get("email", "").strip(),
        )

    def clean_username(self) -> str:
        name = tidy(self.cleaned_data["username"])
        # Our own look into the table, which overlooks sign-ups that were abandoned.
        get_adapter().clean_username(name, shallow=True)
        if imitates_staff(name):
            raise forms.ValidationError(_("Somebody of the staff goes by this name. Choose another one."))
        taken = Member.objects.filter(username__iexact=name).exclude(pk__in=self._in_the_way())
        if taken.exists():
            raise get_adapter().validation_error("username_taken")
        return name

    def validate_unique_email(self, value: str) -> str:
        email = super().validate_unique_email(value)
        holders = Member.objects.filter(email__iexact=email)
        if self.account_already_exists and holders.exists():
            self.account_already_exists = holders.exclude(pk__in=self._in_the_way()).exists()
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("phone") and not cleaned.get("email") and not {"phone", "email"} & set(self.errors):
            asked = "phone" if "phone" in self.fields and self.data.get("email") is None else "email"
            self.add_error(asked, _("Enter a mobile number or an e-mail address."))
        return cleaned

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> Any:
        if not self.account_already_exists:
            actions.discard_unfinished(
                username=self.cleaned_data["username"],
                phone=self.cleaned_data.get("phone"),
                email=self.cleaned_data.get("email") or "",
            )
        return super().try_save(request)


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self.fields["login"],
            gettext_lazy("User name, mobile number or e-mail"),
            autocomplete="username",
            autocapitalize="none",
            spellcheck="false",
        )
        _dress(self.fields["password"], gettext_lazy("Password"))


class RequestLoginCodeForm(allauth.RequestLoginCodeForm):
    """One field for both: a number or an address."""

    contact = forms.CharField(
        label=gettext_lazy("Mobile number or e-mail"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].required = False
        if self.is_bound and (contact := self.data.get("contact", "").strip()):
            self.data = self.data.copy()
            by_email = "@" in contact or "phone" not in self.fields
            self.data["email" if by_email else "phone"] = contact

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not hasattr(self, "_user") and not self.errors:
            raise forms.ValidationError(_("Enter a mobile number or an e-mail address."))
        return cleaned

    def contact_errors(self) -> list[str]:
        """What was wrong, whichever of the two it was taken for."""
        return [str(line) for name in ("contact", "phone", "email") for line in self.errors.get(name, [])]


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["email"], gettext_lazy("E-mail"), inputmode="email")
