"""News go out by the channels that the member wants. The letters are jobs of their own: the post office holds no lock here."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone, translation
from django_tasks import task

from kocforum.ledger.subscribers import on
from kocforum.members.facts import AccountClosed

from .actions import claim_sending, forget_member, mark_sent
from .channels import channels
from .facts import NotificationRaised
from .kinds import kind_of
from .models import Notification, Sending
from .queries import news_of, who_wants

log = logging.getLogger("kocforum.jobs")

FIRST_PAUSE = timedelta(seconds=30)  # after a letter failed, four times longer after each
GIVE_UP_AFTER = 6


@on(NotificationRaised)
def send_by_channels(told: NotificationRaised, row) -> None:
    """One letter per member and channel, unless it was read in the meantime or more of the same came (that round sends)."""
    kind = kind_of(told.kind)
    if kind is None:
        return
    rounds = dict(zip(told.notification_ids, told.rounds, strict=True))
    raised = [
        notification
        for notification in Notification.objects.unread().filter(pk__in=rounds).select_related("member")
        if notification.count == rounds[notification.pk]
    ]
    for slug, channel in channels().items():
        wanted = who_wants([notification.member for notification in raised], kind, slug)
        for notification in raised:
            if notification.member_id in wanted and channel.reaches(notification.member):
                sending = claim_sending(notification=notification, channel=slug, round_=notification.count)
                if sending:
                    send.enqueue(sending.pk)


@task()
def send(sending_id: int, attempt: int = 1) -> None:
    """Send one letter in its reader's language; not when it went out already, was read, or may no longer be seen."""
    sending = Sending.objects.select_related("notification__member").filter(pk=sending_id, sent_at__isnull=True).first()
    channel = channels().get(sending.channel) if sending else None
    if channel is None or sending.notification.read_at:
        return
    notification, member = sending.notification, sending.notification.member
    with translation.override(member.language or None):
        shown = news_of([notification], member) if member.is_active else []
        if not shown:
            return
        url = kind_of(notification.kind).url(notification.object_id, notification.params)
        try:
            channel.send(member, sentence=shown[0].sentence, url=url)
        except Exception:
            if attempt >= GIVE_UP_AFTER:
                raise
            log.warning("Letter %s did not go out; it is tried again.", sending_id, exc_info=True)
            again = timezone.now() + FIRST_PAUSE * 4 ** (attempt - 1)
            send.using(run_after=again).enqueue(sending_id, attempt + 1)
            return
    mark_sent(sending=sending)


@on(AccountClosed)
def forget_who_left(told: AccountClosed, row) -> None:
    """A closed account is told nothing any more."""
    forget_member(member_id=told.member_id)
