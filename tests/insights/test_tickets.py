"""Promoting, moving by the table, and what the public sees of it."""

from __future__ import annotations

import pytest

from insights.actions import distilled
from insights.actions.tickets import add_note, merge, move_ticket, promote, route
from insights.enums import TicketState
from insights.models import Department, Ticket
from insights.queries.audit import verify
from insights.rules.states import PUBLIC_STATUS, SYSTEM_ONLY, moves_from
from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.models import Stage, Thread
from kocforum.ledger.models import Fact
from tests.forum.stories import answered, told
from tests.insights.stories import brought_to, make_engineer, make_researcher, promoted, raining
from tests.people import make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db


def test_a_ticket_starts_with_frozen_evidence_a_draft_and_a_public_status():
    report = raining()
    ticket = promoted(report)
    draft = ticket.distilled_reports.get()
    assert ticket.snapshots.get().number == 1
    assert all(report.pk in finding["reports"] for finding in draft.findings)
    assert draft.counter_examples and not draft.hypothesis and not draft.recommendation
    assert ticket.function.slug == "auto-parking" and ticket.severity == "S2"
    thread = Thread.objects.get(pk=report.thread_id)
    assert thread.official_status == "noticed"
    assert Fact.objects.filter(name="insights.TicketPromoted").count() == 1


def test_counter_examples_are_named_or_said_to_be_none():
    report = raining()
    assert promoted(report).distilled_reports.get().counter_examples in {"None found.", "没有发现。"}
    answered(make_member("he"), report, stance="different")
    assert str(report.pk) in promoted(report).distilled_reports.get().counter_examples


def test_harm_goes_first_whatever_the_numbers():
    report = told(make_member(), severity="close_call")
    assert promoted(report).severity == "S0"


def test_the_way_to_released_needs_its_fields_and_shows_the_public_a_status():
    ticket = promoted()
    thread = ticket.evidence.get().thread
    brought_to(ticket, "acknowledged")
    ticket.refresh_from_db()
    thread.refresh_from_db()
    assert thread.official_status == "working"
    assert Stage.objects.filter(report=thread.report, stage=4).exists()
    with pytest.raises(Invalid) as refused:
        move_ticket(by=make_researcher(), ticket=ticket, to="fix_planned", expected="acknowledged")
    assert list(refused.value.fields) == ["acceptance_target"]
    assert not verify().broken


@pytest.mark.parametrize(("to", "field"), [("declined", "reason"), ("merged", "merged_into")])
def test_a_missing_field_is_named(to, field):
    with pytest.raises(Invalid) as refused:
        move_ticket(by=make_researcher(), ticket=promoted(), to=to, expected="candidate")
    assert field in refused.value.fields


def test_checks_answer_in_their_order():
    ticket = promoted()
    # right before expected
    with pytest.raises(Forbidden):
        move_ticket(by=make_staff(), ticket=ticket, to="routed", expected="triaged")
    # expected before the table
    with pytest.raises(Conflict) as refused:
        move_ticket(by=make_researcher(), ticket=ticket, to="cleared", expected="fix_ready")
    assert "Candidate" in str(refused.value) or "候选" in str(refused.value)
    # the table before the fields
    with pytest.raises(Conflict):
        move_ticket(by=make_researcher(), ticket=ticket, to="root_cause", expected="candidate")


@pytest.mark.parametrize("state", sorted(SYSTEM_ONLY))
def test_no_staff_says_that_it_is_solved(state):
    ticket = promoted()
    Ticket.objects.filter(pk=ticket.pk).update(state="released")
    for by in (make_researcher(), make_staff("admin", role="admin"), make_engineer()):
        with pytest.raises(Forbidden):
            move_ticket(by=by, ticket=ticket, to=state, expected="released")


def test_what_went_well_is_kept_and_a_wish_is_shown():
    told_well = told(make_member(), failures=0)
    strength = promoted(told_well, kind="strength")
    by = make_researcher()
    move_ticket(by=by, ticket=strength, to="triaged", expected="candidate")
    move_ticket(by=by, ticket=strength, to="kept", expected="triaged", public_note="这样很好，我们保留。")
    thread = Thread.objects.get(pk=told_well.thread_id)
    assert (thread.official_status, thread.official_note) == ("kept", "这样很好，我们保留。")
    wish = promoted(told_well, kind="wish")
    move_ticket(by=by, ticket=wish, to="triaged", expected="candidate")
    with pytest.raises(Conflict):
        move_ticket(by=by, ticket=wish, to="kept", expected="triaged")
    move_ticket(by=by, ticket=wish, to="shown", expected="triaged")


def test_the_reason_of_a_refusal_is_what_owners_read_unless_a_sentence_is_given():
    by = make_researcher()
    first, second = promoted(raining("a")), promoted(raining("b"))
    move_ticket(by=by, ticket=first, to="declined", expected="candidate", reason="样本太少")
    move_ticket(by=by, ticket=second, to="declined", expected="candidate", reason="内部话", public_note="暂不处理")
    assert first.evidence.get().thread.official_note == "样本太少"
    assert second.evidence.get().thread.official_note == "暂不处理"


