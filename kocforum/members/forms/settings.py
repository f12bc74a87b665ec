"""The settings page's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Member


class ProfileForm(forms.Form):
    """What others see. The action checks; here is only the shape."""

    display_name = forms.CharField(
        label=gettext_lazy("Display name"),
        required=False,
        help_text=gettext_lazy("Empty shows your user name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "maxlength": "40"}),
    )
    bio = forms.CharField(
        label=gettext_lazy("About me"),
        required=False,
        help_text=gettext_lazy("Which car, how you use it, what you care about. At most 200 characters."),
        widget=forms.Textarea(attrs={"rows": "3", "maxlength": "200"}),
    )
    city = forms.CharField(
        label=gettext_lazy("City"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "maxlength": "40"}),
    )

    @classmethod
    def of(cls, member: Member) -> ProfileForm:
        return cls(initial={name: getattr(member, name) for name in cls.base_fields})


class AppearanceForm(forms.Form):
    """Language and theme, kept with the account and therefore on every device."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        # Each in its own language, so that who cannot read the page finds the way out.
        choices=[("", gettext_lazy("As the device")), ("zh-hans", "简体中文"), ("en", "English")],
        widget=forms.RadioSelect,
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        required=False,
        choices=[("", gettext_lazy("As the device")), ("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark"))],
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, member: Member) -> AppearanceForm:
        return cls(initial={"language": member.language, "theme": member.theme})


class CloseForm(forms.Form):
    """Who leaves says so twice: by the password, or by typing a phrase where there is none."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    phrase = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        del self.fields["phrase" if member.has_usable_password() else "password"]
        if "phrase" in self.fields:
            self.fields["phrase"].label = _("Type “%(phrase)s” to confirm") % {"phrase": self.wanted}

    @property
    def wanted(self) -> str:
        return _("close my account")

    def clean_password(self) -> str:
        if not self.member.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("This password is not right."))
        return self.cleaned_data["password"]

    def clean_phrase(self) -> str:
        if self.cleaned_data["phrase"].strip().casefold() != self.wanted.casefold():
            raise forms.ValidationError(_("This is not the phrase."))
        return self.cleaned_data["phrase"]
