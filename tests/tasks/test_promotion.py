"""Places on official channels: promised, run, proved, pulled; never more at once than a channel has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from tasks.actions.endorsements import move_endorsement
from tasks.actions.events import cancel_event
from tasks.actions.promotion import move_slot, run_due
from tasks.models import Endorsement, Event, PromotionSlot
from tasks.queries.promotion import slots_on_front
from tasks.rules.promotion import MOST_AT_ONCE, kept_promises, most_on_one_day
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.initiatives import agreed, koc, member, opened_event, planned_event, submitted
from tests.tasks.material import endorsed, in_days, slot
from tests.tasks.money import receipt, staff

pytestmark = pytest.mark.django_db


def to(state: str, one: PromotionSlot, **values) -> PromotionSlot:
    return move_slot(by=staff("approver"), slot=one, to=state, **values)


def endorsement_is(state: str) -> None:
    move_endorsement(by=staff("approver"), endorsement=Endorsement.objects.get(), to=state, reason="出了事故")


def shown() -> list[PromotionSlot]:
    return slots_on_front(None)


# --- plan


def test_a_place_is_promised_while_the_endorsement_is_in_force():
    with pytest.raises(Conflict):
        slot(submitted(title="还没答复"))
    made = endorsed()
    for who in (koc(), staff("finance"), staff("operator"), make_member("lin")):
        with pytest.raises(Forbidden):
            slot(made, by=who)
    assert slot(made).state == "planned"
    for state in ("suspended", "revoked"):
        move_endorsement(
            by=staff("approver"), endorsement=Endorsement.objects.get(initiative=made), to=state, reason="看一看"
        )
        with pytest.raises(Conflict):
            slot(made, begins=20, ends=21)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("place", {"place": "tv"}),
        ("ends_on", {"begins": -3, "ends": -1}),
        ("ends_on", {"begins": 5, "ends": 4}),
        ("ends_on", {"begins": 0, "ends": 31}),
        ("link", {"link": "javascript:alert(1)"}),
        ("wording", {"place": "banner", "wording": " "}),
    ],
)
def test_what_a_place_must_be(field, wrong):
    with pytest.raises(Invalid) as refused:
        slot(endorsed(), **wrong)
    assert set(refused.value.fields) == {field}


def test_only_an_open_event_of_the_same_initiative_is_shown():
    made, other = endorsed(), endorsed(title="雪地")
    for event in (planned_event(made), opened_event(other)):
        with pytest.raises(Invalid):
            slot(made, event=event)
    event = opened_event(made)
    assert slot(made, event=event).event == event


def test_a_channel_has_so_many_places_and_no_more():
    made = endorsed()
    for place, most in MOST_AT_ONCE.items():
        for _number in range(most):
            slot(made, place, 0, 3)
        with pytest.raises(Conflict):
            slot(made, place, 3, 5)
        slot(made, place, 4, 5)
    to("pulled", PromotionSlot.objects.filter(place="banner").first(), reason="换图")
    slot(made, "banner", 1, 2)


def test_the_fullest_day_counts_and_not_how_many_meet_in_all():
    days = [(in_days(0), in_days(1)), (in_days(2), in_days(3)), (in_days(3), in_days(9))]
    assert most_on_one_day(in_days(0), in_days(9), days) == 2
    assert most_on_one_day(in_days(0), in_days(2), days) == 1
    assert most_on_one_day(in_days(10), in_days(11), days) == 0


# --- run, prove, pull


def test_what_ran_has_its_moment_and_what_is_proved_a_proof():
    made = endorsed()
    one, later = slot(made, "newsletter"), slot(made, "newsletter", 1, 2)
    with pytest.raises(Conflict):
        to("ran", later)
    with pytest.raises(Forbidden):
        move_slot(by=koc(), slot=one, to="ran")
    assert to("ran", one).ran_at is not None
    with pytest.raises(Invalid):
        to("proved", one)
    with pytest.raises(Invalid):
        to("proved", one, proof_link="ftp://x")
    with pytest.raises(Conflict):
        to("proved", one, proof_link="https://example.org/issue-7", expected="planned")
    assert to("proved", one, proof_link="https://example.org/issue-7").state == "proved"
    with pytest.raises(Invalid):
        to("pulled", later, reason=" ")
    assert to("pulled", later, reason="期刊不出了").pulled_because == "期刊不出了"
    with pytest.raises(Conflict):
        to("ran", later)
    assert kept_promises(PromotionSlot.objects.all()) == {"promised": 2, "ran": 1, "proved": 1, "pulled": 1}


def test_a_picture_is_a_proof_for_who_leads_it_and_for_nobody_else():
    one = slot(endorsed(), "banner")
    picture = receipt(staff("approver"))
    with pytest.raises(Invalid):
        to("proved", one, proof=receipt(koc()))
    assert to("proved", one, proof=picture).proof == picture
    assert (picture.__class__.objects.get(pk=picture.pk).attached_to) == "promotion"
    for who, sees in ((koc(), 1), (member("su"), 0), (staff("finance"), 1), (staff("operator"), 0), (make_member("lin"), 0)):  # fmt: skip
        assert PromotionSlot.objects.visible_to(who).count() == sees
    assert PromotionSlot.objects.visible_to(agreed(one.initiative)).exists()


def test_the_database_wants_a_reason_a_moment_and_days_in_order():
    one = slot(endorsed())
    for broken in ({"state": "pulled"}, {"state": "ran"}, {"ends_on": in_days(-1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PromotionSlot.objects.filter(pk=one.pk).update(**broken)


def test_revoking_pulls_what_is_promised_and_what_stands_there_and_keeps_what_was():
    made = endorsed()
    past, now, later = slot(made, "newsletter"), slot(made, "banner"), slot(made, "front", 5, 6)
    to("proved", past, proof_link="https://example.org/7"), to("ran", now)
    PromotionSlot.objects.filter(pk=past.pk).update(begins_on=in_days(-9), ends_on=in_days(-8))
    endorsement_is("revoked")
    states = dict(PromotionSlot.objects.values_list("pk", "state"))
    assert states == {past.pk: "proved", now.pk: "pulled", later.pk: "pulled"}
    now.refresh_from_db()
    assert now.pulled_because == "出了事故" and now.ran_at is not None


# --- our own front page


def test_the_front_page_shows_it_during_its_days_and_it_runs_by_itself():
    made = endorsed()
    one, tomorrow, banner = slot(made), slot(made, "front", 1, 2), slot(made, "banner")
    assert shown() == [one]
    assert (run_due(), run_due()) == (1, 0)
    assert shown() == [one] and shown()[0].state == "ran"
    PromotionSlot.objects.filter(pk=one.pk).update(begins_on=in_days(-3), ends_on=in_days(-1))
    assert shown() == []
    assert {tomorrow.state, banner.state} == {"planned"}


@pytest.mark.parametrize("ends", ["pulled", "suspended", "revoked", "cancelled", "over"])
def test_it_stops_at_once(ends):
    made = endorsed()
    event = opened_event(made)
    one = slot(made, event=event)
    assert shown() == [one]
    if ends == "pulled":
        to("pulled", one, reason="换图")
    elif ends == "cancelled":
        cancel_event(by=koc(), event=event, reason="下雪")
    elif ends == "over":
        gone = timezone.now() - timedelta(hours=1)
        Event.objects.filter(pk=event.pk).update(starts_at=gone - timedelta(hours=8), ends_at=gone)
    else:
        endorsement_is(ends)
    assert shown() == [] and run_due() == 0
    if ends == "suspended":
        endorsement_is("active")
        assert shown() == [one]


def test_cancelling_one_of_two_events_pulls_what_speaks_of_it_alone():
    made = endorsed()
    first, second = opened_event(made), opened_event(made, title="第二天")
    of_first, of_second = slot(made, event=first), slot(made, event=second)
    cancel_event(by=koc(), event=first, reason="下雪")
    assert dict(PromotionSlot.objects.values_list("pk", "state")) == {of_first.pk: "pulled", of_second.pk: "planned"}


# --- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_plan_the_only_banner_at_once_one_gets_it():
    first, second = endorsed(), endorsed(title="雪地")
    by, other = staff("approver"), staff("approver", "second")
    results = at_once(lambda: slot(first, "banner", by=by), lambda: slot(second, "banner", by=other))
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "PromotionSlot"]
    results = at_once(*[lambda made=made, who=who: slot(made, "front", by=who) for made, who in [(first, by), (second, other)] * 3])  # fmt: skip
    assert sum(isinstance(one, PromotionSlot) for one in results) == MOST_AT_ONCE["front"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_planned_while_the_endorsement_is_revoked_is_not_shown():
    made, by = endorsed(), staff("approver")
    at_once(lambda: endorsement_is("revoked"), lambda: slot(made, by=by), lambda: slot(made, by=by))
    assert not PromotionSlot.objects.exclude(state="pulled").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_place_for_an_event_that_is_cancelled_at_this_moment_is_pulled_or_refused():
    made, by, leader = endorsed(), staff("approver"), koc()
    event = opened_event(made)
    seen = Event.objects.get(pk=event.pk)
    results = at_once(
        lambda: cancel_event(by=leader, event=event, reason="下雪"),
        lambda: slot(made, by=by, event=seen),
        lambda: slot(made, "other", by=by, event=seen),
    )
    assert isinstance(results[0], Event)
    assert all(isinstance(one, (PromotionSlot, Invalid)) for one in results[1:])
    assert not PromotionSlot.objects.exclude(state="pulled").exists()