def test_a_public_sentence_claims_no_cause():
    with pytest.raises(Invalid) as refused:
        move_ticket(
            by=make_researcher(), ticket=promoted(), to="declined", expected="candidate", reason="由雨水导致的失败"
        )
    assert "reason" in refused.value.fields


def test_returned_goes_back_to_triage():
    ticket = brought_to(promoted(), "routed")
    by = make_engineer()
    move_ticket(by=by, ticket=ticket, to="returned", expected="routed", reason="不归我们")
    assert moves_from(ticket.kind, ticket.state) == [TicketState.TRIAGED, TicketState.CLOSED_NO_ACTION]
    with pytest.raises(Forbidden):
        move_ticket(by=by, ticket=ticket, to="triaged", expected="returned")


def test_a_merged_ticket_leaves_its_evidence_with_the_other():
    first, second = promoted(raining("a")), promoted(raining("b"))
    merge(by=make_researcher(), ticket=second, into=first, expected="candidate")
    assert first.evidence.count() == 2 and first.snapshots.count() == 2
    assert second.state == "merged"
    assert not verify().broken


def test_engineers_see_and_move_only_what_lies_in_their_department():
    ticket = brought_to(promoted(), "routed")
    ours, theirs = (
        make_engineer(),
        make_engineer("service-engineer", "service")
        if Department.objects.filter(slug="service").exists()
        else make_staff("service-engineer", role="engineer"),
    )
    assert Ticket.objects.visible_to(ours).get() == ticket
    assert not Ticket.objects.visible_to(theirs).exists()
    with pytest.raises(Forbidden):
        move_ticket(by=theirs, ticket=ticket, to="acknowledged", expected="routed")
    assert move_ticket(by=ours, ticket=ticket, to="acknowledged", expected="routed").assignee == ours


@pytest.mark.parametrize("role", ["operator", "engineer", "approver"])
def test_only_researchers_promote(role):
    report = raining()
    with pytest.raises(Forbidden):
        promote(by=make_staff(role, role=role), threads=[report.thread])


def test_owners_never_promote():
    report = raining()
    for by in (make_member("wang"), make_koc()):
        with pytest.raises(Forbidden):
            promote(by=by, threads=[report.thread])


def test_every_state_has_a_public_status_or_none_on_purpose():
    assert set(PUBLIC_STATUS) == set(TicketState)


def test_routing_a_promoted_ticket_moves_it():
    ticket = brought_to(promoted(), "promoted")
    assert route(by=make_researcher(), ticket=ticket, department="software").state == "routed"
    assert Fact.objects.filter(name="insights.TicketRouted").count() == 1


def test_notes_stay_between_colleagues():
    ticket = promoted()
    with pytest.raises(Forbidden):
        add_note(by=make_member("wang"), ticket=ticket, body="…")
    assert add_note(by=make_researcher(), ticket=ticket, body="看一下日志").pk


SEED = (
    "根据用户社群反馈，自动泊车功能的算法，可能未充分考虑到弱光及雨水反光环境下的传感器信号衰减，"
    "建议工程部门进行专项复核与优化。"
)


def test_the_sentence_of_the_seed_can_be_recommended():
    ticket = promoted()
    draft = ticket.distilled_reports.get()
    by = make_researcher()
    written = distilled.write(
        by=by,
        ticket=ticket,
        findings=draft.findings,
        counter_examples=draft.counter_examples,
        hypothesis="雨水反光导致信号衰减",
        recommendation=SEED,
        version=1,
    )
    assert (written.version, written.recommendation, written.hypothesis_by) == (2, SEED, by)
    assert distilled.sign(by=by, report=written).signed_by == by
    with pytest.raises(Conflict):
        distilled.sign(by=by, report=written)


@pytest.mark.parametrize("claim", ["雨水导致失败", "失败的原因是雷达", "Rain causes the failure", "failed due to rain"])
def test_a_finding_claims_no_cause(claim):
    ticket = promoted()
    with pytest.raises(Invalid) as refused:
        distilled.write(
            by=make_researcher(),
            ticket=ticket,
            findings=[{"text": claim, "reports": [ticket.evidence.get().thread.report.pk]}],
            counter_examples="没有",
        )
    assert "findings" in refused.value.fields


def test_a_finding_cites_frozen_reports():
    ticket, other = promoted(), told(make_member("other"))
    for cited in ([], [other.pk]):
        with pytest.raises(Invalid):
            distilled.write(
                by=make_researcher(),
                ticket=ticket,
                findings=[{"text": "三次都失败", "reports": cited}],
                counter_examples="没有",
            )


def test_two_researchers_write_one_version():
    ticket = promoted()
    draft = ticket.distilled_reports.get()
    values = {"ticket": ticket, "findings": draft.findings, "counter_examples": "没有", "version": 1}
    distilled.write(by=make_researcher(), **values)
    with pytest.raises(Conflict):
        distilled.write(by=make_researcher("second"), **values)
