"""Moments as an API face takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
