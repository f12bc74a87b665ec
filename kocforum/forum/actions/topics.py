"""Topics: open, link, write the claim, pin the summary, hand over."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.members.rules import can_write
from kocforum.search.actions import index
from kocforum.text import clean_text, render

from ..enums import InvitationState, RiverStage, TopicState
from ..facts import (
    ClaimWritten,
    HostAppointed,
    InvitationDeclined,
    ReportLinked,
    ReportUnlinked,
    SummaryPinned,
    TopicClosed,
    TopicOpened,
)
from ..models import HostInvitation, Report, Stage, Topic, TopicLink, TopicRevision
from ..queries import documents
from ..rules.topics import can_appoint_host, can_change_topic, can_host, can_open_topic
from .reports import find_failure_mode, find_function
from .stages import leave, reach
from .writing import checked_title, hold_thread, touch_thread

LONGEST_CLAIM = 600
LONGEST_SUMMARY = 20_000


def checked_claim(claim: str) -> str:
    """A sentence or a few: what seems to be so, under which conditions."""
    claim = clean_text(claim).strip()
    if len(claim) < 6:
        raise Invalid({"claim": _("Write the claim in a sentence: what seems to be so, and when.")})
    if len(claim) > LONGEST_CLAIM:
        raise Invalid({"claim": _("The claim is too long: %(most)s characters at most.") % {"most": LONGEST_CLAIM}})
    return claim


def touch_topic(topic: Topic) -> None:
    """Move the version, which is part of every cache key of the topic and of its reports' pages."""
    Topic.objects.filter(pk=topic.pk).update(version=F("version") + 1, changed_at=timezone.now())
    topic.refresh_from_db(fields=["version", "changed_at"])
    push(f"topic:{topic.pk}", "topic.changed", topic.pk)


@once(Topic)
@transaction.atomic
def open_topic(
    *, by: Member, title: str, function: str, claim: str, failure_mode: str = "", host: Member | None = None
) -> Topic:
    """Open a common topic. A KOC who opens it is its host; staff open it for a host to be appointed."""
    require(can_open_topic(by), _("You cannot open a topic here."))
    return _open(
        by,
        title=title,
        function=function,
        claim=claim,
        failure_mode=failure_mode,
        host=host or (None if by.is_staff else by),
    )


def _open(by: Member, *, title: str, function: str, claim: str, failure_mode: str, host: Member | None) -> Topic:
    named = find_function(function)
    topic = Topic.objects.create(
        title=checked_title(title),
        function=named,
        failure_mode=find_failure_mode(named, failure_mode),
        claim=checked_claim(claim),
        host=host,
        opened_by=by,
    )
    index(kind="topic", **documents.of_topic(topic))
    record(TopicOpened(topic_id=topic.pk, function=named.slug, failure_mode=failure_mode), by=by)
    if host:
        record(HostAppointed(topic_id=topic.pk, member_id=host.pk), by=by)
    return topic


@transaction.atomic
def accept_invitation(*, by: Member, invitation: HostInvitation, title: str, claim: str) -> Topic:
    """The first teller hosts: a topic around the own report, which is its first link."""
    require(invitation.member_id == by.pk, _("This invitation is for someone else."))
    require(can_write(by), _("You cannot open a topic here."))
    taken = HostInvitation.objects.filter(pk=invitation.pk, state=InvitationState.OPEN).update(
        state=InvitationState.ACCEPTED, answered_at=timezone.now()
    )
    if not taken:
        raise Conflict(_("This invitation was already answered."))
    report = invitation.report
    mode = report.failure_mode.slug if report.failure_mode_id else ""
    topic = _open(by, title=title, function=report.function.slug, claim=claim, failure_mode=mode, host=by)
    HostInvitation.objects.filter(pk=invitation.pk).update(topic=topic)
    _link(by, topic, report)
    return topic


@transaction.atomic
def decline_invitation(*, by: Member, invitation: HostInvitation) -> HostInvitation:
    """No, thank you; staff may appoint someone else."""
    require(invitation.member_id == by.pk, _("This invitation is for someone else."))
    declined = HostInvitation.objects.filter(pk=invitation.pk, state=InvitationState.OPEN).update(
        state=InvitationState.DECLINED, answered_at=timezone.now()
    )
    if not declined:
        raise Conflict(_("This invitation was already answered."))
    record(InvitationDeclined(report_id=invitation.report_id, member_id=by.pk), by=by)
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def appoint_host(*, by: Member, topic: Topic, member: Member) -> Topic:
    """Staff appoint a host; a host hands over to another member."""
    allowed = can_appoint_host(by) or topic.host_id == by.pk
    require(allowed, _("Hosts are appointed by staff, or hand over themselves."))
    if not member.is_active or member.closed_at:
        raise Invalid({"member": _("This member has left.")})
    if member.is_staff:
        raise Invalid({"member": _("Hosts are owners. Staff stand in without the title.")})
    if not Topic.objects.filter(pk=topic.pk, host=topic.host_id).update(host=member):
        raise Conflict(_("Somebody else was made the host meanwhile. Please look again."))
    topic.refresh_from_db()
    touch_topic(topic)
    record(HostAppointed(topic_id=topic.pk, member_id=member.pk), by=by)
    return topic


