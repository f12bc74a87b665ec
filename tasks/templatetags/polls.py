"""`{% load polls %}`: what a poll's card needs wherever it stands."""

from __future__ import annotations

from django import template

from ..queries import stopwatch

register = template.Library()
register.simple_tag(stopwatch.start, name="shown_stamp")
