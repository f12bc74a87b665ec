"""What ends in the forum when a member leaves. Their words and their facts stay: others rest on them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from kocforum.garage.actions import let_go
from kocforum.garage.queries import in_garage
from kocforum.members.models import Member

from ..enums import InvitationState
from ..models import Follow, HostInvitation, Question, Thread, Topic, TopicLink
from .topics import decline_invitation, touch_topic
from .writing import hold_threads


@transaction.atomic
def leave_forum(*, member_id: int) -> None:
    """End follows, invitations, open questions and hosting; kept pages show the name no more. Twice changes nothing.

    Observations copied the car's facts when they were told, so the cars may leave the garage.
    """
    member = Member.objects.get(pk=member_id)
    hold_threads(Thread.objects.filter(posts__author=member).values_list("pk", flat=True))
    Follow.objects.filter(member=member).delete()
    asked = Question.objects.filter(Q(asked_of=member) | Q(asked_by=member), answered_at__isnull=True)
    asked.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    for invitation in HostInvitation.objects.filter(member=member, state=InvitationState.OPEN):
        decline_invitation(by=member, invitation=invitation)
    for topic in Topic.objects.filter(host=member).order_by("pk"):
        Topic.objects.filter(pk=topic.pk).update(host=None)
        touch_topic(topic)
    for vehicle in in_garage(member):
        let_go(by=member, vehicle=vehicle)
    _show_no_name(member)


def _show_no_name(member: Member) -> None:
    """Every page on which the name stands is made anew."""
    written = Thread.objects.filter(posts__author=member).values("pk")
    Thread.objects.filter(pk__in=written).update(version=F("version") + 1)
    holding = TopicLink.objects.filter(report__thread__author=member, unlinked_at__isnull=True)
    Topic.objects.filter(pk__in=holding.values("topic")).update(version=F("version") + 1)
