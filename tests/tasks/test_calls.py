"""Calls from the brief to the report: drafting, rounds, the reveal, extension, clarification."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.call_rounds import go_on_in_time, next_round, reveal
from tasks.actions.calls import Terms, clarify, edit_call, extend
from tasks.actions.participations import decline, set_budget
from tasks.models import Call, ContactBudget, Entry, Invitation, Task
from tasks.queries.calls import figures_of, problems_of
from tasks.queries.drafts import stamp_of_draft
from tests.people import make_koc, make_member, make_staff
from tests.tasks.calls import call_of, drafted_call, given, in_the_past, open_call, replied
from tests.tasks.stories import brief, make_researcher, moved

pytestmark = pytest.mark.django_db


def test_a_call_without_a_prompt_or_a_reason_does_not_open():
    task = drafted_call(prompt="", why="")
    assert len(problems_of(task)) == 2
    with pytest.raises(Invalid):
        moved(task, "open")


def test_an_invited_call_names_who_writes_first():
    assert len(problems_of(drafted_call(kind="invited"))) == 1


def test_an_open_sealed_call_says_when_it_is_revealed():
    assert len(problems_of(drafted_call(sealed=True))) == 1
    assert not problems_of(drafted_call(sealed=True, reveal_at=timezone.now() + timedelta(days=2)))


def test_nobody_unknown_is_invited():
    with pytest.raises(Invalid, match="nobody-here"):
        drafted_call(invitees=("nobody-here",))


def test_moments_of_a_call_lie_in_order():
    soon, later = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=2)
    with pytest.raises(Invalid) as refused:
        drafted_call(sealed=True, reveal_at=later, community_at=soon)
    assert "community_at" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        drafted_call(sealed=True, reveal_at=timezone.now() + timedelta(days=30))
    assert "reveal_at" in refused.value.fields


def test_a_draft_is_changed_by_one_and_the_other_hears_of_it():
    task, by = drafted_call(), make_researcher()
    seen = stamp_of_draft(task)
    edit_call(by=by, task=task, brief=brief(why="另一个原因"), terms=Terms(prompt="另一个问题"), seen=seen)
    with pytest.raises(Conflict):
        edit_call(by=by, task=task, brief=brief(), terms=Terms(prompt="第三个"), seen=seen)
    assert call_of(task).prompt == "另一个问题"


def test_what_is_open_keeps_its_prompt_and_is_clarified_below_it():
    call, by = open_call(), make_researcher()
    with pytest.raises(Invalid):
        edit_call(by=by, task=call.task, brief=brief(), terms=Terms(prompt="换一个"))
    given(call, "lin")
    clarify(by=by, call=call, text="自驾游也算。")
    assert call_of(call.task).prompt != "换一个"
    assert [row.text for row in call.clarifications.all()] == ["自驾游也算。"]


def test_an_open_call_is_read_at_once():
    call = open_call()
    entry = given(call, "lin")
    assert entry in Entry.objects.visible_to(make_member("he"))


def test_people_named_by_hand_are_asked_beyond_the_usual_minutes_but_not_beyond_their_own():
    shy = make_member("shy")
    set_budget(by=shy, minutes=5)
    call = open_call(invitees=("zhou", "shy"), minutes="200")
    states = dict(Invitation.objects.filter(task=call.task).values_list("member__username", "state"))
    assert states == {"zhou": "invited", "shy": "held"}


def test_an_open_call_asks_for_a_minute_and_not_for_the_hour_that_somebody_writes():
    zhou = make_member("zhou")
    open_call(minutes="90", criteria={"cities": [""]})
    assert ContactBudget.objects.get(member=zhou).spent == 60


def test_only_those_asked_write_to_an_invited_call_and_everybody_sees_that_there_is_one():
    call, he = open_call(invitees=("lin",)), make_member("he")
    assert call.task in Task.objects.visible_to(he)
    with pytest.raises(Forbidden):
        given(call, he)


def test_it_is_revealed_when_all_have_given():
    call = open_call(invitees=("lin", "zhou"))
    given(call, "lin")
    assert call_of(call.task).revealed_at is None
    given(call, "zhou")
    now = call_of(call.task)
    assert now.revealed_at and now.round == "discussing"


def test_who_declined_is_not_waited_for():
    call = open_call(invitees=("lin", "zhou", "he"))
    decline(by=Member.objects.get(username="zhou"), task=call.task)
    given(call, "lin")
    given(call, "he")
    assert call_of(call.task).revealed_at


def test_it_is_revealed_at_the_promised_moment_and_the_community_joins_at_its_own():
    call = open_call(
        invitees=("lin", "zhou"),
        reveal_at=timezone.now() + timedelta(days=1),
        community_at=timezone.now() + timedelta(days=2),
    )
    entry, he = given(call, "lin"), make_member("he")
    assert go_on_in_time() == 0
    in_the_past(call, reveal_at=1)
    assert go_on_in_time() == 1
    now = call_of(call.task)
    assert now.revealed_at and now.round == "writing"
    assert entry not in Entry.objects.visible_to(he)
    in_the_past(call, reveal_at=2, community_at=1)
    assert go_on_in_time() == 1 and go_on_in_time() == 0
    assert entry in Entry.objects.visible_to(he)


def test_it_is_revealed_by_hand_once():
    call, by = open_call(invitees=("lin", "zhou")), make_researcher()
    reveal(by=by, call=call)
    with pytest.raises(Conflict):
        reveal(by=by, call=call)
    with pytest.raises(Forbidden):
        reveal(by=make_staff("engineer", role="engineer"), call=call)


def test_rounds_go_on_one_by_one():
    call, by = open_call(invitees=("lin", "zhou")), make_researcher()
    with pytest.raises(Conflict):
        next_round(by=by, call=call, expected="writing")
    call = reveal(by=by, call=call)
    assert call.round == "discussing"
    with pytest.raises(Conflict):
        next_round(by=by, call=call, expected="writing")
    assert next_round(by=by, call=call, expected="discussing").round == "converging"
    with pytest.raises(Conflict):
        next_round(by=by, call=call, expected="converging")


def test_it_is_extended_once_and_those_asked_are_told(run_deliveries):
    call, by = open_call(invitees=("lin", "zhou")), make_researcher()
    later = call.task.closes_at + timedelta(days=3)
    with pytest.raises(Invalid):
        extend(by=by, call=call, closes_at=call.task.closes_at - timedelta(days=1))
    call = extend(by=by, call=call, closes_at=later)
    assert Task.objects.get(pk=call.task_id).closes_at == later
    with pytest.raises(Conflict):
        extend(by=by, call=call, closes_at=later + timedelta(days=1))
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.CALL_EXTENDED).values_list("member__username", flat=True)
    assert set(told) == {"lin", "zhou"}


def test_closing_opens_what_was_sealed_and_cancelling_does_not():
    he = make_member("he")
    closed, cancelled = open_call(invitees=("lin", "zhou")), open_call(invitees=("lin", "zhou"))
    for call in (closed, cancelled):
        given(call, "lin")
    moved(closed.task, "closed")
    moved(cancelled.task, "cancelled", reason="预算没有了。")
    assert Entry.objects.visible_to(he).filter(call=closed).count() == 1
    assert Entry.objects.visible_to(he).filter(call=cancelled).count() == 0
    assert Call.objects.get(pk=cancelled.pk).revealed_at is None


def test_the_report_freezes_the_figures_and_reaches_whoever_spoke(run_deliveries):
    call = open_call()
    entry = given(call, "lin")
    replied(entry, make_koc("zhou"))
    assert figures_of(call.task) | {"words": 0} == {
        "invited": 0, "respondents": 1, "entries": 1, "words": 0, "replies": 1, "cars": 0, "statements": 0, "voters": 0,
    }  # fmt: skip
    moved(call.task, "closed", "analysed", "reported")
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.REPORTED).values_list("member__username", flat=True)
    assert set(told) == {"lin", "zhou"}
