"""Moments and days as an API face takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from rest_framework import serializers

from ..moments import can_be_reckoned_with


class MomentField(serializers.DateTimeField):
    """A moment. At the ends of the calendar, where the clocks of another zone are in no year at all, it is out of range."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")
        if not can_be_reckoned_with(moment):
            self.fail("overflow")
        return moment


class DayField(serializers.DateField):
    """A day. In a year that nobody means, from which no month later and no other zone can be reckoned, it is out of range."""

    default_error_messages: ClassVar = {"overflow": serializers.DateTimeField.default_error_messages["overflow"]}

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not can_be_reckoned_with(day):
            self.fail("overflow")
        return day
