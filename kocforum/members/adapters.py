"""Our side of django-allauth: phone numbers live on Member, names are checked, texts are ours."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField as AllauthPhoneField
from allauth.account.stages import EmailVerificationStage
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from . import actions, sms
from .models import Agreement, Member
from .rules import imitates_staff, trouble_with_user_name
from .rules.phones import normalise_phone


def site_name() -> str:
    """The name of the house in the reader's language."""
    return settings.SITE_NAME_EN if (get_language() or "").startswith("en") else settings.SITE_NAME


def shown_name(member: Member) -> str:
    """How letters and messages call somebody."""
    return member.name


class PhoneField(AllauthPhoneField):
    """A number as people type it; cleaned to +86…, or to the country that was given."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Mobile number"))
        kwargs["validators"] = []
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": "24"}),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        value = forms.CharField.clean(self, value)
        if not value:
            return ""
        if (phone := normalise_phone(value)) is None:
            raise forms.ValidationError(
                _("Enter an 11-digit mobile number, or one of another country with + in front.")
            )
        return phone


class EmailStage(EmailVerificationStage):
    """Between password and page: an address must be proved unless something else is, or the house made the account."""

    def handle(self) -> Any:
        member = self.login.user
        if member is not None and (member.is_verified or member.is_staff or not member.email):
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "email_password_mismatch": gettext_lazy("The name or the password is not right."),
        "phone_password_mismatch": gettext_lazy("The name or the password is not right."),
        "username_password_mismatch": gettext_lazy("The name or the password is not right."),
        "email_taken": gettext_lazy("This e-mail address belongs to an account already."),
        "phone_taken": gettext_lazy("This mobile number belongs to an account already."),
        "duplicate_email": gettext_lazy("This is your address already."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_code": gettext_lazy("This code is not right."),
        "incorrect_password": gettext_lazy("This password is not right."),
        "invalid_login": gettext_lazy("Sign-in did not work. Please try again."),
        "invalid_password_reset": gettext_lazy("This link holds no longer. Please ask for a new one."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Please wait a few minutes."),
        "rate_limited": gettext_lazy("Too many attempts. Please wait a few minutes."),
        "same_as_current": gettext_lazy("This is what you have already."),
        "select_only_one": gettext_lazy("Fill in one of the two."),
        "username_taken": gettext_lazy("This user name is taken."),
    }

    # Names

    def clean_username(self, username: str, shallow: bool = False) -> str:
        if trouble := trouble_with_user_name(username):
            raise forms.ValidationError(trouble)
        if not shallow and imitates_staff(username):
            raise forms.ValidationError(_("Somebody of the staff goes by this name. Choose another one."))
        return super().clean_username(username, shallow)

    # Phone numbers

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        (actions.verify_phone if verified else actions.attach_phone)(member=user, phone=phone)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        actions.verify_phone(member=user, phone=phone)

    def get_user_by_phone(self, phone: str) -> Member | None:
        """Only who proved the number has it: an unproved one must not let its typist in, nor keep its owner out."""
        known = Member.objects.filter(phone_verified_at__isnull=False, is_active=True)
        return known.filter(phone=normalise_phone(phone) or phone).first()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        self._text(phone, _("Your code is %(code)s. It holds for 15 minutes; tell nobody.") % {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self._text(phone, _("There is no account with this number yet. You can sign up with it."))

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._text(phone, _("You have an account with this number already. Sign in with a code."))

    def _text(self, phone: str, sentence: str) -> None:
        sms.sender().send(phone, f"【{site_name()}】{sentence}")

    # Stages and where they lead

    def get_login_stages(self) -> list[str]:
        ours = f"{EmailStage.__module__}.{EmailStage.__qualname__}"
        return [ours if path.endswith("stages.EmailVerificationStage") else path for path in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Who has a new text to accept is shown it once on the way in; reading stays open to who leaves the page."""
        response = super().post_login(request, user, **kwargs)
        if isinstance(response, HttpResponseRedirect) and Agreement.objects.due_for(user).exists():
            response["Location"] = f"{reverse('consents')}?{urlencode({'next': response.url})}"
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    # Letters

    def format_email_subject(self, subject: str) -> str:
        return f"【{site_name()}】{subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {"site_name": site_name(), "site_url": settings.SITE_URL, **context})


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: the house's name in the authenticator app, secrets unreadable in a copy of the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
        "add_email_blocked": gettext_lazy("Switch the second step off first, then add the address."),
        "cannot_delete_authenticator": gettext_lazy("This second step cannot be switched off now."),
        "cannot_generate_recovery_codes": gettext_lazy("Switch on a second step first."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"{_('Passkey')} {user.authenticator_set.filter(type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return site_name()

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()


def _vault() -> MultiFernet:
    """The present secret key writes; former ones (SECRET_KEY_FALLBACKS) still read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kocforum.mfa").derive(key.encode())
