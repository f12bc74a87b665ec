"""Draw up a workshop and invite to it; take a seat, give it up, move up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import InvitationState, Readers, SeatRole, SeatState, TaskForm, TaskState
from ..facts import MeetingNear, SeatGivenUp, SeatMovedUp, SeatTaken, WorkshopEdited, WorkshopInvited
from ..models import Advice, Audience, Invitation, Seat, Task, Workshop
from ..queries.drafts import stamp_of_draft
from ..rules.workshops import can_draw_up, can_take_seat, consent_hash_of
from .consents import keep_text, require_read
from .drafts import Brief, begin_draft, change_draft
from .moves import hold_task
from .workshop_terms import Terms, checked


@once(Task)
@transaction.atomic
def draft_workshop(
    *, by: Member, brief: Brief, terms: Terms, parent: Task | None = None, advice: Advice | None = None
) -> Task:
    """A workshop as a draft, with its list. Who draws it up is the host; nobody else knows of it before it is opened."""
    require(can_draw_up(by), _("Only researchers ask owners."))
    values, people = checked(terms), _people(by, terms)
    brief = replace(brief, criteria=_audience_of(people))
    task = begin_draft(by=by, form=TaskForm.WORKSHOP, brief=brief, parent=parent, advice=advice)
    Task.objects.filter(pk=task.pk).update(readers=Readers.CONFIDENTIAL)
    workshop = Workshop.objects.create(task=task, **values)
    _draw_up_the_list(workshop, people)
    keep_text(by=by, workshop=workshop)
    task.refresh_from_db()
    return task


@transaction.atomic
def edit_workshop(*, by: Member, task: Task, brief: Brief, terms: Terms, seen: str | None = None) -> Task:
    """Change a draft, and its list with it. `seen`: the stamp of the draft that was changed; another one is a Conflict."""
    require(can_draw_up(by), _("Only researchers ask owners."))
    values = checked(terms)
    task = hold_task(task.pk)
    if seen and stamp_of_draft(task) != seen:
        raise Conflict(
            _("A colleague changed this draft in the meantime. Look at it, then save again to put yours in its place.")
        )
    workshop = Workshop.objects.get(task=task)
    people = _people(workshop.list.select_related("member").get(role=SeatRole.HOST).member, terms)
    change_draft(task=task, brief=replace(brief, criteria=_audience_of(people)))
    Workshop.objects.filter(task=task).update(**values)
    workshop.refresh_from_db()
    _draw_up_the_list(workshop, people)
    keep_text(by=by, workshop=workshop)
    record(WorkshopEdited(task_id=task.pk), by=by)
    task.refresh_from_db()
    return task


def _people(host: Member, terms: Terms) -> dict[Member, str]:
    """Everybody named, with the role; who is named twice has the first. Who works for the brand comes as an expert, others as owners."""
    people = {host: SeatRole.HOST}
    for name, role in (
        ("cohosts", SeatRole.COHOST),
        ("scribes", SeatRole.SCRIBE),
        ("observers", SeatRole.OBSERVER),
        ("invitees", None),
    ):
        for one in _named(name, getattr(terms, name)):
            people.setdefault(one, role or (SeatRole.EXPERT if one.is_staff else SeatRole.KOC))
    return people


def _audience_of(people: Iterable[Member]) -> dict[str, list[str]]:
    """Who does not work for the brand: whom the shell invites and reminds. Colleagues stand in no audience."""
    asked = [one.username for one in people if not one.is_staff]
    return {"members": asked} if asked else {}


def _draw_up_the_list(workshop: Workshop, people: Mapping[Member, str]) -> None:
    """In the order in which they were named. Who stays on the list keeps why."""
    why = dict(workshop.list.exclude(because="").values_list("member", "because"))
    workshop.list.exclude(role=SeatRole.HOST).delete()
    for one, role in people.items():
        _list(workshop, [one], role, why)


def _named(name: str, usernames: Iterable[str]) -> list[Member]:
    """Members by their user names, in order; who is not there is named."""
    asked = list(dict.fromkeys(usernames))
    found = {one.username: one for one in Member.objects.filter(username__in=asked, is_active=True)}
    if unknown := [one for one in asked if one not in found]:
        raise Invalid({name: _("“%(word)s” is not known here.") % {"word": unknown[0]}})
    return [found[one] for one in asked]


def _list(workshop: Workshop, members: Iterable[Member], role: str, why: Mapping[int, str]) -> None:
    """On the list, once each; who works for the brand comes because that is the work, others are asked."""
    now = timezone.now()
    for one in members:
        comes = one.is_staff and role != SeatRole.KOC
        Seat.objects.get_or_create(
            workshop=workshop,
            member=one,
            defaults={
                "role": role,
                "state": SeatState.ACCEPTED if comes else SeatState.INVITED,
                "answered_at": now if comes else None,
                "because": clean_line(why.get(one.pk, ""))[:200],
            },
        )


@transaction.atomic
def invite(
    *, by: Member, workshop: Workshop, usernames: Sequence[str], because: Mapping[str, str] | None = None
) -> list[Seat]:
    """More people, also while it is open. `because`: why this person, by user name; they read it."""
    require(can_draw_up(by), _("Only researchers ask owners."))
    task = hold_task(workshop.task_id)
    if task.state not in {TaskState.DRAFT, TaskState.OPEN}:
        raise Conflict(_("People are put on the list of a draft, or of a meeting that is ahead."))
    members = _named("invitees", usernames)
    new = [one for one in members if not Seat.objects.filter(workshop=workshop, member=one).exists()]
    why = {one.pk: (because or {}).get(one.username, "") for one in new}
    for one in new:
        _list(workshop, [one], SeatRole.EXPERT if one.is_staff else SeatRole.KOC, why)
    if task.state == TaskState.DRAFT:
        criteria = _audience_of(seat.member for seat in workshop.list.select_related("member").order_by("pk"))
        Audience.objects.filter(task=task).update(criteria=criteria, everyone=not criteria)
        record(WorkshopEdited(task_id=task.pk), by=by)
        return list(Seat.objects.filter(workshop=workshop, member__in=new))
    for one in new:
        if not one.is_staff:  # so that they see it; the frozen audience stays who was asked at first
            Invitation.objects.get_or_create(
                task=workshop.task,
                member=one,
                defaults={"lot": 0, "state": InvitationState.INVITED, "invited_at": timezone.now()},
            )
    if new:
        record(WorkshopInvited(task_id=workshop.task_id, member_ids=[one.pk for one in new]), by=by)
    return list(Seat.objects.filter(workshop=workshop, member__in=new))


@transaction.atomic
def take_seat(*, by: Member, workshop: Workshop, consent: bool, read: str = "") -> Seat:
    """Come. Where all seats are taken one waits in the order of having said yes. A seat is a person's, not a window's (W11).
    `read`: the hash of the words that were shown; others than those of now are a Conflict."""
    require(can_take_seat(by, workshop), _("You are not invited to this room."))
    if not consent:
        raise Invalid({"consent": _("Accept first what everybody accepts who meets there.")})
    workshop = _hold(workshop)
    require_read(workshop, read)
    seat = Seat.objects.select_for_update(of=("self",)).get(workshop=workshop, member=by)
    if seat.state in {SeatState.ACCEPTED, SeatState.STANDBY}:
        _accept(seat, workshop, seat.state, seat.answered_at)
        return seat
    room = Workshop.objects.filter(pk=workshop.pk)
    free = seat.role != SeatRole.KOC or room.filter(taken__lt=F("seats")).update(taken=F("taken") + 1)
    state = SeatState.ACCEPTED if free else SeatState.STANDBY
    _accept(seat, workshop, state, timezone.now())
    _answer_the_invitation(workshop, by, InvitationState.INVITED)
    record(SeatTaken(task_id=workshop.task_id, member_id=by.pk, state=state), by=by)
    _tell(workshop)
    return seat


def _hold(workshop: Workshop) -> Workshop:
    """The workshop first, then a seat: here and at the door, so that two who change seats never wait for each other."""
    return Workshop.objects.select_for_update(of=("self",)).select_related("task").get(pk=workshop.pk)


def _answer_the_invitation(workshop: Workshop, member: Member, state: str) -> None:
    """The shell's own invitation says the same as the seat, whichever of the two was answered."""
    mine = Invitation.objects.filter(task=workshop.task_id, member=member.pk)
    mine.filter(state__in=[InvitationState.INVITED, InvitationState.DECLINED]).update(state=state)


