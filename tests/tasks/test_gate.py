"""The gate of an event: every guest once, both facts kept, whatever the phones, their clocks and the network do (I6 to I11)."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.crews import announce, choose_crew, leave_crew
from tasks.actions.leaving import forget_member
from tasks.actions.passing import announce_events, end_due
from tasks.actions.scans import ScanDraft, forget_walk_ins, receive_scans
from tasks.models import CrewMember, Event, Rsvp, Scan
from tasks.queries.gates import arrivals_of, hash_of, roster_of
from tests.at_once import at_once
from tests.people import make_staff
from tests.tasks.initiatives import agreed, comes, koc, member, opened_event, planned_event, stays_away
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def draft(whose: Rsvp | None = None, device: str = "A", **values: Any) -> ScanDraft:
    said = {"nonce": str(uuid.uuid4()), "device": device, "scanned_at": timezone.now()}
    return ScanDraft(**said | ({"ticket": whose.ticket} if whose else {}) | values)


def scanned(event: Event, *drafts: ScanDraft, by: Any = None) -> list[str]:
    return [scan.result for scan in receive_scans(by=by or event.initiative.proposer, event=event, scans=drafts)]


def came(event: Event) -> int:
    return Scan.objects.filter(event=event).people()


# --- who keeps the gate (I6)


def test_i6_the_right_to_check_in_comes_from_the_role_at_the_event_alone():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    helper = member("he")
    choose_crew(by=koc(), event=event, username="@he", role="gate")
    assert scanned(event, draft(place), by=helper) == ["in"]
    for role in ("operator", "researcher", "engineer", "approver", "admin"):
        staff = make_staff(role)
        with pytest.raises(Forbidden):
            scanned(event, draft(place), by=staff)
        assert client_of(staff).get(f"/events/{event.pk}/gate/").status_code == 404
        assert api(staff).get(f"/api/v1/events/{event.pk}/roster/").status_code == 403
        with pytest.raises(Forbidden):
            choose_crew(by=koc(), event=event, username=staff.username, role="gate")
    with pytest.raises(Forbidden):
        scanned(event, draft(place), by=member("lin"))
    assert client_of().get(f"/events/{event.pk}/gate/").status_code == 302


def test_helpers_at_the_gate_read_no_answers_and_choose_nobody():
    event = opened_event(capacity=5)
    comes(event, "lin")
    helper, other = member("he"), member("su2")
    choose_crew(by=koc(), event=event, username="he", role="gate")
    assert not Rsvp.objects.visible_to(helper).exists()
    with pytest.raises(Forbidden):
        choose_crew(by=helper, event=event, username=other.username, role="gate")
    with pytest.raises(Forbidden):
        announce(by=helper, event=event, words="大家好")
    choose_crew(by=koc(), event=event, username="he", role="organiser")
    assert Rsvp.objects.visible_to(helper).count() == 1
    assert announce(by=helper, event=event, words="集合改在北门").words == "集合改在北门"
    with pytest.raises(Forbidden):
        choose_crew(by=helper, event=event, username=other.username, role="gate")
    leave_crew(by=helper, event=event, member=helper)
    assert not CrewMember.objects.exists()
    with pytest.raises(Forbidden):
        scanned(event, draft(), by=helper)


def test_the_gate_is_there_from_the_opening_whatever_the_clock_says():
    event = planned_event()
    with pytest.raises(Conflict):
        scanned(event, draft(ticket="x"))
    event = opened_event(planned_event().initiative)
    assert scanned(event, draft(comes(event, "lin"))) == ["in"]
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=8)
    )
    event.refresh_from_db()
    assert scanned(event, draft(Rsvp.objects.get())) == ["again"]


# --- two phones (I7)


def test_i7_the_second_phone_hears_when_and_by_whom_they_came_in_and_both_facts_stay():
    event = opened_event(capacity=5)
    place = comes(event, "lin", 3)
    first = draft(place, device="小周的手机")
    assert scanned(event, first) == ["in"]
    client = api(koc())
    sent = {
        "scans": [{"ticket": place.ticket, "device": "B", "scanned_at": timezone.now().isoformat(), "nonce": "b-1"}]
    }
    for _again in range(2):
        answer = client.post(f"/api/v1/events/{event.pk}/check-ins/", sent, format="json")
        assert answer.status_code == 200
        [told] = answer.json()["results"]
        assert told["result"] == "again" and told["first"]["device"] == "小周的手机" and told["name"] == "Lin"
    assert Scan.objects.count() == 2 and came(event) == 3
    assert Fact.objects.filter(name="tasks.GuestArrived").count() == 1
    assert scanned(event, first) == ["in"], "a nonce that is known answers what it came to"


def test_i7_the_table_lets_every_party_in_once():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    scanned(event, draft(place))
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.create(
            event=event, rsvp=place, nonce="x", device="B", result="in", people=1, scanned_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.create(
            event=event, rsvp=None, nonce="y", device="B", result="unknown", people=1, scanned_at=timezone.now()
        )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i7_three_phones_send_the_same_guests_at_once_and_each_is_in_once():
    event = opened_event(capacity=40)
    places = [comes(event, f"g{number}") for number in range(20)]
    drafts = {device: [draft(place, device=device) for place in places] for device in "ABC"}
    for sent in drafts.values():
        random.shuffle(sent)
    answers = at_once(*(lambda device=device: scanned(event, *drafts[device]) for device in "ABC"))
    assert sorted(sum(answers, [])) == ["again"] * 40 + ["in"] * 20
    assert came(event) == 20 and Scan.objects.count() == 60


# --- without a network (I8, I9)


def test_i8_the_list_that_a_phone_carries_has_what_it_needs_and_nobodys_ticket():
    event = opened_event(capacity=5)
    place = comes(event, "lin", 2)
    stays_away(event, comes(event, "he").member)
    client = api(koc())
    answer = client.get(f"/api/v1/events/{event.pk}/roster/")
    told = answer.json()
    assert place.ticket not in answer.content.decode()
    assert [(row["name"], row["state"], row["party"], row["came"]) for row in told["places"]] == [
        ("Lin", "going", 2, 0),
        ("He", "cancelled", 1, 0),
    ]
    assert told["places"][0]["ticket"] == hash_of(place.ticket) and told["expected"] == 2
    same = client.get(f"/api/v1/events/{event.pk}/roster/", {"stamp": told["stamp"]}).json()
    assert same["places"] is None and same["stamp"] == told["stamp"]
    scanned(event, draft(place))
    fresh = client.get(f"/api/v1/events/{event.pk}/roster/", {"stamp": told["stamp"]}).json()
    assert fresh["places"][0]["came"] == 2 and fresh["came"] == 2


def test_i8_whoever_keeps_the_gate_is_told_the_day_before(run_deliveries):
    event = opened_event(capacity=5)
    choose_crew(by=koc(), event=event, username=member("he").username, role="gate")
    agreed(event.initiative)
    Event.objects.update(starts_at=timezone.now() + timedelta(hours=20), ends_at=timezone.now() + timedelta(hours=25))
    announce_events()
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.GATE_NEAR)
    assert sorted(told.values_list("member__username", flat=True)) == ["he", "su", "zhou"]


def test_i9_what_has_no_place_is_told_apart_and_may_come_in_all_the_same():
    event = opened_event(capacity=5)
    gone = comes(event, "lin")
    stays_away(event, "lin")
    other = opened_event(event.initiative)
    abroad = comes(other, "he")
    assert scanned(event, draft(gone), draft(abroad), draft(ticket="nonsense"), draft(place=999)) == [
        "not_going", "elsewhere", "unknown", "unknown",
    ]  # fmt: skip
    assert came(event) == 0
    let_in = draft(gone, kind="walk_in", people=2)
    assert scanned(event, let_in, draft(gone), draft(kind="walk_in", name="老王", people=2), draft(ticket="nonsense", kind="walk_in")) == [
        "walk_in", "again", "walk_in", "walk_in",
    ]  # fmt: skip
    arrivals = arrivals_of(Event.objects.get(pk=event.pk))
    assert (arrivals.came, arrivals.with_place, arrivals.walk_ins) == (5, 0, 5)
    assert Event.objects.get(pk=event.pk).taken == 0, "who is let in takes no place of the list"


def test_i9_a_late_place_that_the_phone_did_not_know_is_in_once_the_server_hears_of_it():
    event = opened_event(capacity=5)
    late = comes(event, "lin")
    assert scanned(event, draft(late, scanned_at=timezone.now() - timedelta(minutes=10))) == ["in"]


def test_more_of_a_party_come_later_and_what_was_wrong_is_taken_back():
    event = opened_event(capacity=9)
    place = comes(event, "lin", 3)
    first = draft(place, people=1)
    assert scanned(event, first, draft(kind="more", place=place.pk), draft(kind="more", place=place.pk)) == [
        "in",
        "more",
        "more",
    ]
    assert roster_of(event)[0]["came"] == 3
    back = draft(kind="undo", of=first.nonce)
    assert scanned(event, back) == ["undo"] and came(event) == 0
    assert scanned(event, back) == ["undo"] and Scan.objects.filter(result="undone").count() == 3
    assert scanned(event, draft(kind="undo", of=first.nonce)) == ["unknown"]
    assert scanned(event, draft(place)) == ["in"] and came(event) == 3
    assert Fact.objects.filter(name="tasks.ArrivalUndone").count() == 1


def test_scan_and_its_undo_in_one_batch_and_a_walk_in_taken_back():
    event = opened_event(capacity=9)
    place = comes(event, "lin")
    first, walk = draft(place), draft(kind="walk_in", name="老王", people=4)
    answers = scanned(
        event, first, draft(kind="undo", of=first.nonce), draft(place), walk, draft(kind="undo", of=walk.nonce)
    )
    assert answers == ["undone", "undo", "in", "undone", "undo"], "as it is when all of them are done"
    assert came(event) == 1


# --- clocks (I10), shared codes (I11)


def test_i10_the_phones_clock_is_kept_and_corrected_by_what_it_was_off():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    wrong = timezone.now() + timedelta(minutes=5)
    scanned(event, draft(place, scanned_at=wrong, ahead_ms=-5 * 60_000))
    scan = Scan.objects.get()
    assert scan.scanned_at == wrong
    assert abs(scan.happened_at - scan.received_at) < timedelta(seconds=5)
    Scan.objects.update(ahead_ms=None)
    assert Scan.objects.get().happened_at == scan.received_at, "never after the server heard of it"


def test_i11_a_code_that_was_passed_on_is_shown_with_its_name_and_punishes_nobody():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    scanned(event, draft(place))
    assert scanned(event, draft(place, device="B")) == ["again"]
    place.refresh_from_db()
    assert place.state == "going" and place.member.is_active


def test_bounds_of_a_scan_are_said_with_the_name_of_the_field():
    event = opened_event(capacity=5)
    client, path = api(koc()), f"/api/v1/events/{event.pk}/check-ins/"
    good = {"ticket": "x", "device": "A", "scanned_at": timezone.now().isoformat(), "nonce": "1"}
    for wrong in (
        {"nonce": ""},
        {"device": "x" * 201},
        {"scanned_at": "soon"},
        {"people": 0},
        {"people": 10**20},
        {"place": 2**63},
        {"kind": "fly"},
        {"ahead_ms": 10**18},
    ):
        answer = client.post(path, {"scans": [good | wrong]}, format="json")
        assert answer.status_code == 400, wrong
    assert client.post(path, {"scans": "x"}, format="json").status_code == 400
    assert client.post(path, {"scans": [good] * 501}, format="json").status_code == 400
    assert api().post(path, {"scans": [good]}, format="json").status_code in {401, 403}
    assert api(member("lin")).post(path, {"scans": "x"}, format="json").status_code == 403
    assert client.post(path, {"scans": []}, format="json").json()["results"] == []
    with pytest.raises(Invalid):
        receive_scans(by=koc(), event=event, scans=[draft()] * 501)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["scan", "more", "walk_in", "undo", "again"]), st.integers(0, 3), st.integers(0, 3)),
        max_size=25,
    )
)
def test_whatever_the_phones_send_every_party_is_in_at_most_once(acts):
    with transaction.atomic():
        event = opened_event(capacity=20)
        places = [comes(event, f"g{number}", 2) for number in range(4)]
        sent: list[ScanDraft] = []
        for kind, place, other in acts:
            if kind == "again" and sent:
                one = sent[other % len(sent)]
            elif kind == "undo":
                one = draft(kind="undo", of=sent[other % len(sent)].nonce if sent else "none")
            else:
                one = draft(places[place], kind="scan" if kind == "again" else kind, device=str(other))
            sent.append(one)
            scanned(event, one)
        for place in places:
            assert Scan.objects.filter(rsvp=place, result__in=["in", "walk_in"]).count() <= 1
        assert came(event) == sum(row["came"] for row in roster_of(event))
        assert Scan.objects.filter(event=event).count() == len({one.nonce for one in sent})
        transaction.set_rollback(True)


# --- words of the organisers, helpers


def test_who_has_a_place_or_waits_hears_what_the_organisers_tell_and_nobody_else(run_deliveries):
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    op_id = uuid.uuid4()
    for _again in range(2):
        told = announce(by=koc(), event=event, words="  带好雨衣。 ", op_id=op_id)
    run_deliveries()
    heard = Notification.objects.filter(kind=kinds.EVENT_ANNOUNCED)
    assert sorted(heard.values_list("member__username", flat=True)) == ["he", "lin"]
    path = event.get_absolute_url()
    for reader, reads in (
        (member("lin"), True),
        (koc(), True),
        (member("ma"), False),
        (make_staff("operator"), False),
        (None, False),
    ):
        assert (told.words in client_of(reader).get(path).content.decode()) is reads
    for words in ("", " ", "x" * 601):
        with pytest.raises(Invalid):
            announce(by=koc(), event=event, words=words)
    for number in range(4):
        announce(by=koc(), event=event, words=f"第 {number} 条")
    with pytest.raises(Forbidden):
        announce(by=koc(), event=event, words="第六条")


def test_a_refused_word_stays_in_the_form():
    event = opened_event(capacity=1)
    answer = client_of(koc()).post(f"/events/{event.pk}/crew/", {"username": "nobody-here", "role": "gate"})
    assert answer.status_code == 422 and "nobody-here" in answer.content.decode()
    for number in range(5):
        announce(by=koc(), event=event, words=f"第 {number} 条")
    answer = client_of(koc()).post(
        f"/events/{event.pk}/announce/", {"words": "第六条，别丢", "op_id": str(uuid.uuid4())}
    )
    assert answer.status_code == 422 and "第六条，别丢" in answer.content.decode()


def test_whoever_helps_hears_of_it_and_whoever_leaves_helps_no_more(run_deliveries):
    event = opened_event(capacity=5)
    he = member("he")
    choose_crew(by=koc(), event=event, username="he", role="gate")
    run_deliveries()
    assert Notification.objects.get(kind=kinds.CREW_CHOSEN).member == he
    client = client_of(he)
    assert client.get(f"/events/{event.pk}/gate/").status_code == 200
    client.post(f"/events/{event.pk}/crew/", {"leaves": he.pk})
    run_deliveries()
    assert not Notification.objects.filter(kind=kinds.CREW_CHOSEN).exists()
    assert client.get(f"/events/{event.pk}/gate/").status_code == 404
    choose_crew(by=koc(), event=event, username="he", role="gate")
    forget_member(member_id=he.pk)
    assert not CrewMember.objects.exists()
    agreed(event.initiative)
    with pytest.raises(Conflict):
        choose_crew(by=koc(), event=event, username="su", role="gate")
    for username, role in (("", "gate"), ("nobody", "gate"), ("ma", "boss")):
        with pytest.raises(Invalid):
            choose_crew(by=koc(), event=event, username=username, role=role)


def test_names_of_who_came_without_a_place_go_with_the_plates():
    event = opened_event(capacity=5)
    scanned(event, draft(kind="walk_in", name="老王"))
    assert forget_walk_ins() == 0
    Event.objects.update(starts_at=timezone.now() - timedelta(days=41), ends_at=timezone.now() - timedelta(days=40))
    assert forget_walk_ins() == 1 and Scan.objects.get().name == "" and came(event) == 1


# --- pages


def test_the_list_checks_in_takes_back_and_lets_in_without_a_script():
    event = opened_event(capacity=5)
    place = comes(event, "lin", 2)
    client, do, paper = client_of(koc()), f"/events/{event.pk}/gate/do/", f"/events/{event.pk}/gate/list/"
    sent = {"place": place.pk, "nonce": str(uuid.uuid4())}
    for _again in range(2):
        assert client.post(do, sent).status_code == 302
    assert came(event) == 2 and Scan.objects.count() == 1
    client.post(do, {"place": place.pk, "nonce": str(uuid.uuid4()), "undo": Scan.objects.get().nonce})
    assert came(event) == 0
    client.post(do, {"name": "老王", "people": "3", "nonce": str(uuid.uuid4())})
    assert came(event) == 3 and "老王" in client.get(paper).content.decode()
    assert "lin" in client.get(paper, {"q": "LIN"}).content.decode()
    assert client.get(paper, {"q": "nobody"}).status_code == 200
    for nonsense in ({}, {"place": "x"}, {"place": "9" * 30}, {"undo": "x" * 99}, {"people": "-1", "name": "a"}):
        assert client.post(do, nonsense).status_code == 302


def test_the_page_of_a_phone_names_nobody_and_its_worker_reaches_the_gate():
    event = opened_event(capacity=5)
    comes(event, member("guest-of-hers"))
    page = client_of(koc()).get(f"/events/{event.pk}/gate/").content.decode()
    assert "guest-of-hers" not in page
    worker = client_of().get("/events/gate-worker.js")
    assert worker.status_code == 200 and worker["Content-Type"] == "text/javascript"


def test_the_ticket_is_a_code_on_the_members_own_page_alone():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    assert place.ticket in client_of(member("lin")).get(event.get_absolute_url()).content.decode()
    assert place.ticket not in client_of(koc()).get(event.get_absolute_url()).content.decode()


def test_pages_and_answers_of_the_gate_cost_a_stated_number_of_queries(django_assert_max_num_queries):
    event = opened_event(capacity=60)
    places = [comes(event, f"g{number}") for number in range(30)]
    scanned(event, *(draft(place) for place in places[:10]))
    client, phone = client_of(koc()), api(koc())
    assert cost(client, f"/events/{event.pk}/gate/") <= 7
    assert cost(client, f"/events/{event.pk}/gate/list/") <= 11
    with django_assert_max_num_queries(9):
        phone.get(f"/api/v1/events/{event.pk}/roster/")
    sent = [
        {"ticket": place.ticket, "device": "B", "scanned_at": timezone.now().isoformat(), "nonce": str(uuid.uuid4())}
        for place in places
    ]
    with django_assert_max_num_queries(20 + 30 + 4 * 20):  # one row a scan, four of a fact for each who comes in
        phone.post(f"/api/v1/events/{event.pk}/check-ins/", {"scans": sent}, format="json")


# --- found by looking again


def test_a_phone_without_a_name_jams_nothing():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    sent = {"ticket": place.ticket, "scanned_at": timezone.now().isoformat()}
    for nonce, device in (("1", ""), ("2", "名" * 60)):
        answer = api(koc()).post(
            f"/api/v1/events/{event.pk}/check-ins/",
            {"scans": [sent | {"nonce": nonce, "device": device}]},
            format="json",
        )
        assert answer.status_code == 200
    assert max(len(scan.device) for scan in Scan.objects.all()) == 40


def test_a_clock_out_of_all_bounds_breaks_no_list():
    event = opened_event(capacity=5)
    place = comes(event, "lin")
    scanned(event, draft(place, scanned_at=datetime(1, 1, 1, tzinfo=UTC), ahead_ms=-(10**9)))
    scan = Scan.objects.get()
    assert scan.happened_at == scan.received_at
    assert client_of(koc()).get(f"/events/{event.pk}/gate/list/").status_code == 200


def test_a_helper_who_becomes_a_colleague_helps_no_more():
    event = opened_event(capacity=5)
    comes(event, "lin")
    helper = member("he")
    choose_crew(by=koc(), event=event, username="he", role="organiser")
    helper.is_staff = True
    helper.save()
    assert not Rsvp.objects.visible_to(helper).exists() and not Event.objects.kept_by(helper).exists()
    assert not Event.objects.run_by(helper).exists()
    with pytest.raises(Forbidden):
        scanned(event, draft(), by=helper)


def test_a_line_of_the_list_that_names_nobody_lets_nobody_in():
    event = opened_event(capacity=5)
    client_of(koc()).post(f"/events/{event.pk}/gate/do/", {"place": "x", "nonce": "n"})
    assert not Scan.objects.exists()


def test_who_was_heard_of_after_the_end_is_asked_how_it_was_too(run_deliveries):
    event = opened_event(capacity=5)
    early, late = comes(event, "lin"), comes(event, "he")
    scanned(event, draft(early))
    Event.objects.update(starts_at=timezone.now() - timedelta(hours=5), ends_at=timezone.now() - timedelta(hours=1))
    end_due()
    run_deliveries()
    asked = Notification.objects.filter(kind=kinds.HOW_WAS_IT)
    assert list(asked.values_list("member__username", flat=True)) == ["lin"]
    scanned(event, draft(late))
    run_deliveries()
    assert sorted(asked.values_list("member__username", flat=True)) == ["he", "lin"]


def test_signs_that_no_database_bears_are_no_error_at_the_list_of_the_gate():
    event = opened_event(capacity=5)
    place, do = comes(event, "lin"), f"/events/{event.pk}/gate/do/"
    zhou = client_of(koc())
    assert zhou.post(do, {"place": place.pk, "nonce": "n\x00-1"}).status_code == 302
    assert Scan.objects.get().nonce == f"n-1-{place.pk}" and came(event) == 1
    assert zhou.post(do, {"place": place.pk, "nonce": "n-2", "undo": "\x00"}).status_code == 302
    assert came(event) == 1 and Scan.objects.count() == 2, "nothing is named, and nothing is taken back"
    assert zhou.post(do, {"place": place.pk, "nonce": "n-3", "undo": f"n-1\x00-{place.pk}"}).status_code == 302
    assert came(event) == 0
