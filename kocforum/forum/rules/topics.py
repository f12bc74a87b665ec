"""Rules of topics: hosts are any KOC, or whoever was invited or appointed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import TopicState
from ..models import Post, Topic


def can_open_topic(user):
    """A KOC, or staff who look after the community. Others are invited through their own report."""
    if (writes := can_write(user)) is not True:
        return writes
    if user.is_koc or user.has_role("operator", "researcher"):
        return True
    return Forbidden(
        _("Topics are opened by KOCs. When three owners speak on your report, you are invited to host one.")
    )


def can_host(user, topic: Topic):
    """The host of this topic; staff who look after the community stand in."""
    if not user.is_authenticated:
        return False
    if topic.host_id != user.pk and not user.has_role("operator", "researcher"):
        return Forbidden(_("Only the host of this topic can do this."))
    return can_write(user)


def can_change_topic(user, topic: Topic):
    """Its host, while it is gathering."""
    if (hosts := can_host(user, topic)) is not True:
        return hosts
    return topic.state == TopicState.OPEN or Conflict(_("This topic is closed."))


def can_appoint_host(user) -> bool:
    """Staff who look after the community."""
    return user.is_authenticated and user.has_role("operator", "researcher")


def can_collect(user, post: Post):
    """Hosts and staff select passages."""
    if not user.is_authenticated:
        return False
    if user.is_staff or user.is_koc or Topic.objects.filter(host=user).exists():
        return can_write(user)
    return Forbidden(_("Passages are collected by hosts and staff."))
