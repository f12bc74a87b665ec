"""Material that the brand lends (research: §1D)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class LoanState(models.TextChoices):
    """RESERVED is still in our house. SENT_BACK is on its way home. RETURNED, CONSUMED, LOST and RELEASED are the end."""

    RESERVED = "reserved", pgettext_lazy("material", "Reserved")
    SHIPPED = "shipped", pgettext_lazy("material", "Shipped")
    RECEIVED = "received", pgettext_lazy("material", "Arrived")
    SENT_BACK = "sent_back", pgettext_lazy("material", "On its way back")
    RETURNED = "returned", pgettext_lazy("material", "Back with us")
    CONSUMED = "consumed", pgettext_lazy("material", "Used up")
    LOST = "lost", pgettext_lazy("material", "Lost")
    RELEASED = "released", pgettext_lazy("material", "Not needed")
