"""What is led, by the keys of the texts, while it is being told."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.models import Club, Event, Initiative

APPROVER = "approver"


@dataclass
class Led:
    """Rows by the keys of the texts; `initiative` and `event` read them as they are now."""

    clubs: dict[str, Club] = field(default_factory=dict)
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)

    def initiative(self, key: str) -> Initiative:
        return Initiative.objects.get(pk=self.initiatives[key].pk)

    def event(self, key: str) -> Event:
        return Event.objects.select_related("initiative").get(pk=self.events[key].pk)

    def leader(self, table: dict) -> str:
        """Who proposed what this event is part of."""
        return self.initiatives[table["initiative"]].proposer.username
