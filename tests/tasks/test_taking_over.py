"""I17: a leader who begins to work for the brand leads no more, and who stands in for them does."""

from __future__ import annotations

import pytest

from kocforum.errors import Forbidden
from kocforum.members.actions import set_role
from kocforum.members.models import Member
from tasks.actions.events import cancel_event, plan_event
from tasks.actions.expenses import withdraw_expense
from tasks.actions.initiative_reports import report
from tasks.actions.initiatives import AskDraft, edit_initiative
from tasks.actions.milestones import plan_milestone
from tasks.actions.money import account_for
from tasks.actions.proposals import appeal, submit, withdraw
from tasks.actions.reviews import decide
from tasks.models import Decision, Envelope, Event, Initiative
from tasks.rules.initiatives import ANSWERED_WITHIN
from tests.tasks.initiatives import (
    LITTLE,
    agreed,
    comes,
    drafted_initiative,
    koc,
    member,
    opened_event,
    pitch,
    submitted,
    terms,
)
from tests.tasks.money import granted, handed_in, staff
from tests.tasks.test_pages import client_of
from tests.tasks.test_survey_api import api
from tests.tasks.trust import STORY, kept

pytestmark = pytest.mark.django_db


def now_colleague(who: Member, role: str = "operator") -> Member:
    """Who led an initiative works for the brand from now on."""
    return set_role(by=staff("admin"), member=who, role=role)


def test_i17_a_leader_who_became_a_colleague_leads_no_more_and_the_deputy_does():
    made = drafted_initiative(deputy=koc("su"), asks=LITTLE)
    agreed(made)
    zhou, su = now_colleague(koc()), koc("su")
    for refused in (
        lambda: edit_initiative(by=zhou, initiative=made, pitch=pitch(deputy=su)),
        lambda: submit(by=zhou, initiative=made),
        lambda: withdraw(by=zhou, initiative=made),
        lambda: plan_event(by=zhou, initiative=made, terms=terms()),
        lambda: plan_milestone(by=zhou, initiative=made, what="路书"),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert submit(by=su, initiative=Initiative.objects.get()).state == "submitted"
    decide(by=staff("approver"), initiative=Initiative.objects.get(), verdict="declined", reason="太远")
    with pytest.raises(Forbidden):
        appeal(by=zhou, initiative=Initiative.objects.get(), reason="再看看")
    assert appeal(by=su, initiative=Initiative.objects.get(), reason="再看看").round == 2
    assert Decision.objects.get().asker == su


def test_i17_a_leader_who_became_a_colleague_spends_and_reports_no_more_and_still_reads(run_deliveries):
    envelope = granted()
    led = envelope.initiative
    paper, event = handed_in(envelope), opened_event(led)
    comes(event, "lin")
    zhou = now_colleague(koc(), "engineer")
    for refused in (
        lambda: handed_in(Envelope.objects.get(), by=zhou),
        lambda: withdraw_expense(by=zhou, expense=paper),
        lambda: account_for(by=zhou, envelope=Envelope.objects.get(), words="办完了。"),
        lambda: cancel_event(by=zhou, event=Event.objects.get(), reason="不办了"),
        lambda: report(by=zhou, initiative=Initiative.objects.get(), story=STORY),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert client_of(zhou).get(paper.get_absolute_url()).status_code == 200
    assert api(zhou).get(f"/api/v1/initiatives/{led.pk}/expenses/").json()["results"]
    assert not event.rsvps.visible_to(zhou).exists()  # guests told it to owners
    page = client_of(zhou).get(led.get_absolute_url()).content.decode()
    assert "现在是品牌的同事" in page and "还没有人接手" in page and "还能看" in page
    agreed(led)
    assert "由 Su 接手" in client_of(None).get(led.get_absolute_url()).content.decode()
    assert handed_in(Envelope.objects.get(), by=member("su")).submitter.username == "su"
    assert Event.objects.get().keepers() == {member("su").pk}
    # Who is an owner again leads again.
    back = set_role(by=staff("admin"), member=zhou, role="")
    assert handed_in(Envelope.objects.get(), by=back).submitter == back


def test_i17_what_waits_is_small_by_the_ceiling_of_who_heads_it_now(run_deliveries):
    for number in range(4):
        kept(koc(), title=f"慢行 {number}")
    made = submitted(asks=[AskDraft(kind="money", what="场地", amount_minor=300_000, currency="CNY")])
    agreed(made)
    assert made.small
    zhou = now_colleague(koc())
    run_deliveries()
    made.refresh_from_db()
    assert not made.small and made.answer_due_at == made.submitted_at + ANSWERED_WITHIN
    set_role(by=staff("admin"), member=zhou, role="")
    run_deliveries()
    made.refresh_from_db()
    assert made.small
