"""Fields of forms that mean the same in every app."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .moments import can_be_reckoned_with


class MomentField(forms.DateTimeField):
    """A moment. At the ends of the calendar, where the clocks of another zone are in no year at all, it is none."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is not None and not can_be_reckoned_with(moment):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class SplitMomentField(forms.SplitDateTimeField):
    """A moment whose day and clock are typed apart, as the administration asks for it."""

    def compress(self, data_list: Any) -> datetime | None:
        moment = super().compress(data_list)
        if moment is not None and not can_be_reckoned_with(moment):
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        return moment


class DayField(forms.DateField):
    """A day. In a year that nobody means, from which no month later and no other zone can be reckoned, it is none."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not can_be_reckoned_with(day):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day