@once(TopicLink)
@transaction.atomic
def link_report(*, by: Member, topic: Topic, report: Report) -> TopicLink:
    """Put a report under a topic. It keeps its own thread, author and address. Linked twice: the same link."""
    require(can_change_topic(by, topic), _("Only the host of this topic can do this."))
    return _link(by, topic, report)


def _link(by: Member, topic: Topic, report: Report) -> TopicLink:
    hold_thread(report.thread_id)
    if not Report.objects.counted().filter(pk=report.pk).exists():
        raise Conflict(_("This report no longer stands, so it cannot be linked."))
    try:
        with transaction.atomic():
            link, new = TopicLink.objects.get_or_create(
                topic=topic, report=report, unlinked_at=None, defaults={"linked_by": by}
            )
    except IntegrityError:
        return TopicLink.objects.get(topic=topic, report=report, unlinked_at__isnull=True)
    if not new:
        link.replayed = True
        return link
    reach(RiverStage.GATHERED, report=report)
    reach(RiverStage.RECORDED, topic=topic, at=report.created_at)
    reach(RiverStage.GATHERED, topic=topic)
    for stage in Stage.objects.filter(topic=topic, stage__gte=RiverStage.ACCEPTED, stage__lte=RiverStage.RELEASED):
        reach(RiverStage(stage.stage), report=report)
    touch_topic(topic)
    touch_thread(report.thread)
    record(ReportLinked(topic_id=topic.pk, report_id=report.pk, thread_id=report.thread_id), by=by)
    return link


@transaction.atomic
def unlink_report(*, by: Member, topic: Topic, report: Report, reason: str) -> TopicLink:
    """Take a report out of a topic, with a reason. The teller may do it as well: it is not the same problem."""
    own = report.thread.author_id == by.pk
    require(True if own else can_change_topic(by, topic), _("Only the host of this topic can do this."))
    reason = clean_text(reason).strip()[:200]
    if not reason:
        raise Invalid({"reason": _("Say why it does not belong here.")})
    hold_thread(report.thread_id)
    link = TopicLink.objects.filter(topic=topic, report=report, unlinked_at__isnull=True).first()
    if link is None:
        raise Conflict(_("This report is not linked here."))
    TopicLink.objects.filter(pk=link.pk).update(unlinked_at=timezone.now(), unlinked_by=by, unlink_reason=reason)
    if not TopicLink.objects.filter(report=report, unlinked_at__isnull=True).exists():
        leave(RiverStage.GATHERED, report=report)
    touch_topic(topic)
    touch_thread(report.thread)
    record(ReportUnlinked(topic_id=topic.pk, report_id=report.pk, thread_id=report.thread_id, reason=reason), by=by)
    link.refresh_from_db()
    return link


def _keep_revision(by: Member, topic: Topic, revision: int | None) -> None:
    """The text before stays; two hosts' windows at once: one of them saves."""
    seen = revision or topic.revision
    if not Topic.objects.filter(pk=topic.pk, revision=seen).update(revision=seen + 1):
        raise Conflict(_("This topic was changed elsewhere in the meantime. Compare before you save."))
    TopicRevision.objects.create(
        topic=topic, number=seen, title=topic.title, claim=topic.claim, summary=topic.summary, by=by
    )


@transaction.atomic
def write_claim(*, by: Member, topic: Topic, title: str, claim: str, revision: int | None = None) -> Topic:
    """Write the claim anew; what it said before stays readable."""
    require(can_change_topic(by, topic), _("Only the host of this topic can do this."))
    _keep_revision(by, topic, revision)
    title, claim = checked_title(title), checked_claim(claim)
    Topic.objects.filter(pk=topic.pk).update(title=title, claim=claim)
    topic.refresh_from_db()
    index(kind="topic", **documents.of_topic(topic))
    touch_topic(topic)
    record(ClaimWritten(topic_id=topic.pk, revision=topic.revision), by=by)
    return topic


@transaction.atomic
def pin_summary(*, by: Member, topic: Topic, summary: str, revision: int | None = None) -> Topic:
    """Pin the host's synthesis of what was said."""
    require(can_change_topic(by, topic), _("Only the host of this topic can do this."))
    _keep_revision(by, topic, revision)
    summary = clean_text(summary)
    if len(summary) > LONGEST_SUMMARY:
        raise Invalid(
            {"summary": _("The summary is too long: %(most)s characters at most.") % {"most": LONGEST_SUMMARY}}
        )
    Topic.objects.filter(pk=topic.pk).update(summary=summary, summary_html=render(summary))
    topic.refresh_from_db()
    index(kind="topic", **documents.of_topic(topic))
    touch_topic(topic)
    record(SummaryPinned(topic_id=topic.pk, revision=topic.revision), by=by)
    return topic


@transaction.atomic
def close_topic(*, by: Member, topic: Topic, reopen: bool = False) -> Topic:
    """Gathering ends, or begins again."""
    require(can_host(by, topic), _("Only the host of this topic can do this."))
    seen, to = (TopicState.CLOSED, TopicState.OPEN) if reopen else (TopicState.OPEN, TopicState.CLOSED)
    if not Topic.objects.filter(pk=topic.pk, state=seen).update(state=to):
        raise Conflict(_("This topic is no longer in the state that you saw."))
    topic.refresh_from_db()
    touch_topic(topic)
    record(TopicClosed(topic_id=topic.pk, state=to), by=by)
    return topic
