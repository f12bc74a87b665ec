"""Tell members, once; read; choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member

from .channels import INBOX, channels
from .facts import NotificationRaised, NotificationsRead, PreferenceSet
from .kinds import NotificationKind, kind_of
from .models import Notification, Preference, Sending, Telling
from .queries import who_sees, who_wants

AT_ONCE = 500


@transaction.atomic
def notify(*, member: Member, kind: str, object_id: int, params: dict[str, Any], fact_id: int) -> Notification | None:
    """Tell a member of a fact, once. While an earlier one on the same thing is unread, this one is counted into it.

    None when the member was told already, does not want it, has left, or may not see the thing.
    """
    raised = notify_all(members=[member.pk], kind=kind, object_id=object_id, params=params, fact_id=fact_id)
    return raised[0] if raised else None


@transaction.atomic
def notify_all(
    *, members: Iterable[int], kind: str, object_id: int, params: dict[str, Any], fact_id: int
) -> list[Notification]:
    """Tell many members, given by number, of one fact, each once: a handful of queries for every five hundred."""
    known = kind_of(kind)
    if known is None:
        raise LookupError(f"Nobody registered the kind {kind!r}.")
    numbers = list(dict.fromkeys(pk for pk in members if pk))
    raised: list[Notification] = []
    for start in range(0, len(numbers), AT_ONCE):
        raised += _tell_some(numbers[start : start + AT_ONCE], known, object_id, params, fact_id)
    return raised


def _tell_some(
    numbers: list[int], kind: NotificationKind, object_id: int, params: dict[str, Any], fact_id: int
) -> list[Notification]:
    told = Telling.objects.filter(member__in=numbers, kind=kind.slug, fact_id=fact_id).values("member")
    people = list(Member.objects.filter(pk__in=numbers, is_active=True).exclude(pk__in=told))
    welcome = who_wants(people, kind, INBOX)
    welcome &= who_sees([member for member in people if member.pk in welcome], kind, object_id)
    if not welcome:
        return []
    raised = _raise(sorted(welcome), kind, object_id, params)
    # Not ignoring conflicts: a second run at the same time fails here as a whole, and finds everybody told when it is repeated.
    Telling.objects.bulk_create(
        Telling(member_id=row.member_id, kind=kind.slug, fact_id=fact_id, notification=row) for row in raised
    )
    record(
        NotificationRaised(
            kind=kind.slug,
            object_id=object_id,
            notification_ids=[row.pk for row in raised],
            rounds=[row.count for row in raised],
        ),
        by=None,
    )
    for row in raised:
        push(f"member:{row.member_id}", "notification", row.pk)
    return raised


def _raise(numbers: list[int], kind: NotificationKind, object_id: int, params: dict[str, Any]) -> list[Notification]:
    """Begin at zero where nothing is unread, then count one more for everybody: it does not matter who came first."""
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(member_id=pk, kind=kind.slug, object_id=object_id, params=params, count=0, first_at=now)
            for pk in numbers
        ],
        ignore_conflicts=True,
    )
    unread = Notification.objects.unread().filter(member__in=numbers, kind=kind.slug, object_id=object_id)
    if kind.shows_first:
        unread.update(count=F("count") + 1, last_at=now)
    else:
        unread.update(count=F("count") + 1, last_at=now, params=params)
    return list(unread.order_by("member_id"))


@transaction.atomic
def withdraw(*, kind: str, object_id: int, member: int | None = None, members: Iterable[int] | None = None) -> int:
    """News of a thing that is gone are taken back while unread, from everybody, from one member or from some."""
    gone = Notification.objects.unread().filter(kind=kind, object_id=object_id)
    if member is not None:
        gone = gone.filter(member=member)
    if members is not None:
        gone = gone.filter(member__in=members)
    heard = list(gone.values_list("member_id", flat=True))
    gone.delete()
    _refresh_badges(heard)
    return len(heard)


@transaction.atomic
def withdraw_facts(*, facts: Iterable[int]) -> int:
    """What these facts told is taken back while unread: one less where more was counted together, else the whole."""
    members: set[int] = set()
    for fact in facts:
        told = Telling.objects.filter(fact_id=fact, notification__read_at__isnull=True, notification__isnull=False)
        counted = dict(told.values_list("notification", "notification__member"))
        shown = Notification.objects.filter(pk__in=counted)
        told.update(notification=None)
        shown.update(count=F("count") - 1)
        shown.filter(count=0).delete()
        members.update(counted.values())
    _refresh_badges(members)
    return len(members)


def _refresh_badges(members: Iterable[int]) -> None:
    for member in members:
        push(f"member:{member}", "notification", None)


@transaction.atomic
def mark_read(*, by: Member, notification: Notification | None = None) -> int:
    """Read one, or all. Other open pages hear of it."""
    unread = Notification.objects.filter(member=by, read_at__isnull=True)
    if notification is not None:
        unread = unread.filter(pk=notification.pk)
    count = unread.update(read_at=timezone.now())
    if count:
        record(NotificationsRead(member_id=by.pk, count=count), by=by)
        push(f"member:{by.pk}", "notification", None)
    return count


@transaction.atomic
def put_away(*, by: Member, notifications: Iterable[Notification]) -> int:
    """News of things that their reader may no longer see are shown to nobody: they must not be counted at the bell either."""
    unread = Notification.objects.unread().filter(member=by, pk__in=[row.pk for row in notifications])
    if count := unread.update(read_at=timezone.now()):
        push(f"member:{by.pk}", "notification", None)
    return count


@transaction.atomic
def set_preference(*, by: Member, kind: str, channel: str, wanted: bool) -> Preference:
    """Choose for one kind and one channel."""
    if kind_of(kind) is None:
        raise Invalid({"kind": _("There is no such kind of news.")})
    if channel != INBOX and channel not in channels():
        raise Invalid({"channel": _("There is no such channel.")})
    preference, _new = Preference.objects.update_or_create(
        member=by, kind=kind, channel=channel, defaults={"wanted": wanted}
    )
    record(PreferenceSet(member_id=by.pk, kind=kind, channel=channel, wanted=wanted), by=by)
    return preference


@transaction.atomic
def claim_sending(*, notification: Notification, channel: str, round_: int) -> Sending | None:
    """The row of one letter, for whoever comes first; None for everybody after."""
    sending, first = Sending.objects.get_or_create(notification=notification, channel=channel, round=round_)
    return sending if first else None


@transaction.atomic
def mark_sent(*, sending: Sending) -> None:
    """The letter went out."""
    Sending.objects.filter(pk=sending.pk, sent_at__isnull=True).update(sent_at=timezone.now())


@transaction.atomic
def forget_member(*, member_id: int) -> None:
    """A member left: nothing is kept of what they were told and what they chose."""
    Notification.objects.filter(member=member_id).delete()
    Preference.objects.filter(member=member_id).delete()
    Telling.objects.filter(member=member_id).delete()