def _accept(seat: Seat, workshop: Workshop, state: str, at: datetime | None) -> None:
    Seat.objects.filter(pk=seat.pk).update(state=state, answered_at=at, consent_hash=consent_hash_of(workshop))
    seat.refresh_from_db()


@transaction.atomic
def give_up_seat(*, by: Member, workshop: Workshop) -> Seat:
    """Not coming, or not any more: the first who waits moves up (W18)."""
    require(can_take_seat(by, workshop), _("You are not invited to this room."))
    workshop = _hold(workshop)
    seat = Seat.objects.select_for_update(of=("self",)).get(workshop=workshop, member=by)
    if seat.role in {SeatRole.HOST, SeatRole.COHOST}:
        raise Conflict(_("A room has its hosts. Ask a colleague to take it over."))
    if seat.state == SeatState.DECLINED:
        return seat
    _answer_the_invitation(workshop, by, InvitationState.DECLINED)
    return _free(seat, workshop)


@transaction.atomic
def free_seats_of(*, member_id: int) -> None:
    """Of somebody who leaves the community: nobody keeps a seat free for them, nor a word of why they came or did not."""
    kept = Seat.objects.filter(member=member_id, workshop__ended_at__isnull=True).exclude(state=SeatState.DECLINED)
    for seat in kept.select_related("workshop").order_by("workshop"):
        workshop = _hold(seat.workshop)
        _free(Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk), workshop)
    Seat.objects.filter(member=member_id).update(because="", missed_because="")


