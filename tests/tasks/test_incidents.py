"""Incidents at an event (I20): who tells and reads them, and that who was there stays as it stands, whatever phones tell later."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from kocforum.notifications.kinds import kind_of
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.crews import choose_crew
from tasks.actions.events import PLATES_KEPT, forget_plates
from tasks.actions.incidents import add_to_incident, forget_incidents, report_incident
from tasks.actions.leaving import forget_member
from tasks.actions.rsvps import Minors, give_up_place
from tasks.actions.scans import forget_walk_ins
from tasks.models import Event, Incident, IncidentAddition, Rsvp, Scan
from tasks.queries.gates import arrivals_of, roster_of
from tests.at_once import at_once
from tests.tasks.initiatives import agreed, comes, koc, member, opened_event, planned_event, stays_away
from tests.tasks.money import staff
from tests.tasks.test_gate import came, draft, scanned
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db

NO_OFFSET = {"ahead_ms": 0}


def told(event: Event, by: Any = None, **values: Any) -> Incident:
    said = {"kind": "injury", "happened_at": timezone.now(), "what": "下坡处一位车友滑倒，左腕肿起。", **values}
    return report_incident(by=by or koc(), event=event, **said)


def minutes_ago(minutes: int) -> dict[str, Any]:
    return {"scanned_at": timezone.now() - timedelta(minutes=minutes), **NO_OFFSET}


def attendance(event: Event) -> list[tuple[int, str, int]]:
    return list(Scan.objects.filter(event=event).order_by("pk").values_list("pk", "result", "people"))


# --- attendance stands


def test_i20_after_a_report_nothing_takes_back_who_was_checked_in_and_the_attempt_is_kept():
    event = opened_event(capacity=9)
    place, walk = comes(event, "lin", 3), draft(kind="walk_in", name="老王", people=2)
    first = draft(place, people=2)
    scanned(event, first, walk)
    before = attendance(event)
    told(event)
    tries = [draft(kind="undo", of=first.nonce), draft(kind="undo", of=walk.nonce)]
    assert scanned(event, *tries) == ["frozen", "frozen"]
    assert scanned(event, *tries) == ["frozen", "frozen"], "sent again, answered the same"
    assert attendance(event)[:2] == before and came(event) == 4
    assert [scan.first.nonce for scan in Scan.objects.filter(result="frozen")] == [first.nonce, walk.nonce]
    assert scanned(event, draft(place)) == ["again"]
    assert roster_of(event)[0]["stands"] and arrivals_of(Event.objects.get()).came == 4


def test_i20_who_really_comes_after_the_report_is_checked_in_and_a_slip_of_the_finger_after_it_is_taken_back():
    event = opened_event(capacity=9)
    here, late = comes(event, "lin", 3), comes(event, "he")
    scanned(event, draft(here, people=1))
    told(event)
    assert scanned(event, draft(late), draft(kind="more", place=here.pk)) == ["in", "more"]
    slip = draft(kind="walk_in", name="老王")
    assert scanned(event, slip, draft(kind="undo", of=slip.nonce)) == ["undone", "undo"]
    assert came(event) == 3
    again = Scan.objects.get(rsvp=late, result="in")
    assert scanned(event, draft(kind="undo", of=again.nonce)) == ["undo"] and came(event) == 2


def test_i20_what_a_phone_without_a_network_did_before_the_report_is_kept_and_changes_no_party_that_stands():
    event = opened_event(capacity=9)
    known, unknown = comes(event, "lin", 3), comes(event, "he", 2)
    first = draft(known, people=1)
    scanned(event, first)
    before = attendance(event)
    told(event)
    late = [
        draft(unknown, device="B", **minutes_ago(30)),  # nobody had heard of them: they were there
        draft(known, device="B", **minutes_ago(30)),
        draft(kind="more", place=known.pk, device="B", **minutes_ago(20)),  # would add people as of before
        draft(kind="undo", of=first.nonce, device="B", **minutes_ago(10)),
        draft(kind="walk_in", name="老王", device="B", **minutes_ago(10)),
    ]
    assert scanned(event, *late) == ["in", "again", "frozen", "frozen", "walk_in"]
    assert attendance(event)[:1] == before and Scan.objects.count() == 6, "all of it is kept"
    assert came(event) == 1 + 2 + 1 and roster_of(event)[1]["came"] == 1
    heard = Scan.objects.get(rsvp=unknown)
    assert heard.frozen_at is None and heard.happened_at < Incident.objects.get().filed_at < heard.received_at


def test_i20_a_phone_whose_clock_is_off_is_judged_by_what_it_was_off():
    event = opened_event(capacity=9)
    place = comes(event, "lin", 3)
    scanned(event, draft(place, people=1))
    told(event)
    slow = draft(kind="more", place=place.pk, scanned_at=timezone.now() - timedelta(hours=8), ahead_ms=8 * 3600_000)
    assert scanned(event, slow) == ["more"]
    fast = draft(kind="more", place=place.pk, scanned_at=timezone.now() + timedelta(hours=7), ahead_ms=-8 * 3600_000)
    assert scanned(event, fast) == ["frozen"] and came(event) == 2


def test_i20_a_second_report_lets_stand_what_came_in_between():
    event = opened_event(capacity=9)
    first, second = comes(event, "lin"), comes(event, "he")
    scanned(event, draft(first))
    assert told(event).recorded == 1
    between = draft(second)
    scanned(event, between)
    assert told(event, kind="weather").recorded == 2
    assert scanned(event, draft(kind="undo", of=between.nonce)) == ["frozen"]


def test_i20_the_database_itself_changes_neither_a_report_nor_who_was_there():
    event = opened_event(capacity=9)
    scanned(event, draft(comes(event, "lin")))
    incident = told(event)
    added = add_to_incident(by=koc(), incident=incident, words="已到医院，没有骨折。")
    rows = (
        (Scan.objects.filter(event=event), {"result": "undone", "people": 0}),
        (Scan.objects.filter(event=event), {"people": 9}),
        (Scan.objects.filter(event=event), {"frozen_at": None}),
        (Incident.objects.all(), {"what": "什么也没发生"}),
        (Incident.objects.all(), {"what": "", "done": "", "people": 7}),
        (IncidentAddition.objects.all(), {"words": "别的话"}),
    )
    for found, values in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**values)
    for found in (Scan.objects.all(), IncidentAddition.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            found._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk)._raw_delete("default")
    added.refresh_from_db()
    assert added.words.startswith("已到医院")


def test_i20_who_was_there_cannot_say_afterwards_that_they_do_not_come():
    event = opened_event(capacity=9)
    scanned(event, draft(comes(event, "lin")))
    comes(event, "he")
    told(event)
    with pytest.raises(Conflict):
        give_up_place(by=member("lin"), event=event)
    assert stays_away(event, "he").state == "cancelled"
    forget_member(member_id=member("lin").pk)
    assert came(event) == 1, "who leaves the community was there all the same"


def test_i20_a_party_that_was_there_is_not_made_smaller_and_its_children_and_guardian_stay():
    event = opened_event(capacity=9, party_most=5)
    call = {"guardian": "林妈", "phone": "13800001111"}
    place = comes(event, "lin", 3, minors=Minors(count=2, **call))
    other = comes(event, "he", 3, minors=Minors(count=2, **call))
    scanned(event, draft(place, people=3))
    told(event)
    for party, minors in ((1, Minors()), (2, Minors(count=1, **call)), (3, Minors(count=1, **call)), (3, Minors())):
        with pytest.raises(Conflict):
            comes(event, "lin", party, minors=minors)
    place.refresh_from_db()
    assert (place.party, place.minors, place.guardian, place.guardian_phone) == (3, 2, "林妈", "13800001111")
    event.refresh_from_db()
    assert event.taken == 6 and arrivals_of(event).came == 3
    # More of them can still come, and whoever was not there yet says what they like.
    assert comes(event, "lin", 4, minors=Minors(count=2, **call)).party == 4
    assert comes(event, "he", 1, minors=Minors()).minors == 0 and other.pk


def test_i20_a_guest_who_was_there_and_closes_the_account_is_no_guest_without_a_place():
    event = opened_event(capacity=9)
    scanned(event, draft(comes(event, "lin", 2), people=2))
    told(event)
    before = arrivals_of(Event.objects.get())
    forget_member(member_id=member("lin").pk)
    assert arrivals_of(Event.objects.get()) == before and before.walk_ins == 0


def test_i20_whom_to_call_for_children_who_were_there_outlives_a_closed_account_and_goes_with_the_plates():
    event = opened_event(capacity=9, asks_car=True)
    call = Minors(count=1, guardian="林妈", phone="13800001111")
    place, other = (comes(event, who, 2, minors=call, plate="苏E12345", listed=True) for who in ("lin", "he"))
    scanned(event, draft(place, people=2))
    told(event)
    for who in (member("lin"), member("he")):
        forget_member(member_id=who.pk)
    names = ("plate", "listed", "minors", "guardian", "guardian_phone")
    rows = {pk: rest for pk, *rest in Rsvp.objects.values_list("pk", *names)}
    assert rows == {place.pk: ["", False, 1, "林妈", "13800001111"], other.pk: ["", False, 0, "", ""]}
    past = timezone.now() - PLATES_KEPT - timedelta(days=1)
    Event.objects.update(state="held", starts_at=past - timedelta(hours=8), ends_at=past)
    assert forget_plates() == 1
    assert Rsvp.objects.values_list(*names).get(pk=place.pk) == ("", False, 0, "", "")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.tuples(st.sampled_from(["scan", "more", "walk_in", "undo"]), st.integers(0, 2)), max_size=8),
    after=st.lists(
        st.tuples(st.sampled_from(["scan", "more", "walk_in", "undo"]), st.integers(0, 2), st.integers(0, 60)),
        max_size=12,
    ),
)
def test_i20_no_order_of_scans_changes_what_stands(before, after):
    with transaction.atomic():
        event = opened_event(capacity=20)
        places = [comes(event, f"g{number}", 3) for number in range(3)]
        sent: list[Any] = [draft(places[0], people=1)]
        scanned(event, sent[0])
        for kind, place in before:
            sent.append(draft(kind="undo", of=sent[place % len(sent)].nonce) if kind == "undo" else draft(places[place], kind=kind))  # fmt: skip
            scanned(event, sent[-1])
        stood = attendance(event)
        told(event)
        for kind, place, ago in after:
            when = minutes_ago(ago)
            sent.append(draft(kind="undo", of=sent[(place * 7 + ago) % len(sent)].nonce, **when) if kind == "undo" else draft(places[place], kind=kind, **when))  # fmt: skip
            scanned(event, sent[-1])
        assert attendance(event)[: len(stood)] == stood
        assert Scan.objects.filter(event=event).count() == len(sent), "every act is kept"
        transaction.set_rollback(True)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i20_a_report_and_phones_that_take_back_at_the_same_moment_follow_each_other():
    event = opened_event(capacity=40)
    drafts = [draft(comes(event, f"g{number}")) for number in range(12)]
    scanned(event, *drafts)
    undoes = [draft(kind="undo", of=one.nonce) for one in drafts[:8]]
    *answers, incident = at_once(*(lambda one=one: scanned(event, one)[0] for one in undoes), lambda: told(event))
    assert isinstance(incident, Incident) and set(answers) <= {"undo", "frozen"}
    # Whoever was heard before the report was taken back, everybody else stands: the report knows how many.
    assert incident.recorded == 12 - answers.count("undo") == came(event)
    assert Scan.objects.filter(event=event, result="frozen").count() == answers.count("frozen")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i20_guests_who_come_in_while_a_report_is_filed_either_stand_or_came_after_it():
    event = opened_event(capacity=40)
    places = [comes(event, f"g{number}") for number in range(8)]
    *answers, incident = at_once(
        *(lambda one=one: scanned(event, draft(one))[0] for one in places), lambda: told(event)
    )
    assert answers == ["in"] * 8 and came(event) == 8
    assert Scan.objects.filter(event=event, frozen_at=incident.filed_at).count() == incident.recorded


# --- who tells, who reads


def test_i20_the_crew_and_approvers_read_a_report_and_nobody_else():
    event = opened_event(capacity=9)
    comes(event, "lin")
    choose_crew(by=koc(), event=event, username=member("he").username, role="gate")
    agreed(event.initiative)
    incident = told(event, by=member("he"))
    page, path = f"/events/{event.pk}/incidents/", f"/api/v1/events/{event.pk}/incidents/"
    for reader in (koc(), member("su"), member("he"), staff("approver")):
        assert incident.what in client_of(reader).get(page).content.decode()
        assert api(reader).get(path).json()["results"][0]["what"] == incident.what
    for stranger in (member("lin"), member("ma"), staff("operator"), staff("researcher"), staff("admin")):
        assert client_of(stranger).get(page).status_code == 404
        assert api(stranger).get(path).status_code == 403
        assert not Incident.objects.visible_to(stranger).exists()
        assert page not in client_of(stranger).get(event.get_absolute_url()).content.decode()
    assert client_of().get(page).status_code == 302 and api().get(path).status_code in {401, 403}
    for who in (member("lin"), staff("approver"), staff("admin")):
        with pytest.raises(Forbidden):
            told(event, by=who)
        with pytest.raises(Forbidden):
            add_to_incident(by=who, incident=incident, words="我也看到了")
    with pytest.raises(Conflict):
        told(planned_event(event.initiative))


def test_a_deputy_who_was_asked_and_has_not_said_yes_reads_no_guardians_and_no_incidents(run_deliveries):
    event = opened_event(capacity=9, party_most=3)
    comes(event, "lin", 2, minors=Minors(count=1, guardian="林妈", phone="13800001111"))
    incident, su, here = told(event), member("su"), f"/events/{event.pk}"
    doors = (f"{here}/incidents/", f"{here}/gate/", f"{here}/gate/list/")

    def opens() -> set[int]:
        return {client_of(su).get(door).status_code for door in doors}

    def reads() -> tuple[bool, ...]:
        seen = (Incident, Rsvp, Scan)
        return (*(rows.objects.visible_to(su).filter(event=event).exists() for rows in seen),)

    scanned(event, draft(kind="walk_in", name="老王"))
    run_deliveries()
    assert opens() == {404} and reads() == (False, False, False)
    assert api(su).get(f"/api/v1{here}/rsvps/").status_code == 403
    assert "林妈" not in client_of(su).get(event.get_absolute_url()).content.decode()
    assert not Notification.objects.filter(kind=kinds.INCIDENT_REPORTED, member=su).exists()
    with pytest.raises(Forbidden):
        add_to_incident(by=su, incident=incident, words="我也看到了")
    agreed(event.initiative)
    assert opens() == {200} and reads() == (True, True, True)
    assert "林妈" in client_of(su).get(doors[2]).content.decode()
    # Who works for the brand since then stands in no longer.
    Member.objects.filter(pk=su.pk).update(is_staff=True, role="operator")
    su.refresh_from_db()
    assert opens() == {404} and reads() == (False, False, False)
    add_to_incident(by=koc(), incident=incident, words="家人已经到了。")
    run_deliveries()
    assert not Notification.objects.filter(kind=kinds.INCIDENT_ADDED, member=su).exists()


def test_i20_the_crew_and_approvers_hear_of_it_at_once(run_deliveries):
    event = opened_event(capacity=9)
    comes(event, "lin")
    approver = staff("approver")
    staff("operator"), staff("admin")
    agreed(event.initiative)
    choose_crew(by=koc(), event=event, username=member("he").username, role="gate")
    incident = told(event, by=member("he"))
    run_deliveries()
    heard = Notification.objects.filter(kind=kinds.INCIDENT_REPORTED)
    assert set(heard.values_list("member__username", flat=True)) == {"zhou", "su", approver.username}
    add_to_incident(by=koc(), incident=incident, words="家人已经到了。")
    run_deliveries()
    more = Notification.objects.filter(kind=kinds.INCIDENT_ADDED)
    assert set(more.values_list("member__username", flat=True)) == {"su", "he", approver.username}
    page = client_of(approver).get("/me/notifications/").content.decode()
    assert event.title in page
    news = heard.get(member=approver)
    assert kind_of(news.kind).url(news.object_id, news.params) == incident.get_absolute_url()


def test_i20_a_report_needs_its_words_and_a_moment_that_has_been():
    event = opened_event(capacity=9)
    for name, value in {
        "what": " ",
        "kind": "nonsense",
        "people": -1,
        "happened_at": timezone.now() + timedelta(hours=1),
        "done": "x" * 4001,
    }.items():
        with pytest.raises(Invalid) as refused:
            told(event, **{name: value})
        assert set(refused.value.fields) == {name}
    with pytest.raises(Invalid):
        told(event, happened_at=timezone.now() - timedelta(days=1))
    assert not Incident.objects.exists()
    event.state = "planned"
    op_id = uuid.uuid4()
    event.refresh_from_db()
    assert told(event, op_id=op_id) == told(event, op_id=op_id)


def test_i20_words_go_after_three_years_and_names_at_the_gate_with_them():
    event = opened_event(capacity=9)
    scanned(event, draft(kind="walk_in", name="老王"))
    incident = told(event)
    add_to_incident(by=koc(), incident=incident, words="都好了。")
    long_ago = timezone.now() - timedelta(days=60)
    Event.objects.update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=3))
    assert forget_walk_ins() == 0 and forget_incidents() == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tasks.actions.incidents.REPORTS_KEPT", timedelta(0))
        patch.setattr("tasks.actions.scans.REPORTS_KEPT", timedelta(days=40))
        assert forget_incidents() == 1 and forget_walk_ins() == 1
    incident.refresh_from_db()
    assert (incident.what, incident.kind, IncidentAddition.objects.get().words) == ("", "injury", "")
    assert client_of(koc()).get(f"/events/{event.pk}/incidents/").status_code == 200


# --- pages and JSON


def typed(**values: Any) -> dict[str, Any]:
    here = timezone.localtime() - timedelta(minutes=3)
    said = {
        "kind": "injury",
        "happened_at": f"{here:%Y-%m-%dT%H:%M}",
        "what": "下坡处滑倒",
        "people": "1",
        "doctor": "on",
    }
    return {**said, "op_id": str(uuid.uuid4()), **values}


def test_i20_the_story_of_an_incident_on_the_pages_alone(run_deliveries):
    event = opened_event(capacity=9)
    Event.objects.update(created_at=timezone.now() - timedelta(days=1))
    place = comes(event, "lin", 2)
    helper = client_of(member("he"))
    choose_crew(by=koc(), event=event, username="he", role="gate")
    page, paper, do = (f"/events/{event.pk}/{tail}" for tail in ("incidents/", "gate/list/", "gate/do/"))
    helper.post(do, {"place": place.pk, "nonce": "n-1"})
    assert f'name="undo" value="{Scan.objects.get().nonce}"' in helper.get(paper).content.decode()
    wrong = helper.post(page, typed(kind="", what="下坡处滑倒，别丢这句"))
    assert (
        wrong.status_code == 422 and "下坡处滑倒，别丢这句" in wrong.content.decode() and not Incident.objects.exists()
    )
    sent = typed()
    for _twice in range(2):
        answer = helper.post(page, sent)
        assert answer.status_code == 302
    incident = Incident.objects.get()
    assert answer.url == f"{page}#incident-{incident.pk}" and incident.doctor and incident.recorded == 2
    listed = helper.get(paper).content.decode()
    scan = Scan.objects.get()
    assert f'name="undo" value="{scan.nonce}"' not in listed
    helper.post(do, {"place": place.pk, "nonce": "n-2", "undo": scan.nonce})
    assert came(event) == 2 and Scan.objects.filter(result="frozen").count() == 1
    add = f"{page}{incident.pk}/add/"
    assert helper.post(add, {"words": " "}).status_code == 422
    assert helper.post(add, {"words": "已到医院，没有骨折。", "op_id": str(uuid.uuid4())}).status_code == 302
    run_deliveries()
    read = client_of(staff("approver")).get(page).content.decode()
    assert "已到医院，没有骨折。" in read and 'name="what"' not in read
    assert client_of(staff("approver")).post(page, typed()).status_code == 422
    assert client_of(member("lin")).post(page, typed()).status_code == 404
    assert Incident.objects.count() == 1


def test_i20_what_was_typed_outlives_a_session_that_ran_out():
    event = opened_event(capacity=9)
    page = f"/events/{event.pk}/incidents/"
    visitor = client_of()
    assert visitor.post(page, typed(what="山路塌方，全员停在观景台")).status_code == 302
    visitor.force_login(koc())
    assert "山路塌方，全员停在观景台" in visitor.get(page).content.decode()


def test_i20_a_report_that_is_sent_again_with_other_words_keeps_them_for_an_addition():
    event = opened_event(capacity=9)
    Event.objects.update(created_at=timezone.now() - timedelta(days=1))
    page, zhou = f"/events/{event.pk}/incidents/", client_of(koc())
    sent = typed()
    assert zhou.post(page, sent).status_code == 302
    incident = Incident.objects.get()
    again = zhou.post(page, sent, follow=True).content.decode()
    assert "已登记" in again and "没有改动" not in again, "the same sent twice is once"
    mended = {**sent, "what": "下坡处滑倒，左腕骨折", "done": "已叫车", "people": "2", "police": "on"}
    answer = zhou.post(page, mended)
    assert answer.status_code == 302 and answer.url == f"{page}#incident-{incident.pk}"
    shown = zhou.get(page).content.decode()
    assert "没有改动" in shown and "先照顾好人。" not in shown
    words = next(one.form["words"].value() for one in zhou.get(page).context["incidents"])
    for said in ("下坡处滑倒，左腕骨折", "已叫车", "涉及人数：2", "报了警"):
        assert said in words
    incident.refresh_from_db()
    assert incident.what == "下坡处滑倒" and Incident.objects.count() == 1
    zhou.post(f"{page}{incident.pk}/add/", {"words": words, "op_id": str(uuid.uuid4())})
    assert "左腕骨折" in IncidentAddition.objects.get().words
    assert not next(one.form["words"].value() for one in zhou.get(page).context["incidents"])


def test_i20_who_was_called_outlives_a_session_that_ran_out():
    event = opened_event(capacity=9)
    page, visitor = f"/events/{event.pk}/incidents/", client_of()
    visitor.post(page, typed(police="on"))
    visitor.force_login(koc())
    form = visitor.get(page).context["form"]
    assert form["doctor"].value() and form["police"].value() and "checked" in str(form["police"])


@pytest.mark.parametrize("nothing", ["\u200b", " \u2060\n\u00ad", "\ufeff"])
def test_i20_words_that_nobody_can_see_are_none(nothing):
    event = opened_event(capacity=9)
    Event.objects.update(created_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        told(event, what=nothing)
    assert set(refused.value.fields) == {"what"}
    assert client_of(koc()).post(f"/events/{event.pk}/incidents/", typed(what=nothing)).status_code == 422
    incident = told(event, done=nothing)
    assert incident.done == ""
    with pytest.raises(Invalid):
        add_to_incident(by=koc(), incident=incident, words=nothing)


def test_i20_incidents_in_json():
    event = opened_event(capacity=9)
    Event.objects.update(created_at=timezone.now() - timedelta(days=1))
    place = comes(event, "lin")
    path, zhou = f"/api/v1/events/{event.pk}/incidents/", api(koc())
    zhou.post(f"/api/v1/events/{event.pk}/check-ins/", {"scans": [{"ticket": place.ticket, "device": "A", "scanned_at": timezone.now().isoformat(), "nonce": "1"}]}, format="json")  # fmt: skip
    said = {"kind": "lost_child", "happened_at": timezone.now().isoformat(), "what": "在游客中心走散", "op_id": str(uuid.uuid4())}  # fmt: skip
    first, again = (zhou.post(path, said, format="json") for _twice in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and first.json()["recorded"] == 1
    undo = {"device": "B", "scanned_at": timezone.now().isoformat(), "nonce": "2", "kind": "undo", "of": "1"}
    [answer] = zhou.post(f"/api/v1/events/{event.pk}/check-ins/", {"scans": [undo]}, format="json").json()["results"]
    assert answer["result"] == "frozen" and answer["name"] == "Lin" and answer["first"]["device"] == "A"
    assert zhou.get(f"/api/v1/events/{event.pk}/roster/").json()["places"][0]["stands"] is True
    number = first.json()["id"]
    added = zhou.post(f"{path}{number}/additions/", {"words": "找到了，平安。"}, format="json")
    assert added.status_code == 201
    assert api(staff("approver")).get(path).json()["results"][0]["additions"][0]["words"] == "找到了，平安。"
    assert zhou.post(path, {"kind": "x"}, format="json").status_code == 400
    assert api(member("lin")).post(path, {}, format="json").status_code == 403
    assert api(member("lin")).post(f"{path}{number}/additions/", {}, format="json").status_code == 404
    assert zhou.put(path, said, format="json").status_code == 405 == zhou.delete(path).status_code


def test_i20_a_page_of_reports_costs_the_same_for_one_and_for_many():
    event = opened_event(capacity=9)
    add_to_incident(by=koc(), incident=told(event), words="后来好了。")
    client, page = client_of(koc()), f"/events/{event.pk}/incidents/"
    few = cost(client, page)
    for number in range(4):
        add_to_incident(by=koc(), incident=told(event, what=f"第 {number} 件"), words="后来好了。")
    assert cost(client, page) == few <= 8


def test_i20_what_somebody_reported_is_in_their_download():
    from tasks.queries.download import what_i_did_with_owners

    event = opened_event(capacity=9)
    add_to_incident(by=koc(), incident=told(event), words="后来好了。")
    rows = list(what_i_did_with_owners(koc())[1])
    assert any(row.get("incident_at") == event.title for row in rows)
    assert any(row.get("words") == "后来好了。" for row in rows)
    assert not any("incident_at" in row for row in what_i_did_with_owners(member("su"))[1])
    assert Rsvp.objects.count() == 0
