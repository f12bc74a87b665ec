"""Leaders with promises kept and broken, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from kocforum.ledger.models import Fact
from kocforum.members.models import Member
from tasks.actions.events import cancel_event
from tasks.actions.initiative_reports import report
from tasks.actions.passing import end_due
from tasks.models import Event, Initiative
from tasks.queries.trust import Trust, trust_of
from tests.tasks.initiatives import koc, opened_event
from tests.tasks.material import endorsed
from tests.tasks.money import staff

STORY = "一百二十辆车，慢慢走了一天。雨停在午饭之前。"
NO_MONEY: tuple[Any, ...] = ()


def after(days: int, event: Event) -> None:
    """As if so many days had passed since its end."""
    ends = timezone.now() - timedelta(days=days)
    Event.objects.filter(pk=event.pk).update(starts_at=ends - timedelta(hours=8), ends_at=ends)
    end_due()


def led(by: Member | None = None, *, days: int = 1, asks: Any = NO_MONEY, **values: Any) -> Initiative:
    """Endorsed, with an event that ended so many days ago."""
    made = endorsed(by or koc(), asks=asks, **values)
    after(days, opened_event(made))
    return made


def kept(by: Member | None = None, **values: Any) -> Initiative:
    """Two promises kept: it took place, and its report was in time."""
    made = led(by, **values)
    report(by=by or koc(), initiative=made, story=STORY)
    return made


def broken(by: Member | None = None, **values: Any) -> Initiative:
    """One promise kept (it took place) and one broken (no report in time)."""
    return led(by, days=31, **values)


def called_off(by: Member | None = None, *, hours: int = 24) -> Initiative:
    made = endorsed(by or koc(), asks=NO_MONEY)
    event = opened_event(made)
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() + timedelta(hours=hours), ends_at=timezone.now() + timedelta(hours=hours + 8)
    )
    event.refresh_from_db()
    cancel_event(by=by or koc(), event=event, reason="台风")
    return made


def late(made: Initiative, name: str, days: int) -> None:
    """As if this had been told so many days later."""
    Fact.objects.filter(name=name, subjects__object_id=made.pk, subjects__kind="initiative").update(
        at=F("at") + timedelta(days=days)
    )


def states(who: Member | None = None, made: Initiative | None = None) -> dict[str, str]:
    """What each promise of the initiative (the only one, where none is named) came to."""
    return {one.kind: one.state for one in found(who).promises if made is None or one.initiative == made}


def found(who: Member | None = None) -> Trust:
    return trust_of(who or koc())


def approver(username: str = "another") -> Member:
    """One who decided on nothing."""
    return staff("approver", username)