def _free(seat: Seat, workshop: Workshop) -> Seat:
    """The seat, whose row is held, is nobody's; the first who waits moves up."""
    had = seat.state == SeatState.ACCEPTED and seat.role == SeatRole.KOC
    Seat.objects.filter(pk=seat.pk).update(
        state=SeatState.DECLINED, answered_at=timezone.now(), checked_in_at=None, released_at=None
    )
    if had:
        Workshop.objects.filter(pk=workshop.pk).update(taken=F("taken") - 1)
        _move_up(workshop)
    record(SeatGivenUp(task_id=workshop.task_id, member_id=seat.member_id), by=seat.member)
    _tell(workshop)
    seat.refresh_from_db()
    return seat


def _move_up(workshop: Workshop) -> None:
    """The first who waits has the free seat. The row of the workshop is held by the update before, so two who leave move two up."""
    waiting = Seat.objects.filter(workshop=workshop, state=SeatState.STANDBY)
    for pk, member in list(waiting.order_by("answered_at", "pk").values_list("pk", "member")):
        if waiting.filter(pk=pk).update(state=SeatState.ACCEPTED):  # who gave up in the same moment is passed over
            Workshop.objects.filter(pk=workshop.pk).update(taken=F("taken") + 1)
            record(SeatMovedUp(task_id=workshop.task_id, member_id=member), by=None)
            return


def announce_meetings() -> int:
    """Tell of what begins within a day, once each. Returns how many meetings were told of."""
    return sum(_announce(pk) for pk in list(Workshop.objects.due_to_remind().values_list("pk", flat=True)))


@transaction.atomic
def _announce(pk: int) -> bool:
    if not Workshop.objects.due_to_remind().filter(pk=pk).update(reminded_at=timezone.now()):
        return False
    record(MeetingNear(task_id=Workshop.objects.values_list("task", flat=True).get(pk=pk)), by=None)
    return True


def _tell(workshop: Workshop) -> None:
    push(f"task:{workshop.task_id}", "seat.changed", workshop.task_id)
