"""The autonomy meter: who decided what is counted from the ledger, honestly, and every number leads to its list."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.test import Client

from kocforum.ledger.facts import known_facts
from kocforum.ledger.models import Fact
from kocforum.members.actions import set_role
from kocforum.notifications.models import Notification
from tasks.actions.clubs import hand_over_club
from tasks.actions.crews import announce, choose_crew
from tasks.actions.endorsements import move_endorsement
from tasks.actions.events import QuestionDraft, cancel_event, edit_event
from tasks.actions.initiatives import edit_initiative
from tasks.actions.money import TranchePlan, plan_tranches, settle
from tasks.actions.payments import return_expense
from tasks.actions.promotion import move_slot
from tasks.actions.proposals import answer_as_deputy, submit
from tasks.actions.reviews import ask_for_changes
from tasks.models import Endorsement, Envelope, Event, Initiative, PromotionSlot
from tasks.queries.autonomy import Decided, decisions_of, meter_of
from tasks.queries.event_terms import version_of_terms
from tasks.rules.autonomy import COUNTED, ENDORSED_ON_CONDITIONS, deed_of, side_of
from tests.people import make_member
from tests.tasks.initiatives import (
    LITTLE,
    agreed,
    comes,
    drafted_initiative,
    koc,
    member,
    opened_event,
    pitch,
    planned_event,
    submitted,
    terms,
)
from tests.tasks.material import endorsed, item, lent, slot
from tests.tasks.money import granted, handed_in, paid, staff
from tests.tasks.test_clubs import club
from tests.tasks.test_events import filled
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db


def told(made: Initiative, user=None) -> list[Decided]:
    endorsement = Endorsement.objects.filter(initiative=made).first()
    return decisions_of(Initiative.objects.get(pk=made.pk), user or AnonymousUser(), endorsement)


def counts(made: Initiative, user=None) -> tuple[int, int]:
    meter = meter_of(told(made, user))
    return meter.crew, meter.brand


# --- what counts


def test_every_step_is_counted_once_for_who_took_it():
    made = endorsed()
    event = opened_event(made)
    edit_event(by=koc(), event=event, terms=terms(capacity=5))
    choose_crew(by=koc(), event=event, username=make_member("lin").username, role="gate")
    announce(by=koc(), event=event, words="带好水。")
    lent(made, item(), 2)
    slot(made)
    move_endorsement(by=staff("approver"), endorsement=Endorsement.objects.get(), to="suspended", reason="有投诉")
    rows = {row.area: (row.crew, row.brand) for row in meter_of(told(made, koc())).rows}
    # The first part of a small grant was released with the answer.
    assert rows == {
        "plan": (2, 0),
        "events": (3, 0),
        "people": (2, 0),
        "words": (1, 0),
        "answer": (0, 1),
        "name": (0, 1),
        "lending": (0, 2),
    }
    assert counts(made, koc()) == (8, 4)


def test_money_counts_what_is_decided_and_not_what_is_carried_out():
    envelope = granted(50_000)
    made = Initiative.objects.get(pk=envelope.initiative_id)
    before = counts(made, koc())
    paid(envelope, 10_000)
    return_expense(by=staff("approver"), expense=handed_in(envelope, 5_000), reason="抬头不对")
    crew, brand = counts(made, koc())
    assert (crew - before[0], brand - before[1]) == (2, 2)


def test_an_answer_on_conditions_says_so():
    envelope = granted(900_000, verdict="conditional")
    made = Initiative.objects.get(pk=envelope.initiative_id)
    assert [one.what for one in told(made, koc()) if one.area == "answer"] == [ENDORSED_ON_CONDITIONS.what]


def test_what_a_colleague_does_of_the_kocs_counts_as_the_brands():
    deed = deed_of("tasks.EventPlanned", {"event_id": 1, "initiative_id": 1})
    assert side_of(deed, by_colleague=False) == "crew" and side_of(deed, by_colleague=True) == "brand"
    made = submitted()
    event = planned_event(made)
    Initiative.objects.update(deputy_agreed_at=F("created_at"))  # said yes, and no deed of anybody
    before = counts(made, koc())
    koc().__class__.objects.filter(pk=koc().pk).update(is_staff=True)
    assert sum(before) == sum(counts(made, member("su"))) and counts(made, member("su"))[0] == 0 and event.pk


def test_who_is_hired_later_decided_as_an_owner():
    made = submitted()
    opened_event(made)
    Initiative.objects.update(deputy_agreed_at=F("created_at"))
    before = counts(made, koc())
    set_role(by=staff("admin"), member=koc(), role="engineer")
    assert counts(made, staff("operator")) == before and before[0] > 0
    announce(by=member("su"), event=Event.objects.get(), words="雨天改在室内")
    set_role(by=staff("admin"), member=koc(), role="")
    assert counts(made, staff("operator")) == (before[0] + 1, before[1])


def test_saving_what_stands_there_already_is_nobodys_decision(run_deliveries):
    made = drafted_initiative(clubs=[club(koc())])
    event = opened_event(made, questions=[QuestionDraft(text="带孩子吗？")])
    comes(event, "lin")
    same = terms(starts_at=event.starts_at, ends_at=event.ends_at, questions=[QuestionDraft(text="带孩子吗？")])
    agreed(made)
    run_deliveries()
    facts, news, changed_at = Fact.objects.count(), Notification.objects.count(), event.changed_at
    for terms_of in (same, lambda _row: same):
        assert edit_event(by=koc(), event=event, terms=terms_of).changed_at == changed_at
    edit_initiative(by=koc(), initiative=made, pitch=pitch(clubs=list(made.clubs.all()), deputy=member("su")))
    answer_as_deputy(by=member("su"), initiative=made, agree=True)
    hand_over_club(by=koc(), club=made.clubs.get(), to=koc())
    run_deliveries()
    assert (Fact.objects.count(), Notification.objects.count()) == (facts, news)
    told_of = {"tasks.EventEdited": replace(same, about="雨天也走"), "tasks.InitiativeEdited": pitch(clubs=[])}
    edit_event(by=koc(), event=event, terms=told_of["tasks.EventEdited"])
    edit_event(by=koc(), event=event, terms=replace(same, about="雨天也走", questions=[QuestionDraft(text="几辆车？")]))
    edit_initiative(by=koc(), initiative=made, pitch=told_of["tasks.InitiativeEdited"])
    edit_initiative(by=koc(), initiative=made, pitch=pitch(clubs=[], asks=LITTLE))
    written = Fact.objects.filter(name__in=told_of).order_by("pk").values_list("name", flat=True)
    assert list(written) == ["tasks.EventEdited"] * 2 + ["tasks.InitiativeEdited"] * 2


def test_saving_an_event_as_it_is_says_saved_and_tells_nothing():
    made, client = drafted_initiative(), client_of(koc())
    client.post(f"/events/new/?initiative={made.pk}", filled(op_id=uuid.uuid4()))
    path = f"/events/{Event.objects.get().pk}/edit/"
    for about, edited in (("慢慢走。", 0), ("雨天也走", 1), ("雨天也走", 1)):
        version = version_of_terms(Event.objects.get())
        answer = client.post(path, filled(about=about, seen=version), follow=True)
        assert answer.status_code == 200 and "已保存" in answer.content.decode()
        assert Fact.objects.filter(name="tasks.EventEdited").count() == edited


def test_a_plan_for_the_rest_of_the_money_that_stands_there_already_is_no_decision():
    envelope = granted(900_000)
    made = Initiative.objects.get(pk=envelope.initiative_id)
    plan = [TranchePlan(amount_minor=200_000, condition="交路书"), TranchePlan(amount_minor=250_000)]
    before = counts(made, koc())
    first, again = (plan_tranches(by=staff("approver"), envelope=envelope, parts=plan) for _twice in range(2))
    assert [part.pk for part in first] == [part.pk for part in again]
    assert counts(made, koc()) == (before[0], before[1] + 1)


def test_what_follows_from_a_cancellation_is_nobodys_decision():
    made = endorsed()
    event = opened_event(made)
    slot(made, event=event)
    before = counts(made, koc())
    cancel_event(by=koc(), event=event, reason="台风")
    assert PromotionSlot.objects.get().state == "pulled" and counts(made, koc()) == (before[0] + 1, before[1])


def test_what_follows_from_a_revocation_is_counted_once():
    made = endorsed()
    slot(made)
    lent(made, item(), 2)
    before = counts(made, koc())
    move_endorsement(by=staff("approver"), endorsement=Endorsement.objects.get(), to="suspended", reason="有投诉")
    move_endorsement(by=staff("approver"), endorsement=Endorsement.objects.get(), to="revoked", reason="查实了")
    assert PromotionSlot.objects.get().state == "pulled" and counts(made, koc()) == (before[0], before[1] + 2)


def test_a_place_that_an_approver_takes_back_is_a_decision():
    made = endorsed()
    one = slot(made)
    before = counts(made, koc())
    move_slot(by=staff("approver"), slot=one, to="pulled", reason="换图")
    assert counts(made, koc()) == (before[0], before[1] + 1)


def test_what_is_counted_is_told_by_the_ledger():
    assert set(COUNTED) <= set(known_facts())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tasks.ProposalScored", {}),
        ("tasks.ProposalMoved", {"from_state": "submitted", "to_state": "in_review"}),
        ("tasks.EventMoved", {"from_state": "open", "to_state": "held"}),
        ("tasks.ExpenseMoved", {"from_state": "approved", "to_state": "paid"}),
        ("tasks.ExpenseMoved", {"from_state": "paid", "to_state": "approved"}),
        ("tasks.EndorsementMoved", {"from_state": "active", "to_state": "expired"}),
        ("tasks.EndorsementQuestioned", {"needs_reconfirmation": True}),
        ("tasks.PlaceTaken", {}),
    ],
)
def test_what_settles_nothing_is_no_decision(name, said):
    assert deed_of(name, said) is None


# --- who may know of it


def test_receipts_and_loans_are_counted_for_their_people_until_the_money_is_settled():
    made = endorsed()
    envelope = Envelope.objects.get(initiative=made)
    handed_in(envelope)
    lent(made, item())
    outside = counts(made)
    assert counts(made, make_member("lin")) == outside
    assert counts(made, koc()) == (outside[0] + 1, outside[1] + 1)
    assert not {one.area for one in told(made)} & {"money", "spending", "lending"}


def test_after_the_settlement_everybody_counts_the_money():
    envelope = granted(50_000)
    made = Initiative.objects.get(pk=envelope.initiative_id)
    paid(envelope, 10_000)
    assert "spending" not in {one.area for one in told(made)}
    settle(by=staff("finance"), envelope=envelope, reason="办完了")
    assert {"spending", "money"} <= {one.area for one in told(made)}


def test_a_planned_event_is_counted_for_its_organisers_alone():
    made = endorsed()
    planned_event(made)
    assert counts(made, koc())[0] == counts(made)[0] + 1


def test_changes_that_were_asked_stay_between_the_koc_and_the_brand():
    made = submitted()
    ask_for_changes(by=staff("approver"), initiative=made, what="写明雨天怎么办")
    submit(by=koc(), initiative=Initiative.objects.get(pk=made.pk))
    assert "answer" not in {one.area for one in told(made, make_member("lin"))}
    assert "answer" in {one.area for one in told(made, koc())}


def test_outsiders_read_the_leaders_name_and_nobody_elses():
    made = endorsed()
    event = opened_event(made)
    choose_crew(by=koc(), event=event, username=make_member("lin").username, role="organiser")
    announce(by=member("lin"), event=event, words="带好水。")
    assert {one.who for one in told(made)} == {koc(), None}
    assert staff("approver") not in {one.who for one in told(made, koc())}
    assert {staff("approver"), member("lin")} <= {one.who for one in told(made, staff("operator"))}


# --- pages


def test_each_number_leads_to_a_list_of_that_length():
    made = endorsed()
    announce(by=koc(), event=opened_event(made), words="带好水。")
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get(f"/initiatives/{made.pk}/decisions/").content.decode()
    links = re.findall(r'href="(/initiatives/\d+/decisions/\?[^"#]+)#list">(\d+)</a>', page)
    assert len(links) >= 5
    for path, number in links:
        listed = Client().get(path.replace("&amp;", "&")).content.decode()
        assert listed.count('<li class="crew">') + listed.count('<li class="brand">') == int(number)
    assert "style=" not in page.split("<main", 1)[1].split("</main>")[0]


def test_the_page_of_an_initiative_shows_the_meter_and_a_draft_shows_none():
    made = endorsed()
    page = client_of(None).get(f"/initiatives/{made.pk}/").content.decode()
    assert (
        f"/initiatives/{made.pk}/decisions/?side=crew" in page
        and f"/initiatives/{made.pk}/decisions/?side=brand" in page
    )
    fresh = drafted_initiative(title="还在写")
    assert (
        f"/initiatives/{fresh.pk}/decisions/" not in client_of(koc()).get(f"/initiatives/{fresh.pk}/").content.decode()
    )
    assert client_of(None).get(f"/initiatives/{fresh.pk}/decisions/").status_code == 404


def test_a_long_list_of_decisions_costs_the_same_as_a_short_one():
    made = endorsed()
    event, path = opened_event(made), f"/initiatives/{made.pk}/decisions/"
    visitor, leader = client_of(None), client_of(koc())
    counted = []
    for number in range(3):
        announce(by=koc(), event=event, words=f"第 {number} 条")
        handed_in(Envelope.objects.get(initiative=made), 1_000)
        counted.append((cost(visitor, path), cost(leader, path)))
    assert counted == [(6, 8)] * 3
