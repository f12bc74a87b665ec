"""Words about risk and children at an event (I20): what was accepted is what was shown; whom to call is the crew's alone."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Invalid
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.crews import choose_crew
from tasks.actions.events import EventTerms, cancel_event, close_event, edit_event, forget_plates, open_event
from tasks.actions.leaving import forget_member
from tasks.actions.passing import end_due
from tasks.actions.rsvps import Minors, lapse_due
from tasks.actions.waivers import accept_waiver, version_of
from tasks.models import Event, Rsvp, WaiverText
from tasks.queries.download import what_i_did_with_owners
from tasks.queries.event_terms import TERMS
from tasks.queries.gates import roster_of
from tasks.queries.leading import waits_of
from tests.at_once import at_once
from tests.tasks.initiatives import agreed, comes, koc, member, opened_event, planned_event, stays_away, terms
from tests.tasks.money import staff
from tests.tasks.test_gate import draft, scanned
from tests.tasks.test_pages import client_of
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db

RISK = "山路弯多，雨天路滑。\n各人对自己的车和同车的人负责。"
OTHER_RISK = "山路弯多，有两段没有护栏。"
CALL = Minors(count=1, guardian="王芳", phone="138 0000 1111")


def reworded(event: Event, waiver: str) -> Event:
    event.refresh_from_db()
    same = {"starts_at": event.starts_at, "ends_at": event.ends_at, "capacity": event.capacity}
    return edit_event(by=koc(), event=event, terms=terms(**same, waiver=waiver))


def version(event: Event) -> str:
    return Event.objects.values_list("waiver_sha256", flat=True).get(pk=event.pk)


# --- words about risk


def test_i20_a_place_comes_with_the_words_that_were_shown():
    event = opened_event(waiver=RISK)
    with pytest.raises(Invalid) as refused:
        comes(event, "lin")
    assert set(refused.value.fields) == {"waived"} and not Rsvp.objects.exists()
    shown = version(event)
    reworded(event, OTHER_RISK)
    with pytest.raises(Conflict):
        comes(event, "lin", waived=shown)
    assert comes(event, "lin", waived=version(event)).waived_sha256 == version_of(OTHER_RISK)
    assert list(WaiverText.objects.values_list("words", flat=True)) == [RISK, OTHER_RISK]


def test_i20_a_line_break_is_no_other_version_and_a_word_is():
    assert version_of("a  b\nc ") == version_of("a b c") != version_of("a b d") and version_of(" \n") == ""
    event = opened_event(waiver=RISK)
    comes(event, "lin", waived=version(event))
    assert version(reworded(event, RISK.replace("\n", "\n\n"))) == Rsvp.objects.get().waived_sha256


def test_i20_who_comes_may_change_what_they_said_and_who_takes_an_offer_accepts_the_words_of_now():
    event = opened_event(capacity=1, waiver=RISK)
    comes(event, "lin", waived=version(event))
    comes(event, "he", waived=version(event))
    reworded(event, OTHER_RISK)
    assert comes(event, "lin", listed=True).listed and Rsvp.objects.get(member=member("lin")).waived_sha256 == version_of(RISK)  # fmt: skip
    stays_away(event, "lin")
    with pytest.raises(Invalid):
        comes(event, "he", None)
    assert comes(event, "he", None, waived=version(event)).state == "going"
    with pytest.raises(Invalid):
        comes(event, "lin")  # who comes back reads again


def test_i20_other_words_are_told_once_to_who_holds_a_place_and_wait_until_they_are_accepted(run_deliveries):
    event = opened_event(capacity=5, waiver=RISK)
    for who in ("lin", "he"):
        comes(event, who, waived=version(event))
    stays_away(event, "he")
    assert waits_of(member("lin")) == []
    reworded(event, OTHER_RISK)
    run_deliveries()
    heard = Notification.objects.filter(kind=kinds.WAIVER_CHANGED)
    assert [(one.member.username, one.count) for one in heard] == [("lin", 1)]
    [wait] = waits_of(member("lin"))
    assert wait.url == event.get_absolute_url()
    reworded(event, OTHER_RISK)
    run_deliveries()
    assert heard.get().count == 1, "nothing changed, nobody is told"
    with pytest.raises(Conflict):
        accept_waiver(by=member("lin"), event=event, waived=version_of(RISK))
    with pytest.raises(Conflict):
        accept_waiver(by=member("he"), event=event, waived=version(event))
    for _twice in range(2):
        accept_waiver(by=member("lin"), event=event, waived=version(event))
    run_deliveries()
    assert not heard.all().exists() and waits_of(member("lin")) == []
    reworded(event, "")
    assert comes(event, "he").waived_sha256 == ""


def test_i20_the_gate_says_who_has_not_accepted_and_lets_them_in():
    event = opened_event(capacity=5)
    early = comes(event, "lin")
    assert roster_of(event)[0]["accepted"] is None
    reworded(event, RISK)
    comes(event, "he", waived=version(event))
    event.refresh_from_db()
    assert {row["name"]: row["accepted"] for row in roster_of(event)} == {"Lin": False, "He": True}
    page = client_of(koc()).get(f"/events/{event.pk}/gate/list/").content.decode()
    assert page.count("warn-ink") == 1
    assert scanned(event, draft(early)) == ["in"]


ACCEPTED, ASKED = "你已确认。", "请确认风险提示"


def test_i20_nobody_is_said_to_have_accepted_words_that_they_were_not_shown():
    event = opened_event(capacity=1, waiver=RISK)
    for who in ("lin", "he"):
        comes(event, who, waived=version(event))
    path = event.get_absolute_url()
    for who in ("lin", "he"):
        page = client_of(member(who)).get(path).content.decode()
        assert ACCEPTED in page and ASKED not in page
    close_event(by=koc(), event=event)
    reworded(event, OTHER_RISK)
    for who in ("lin", "he"):
        page = client_of(member(who)).get(path).content.decode()
        assert ACCEPTED not in page and page.count("没有护栏") == 1 and f"{path}waiver/" in page
        assert client_of(member(who)).post(f"{path}waiver/", {"waived": version(event)}).status_code == 302
        page = client_of(member(who)).get(path).content.decode()
        assert ACCEPTED in page and page.count("没有护栏") == 1 and f"{path}waiver/" not in page


@pytest.mark.parametrize("over", ["held", "cancelled"])
def test_i20_an_event_that_is_over_asks_nobody_to_accept_anything(over, run_deliveries):
    event = opened_event(capacity=3, waiver=RISK)
    comes(event, "lin", waived=version(event))
    reworded(event, OTHER_RISK)
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.WAIVER_CHANGED).exists()
    if over == "cancelled":
        cancel_event(by=koc(), event=event, reason="台风")
    else:
        begins = timezone.now() - timedelta(hours=9)
        Event.objects.update(starts_at=begins, ends_at=begins + timedelta(hours=8))
        end_due()
    run_deliveries()
    assert not Notification.objects.filter(kind=kinds.WAIVER_CHANGED).exists()
    page = client_of(member("lin")).get(event.get_absolute_url()).content.decode()
    assert ASKED not in page and "/waiver/" not in page and ACCEPTED not in page and page.count("没有护栏") == 1


def test_i20_a_request_to_accept_ends_with_the_place_that_accepts_and_with_words_that_go_back(run_deliveries):
    event = opened_event(capacity=3, waiver=RISK)
    comes(event, "lin", waived=version(event))
    comes(event, "he", waived=version(event))
    heard = Notification.objects.filter(kind=kinds.WAIVER_CHANGED)
    reworded(event, OTHER_RISK)
    run_deliveries()
    assert heard.count() == 2
    comes(event, "lin", 2, waived=version(event))
    run_deliveries()
    assert [one.member.username for one in heard.all()] == ["he"]
    reworded(event, RISK)
    run_deliveries()
    assert [one.member.username for one in heard.all()] == ["lin"], "he accepted these before"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i20_nobody_accepts_words_that_change_in_the_same_moment():
    event, who = opened_event(capacity=40, waiver=RISK), [member(f"owner{number}") for number in range(6)]
    shown = version(event)
    results = at_once(
        lambda: reworded(Event.objects.get(pk=event.pk), OTHER_RISK).waiver_sha256,
        *(lambda one=one: comes(event, one, waived=shown).waived_sha256 for one in who),
    )
    assert results[0] == version_of(OTHER_RISK)
    for result in results[1:]:
        assert result == shown or isinstance(result, Conflict)
    assert Rsvp.objects.count() == results.count(shown)


# --- children


def test_i20_children_come_with_somebody_and_with_a_person_to_call():
    event = opened_event(capacity=20)
    for party, minors, wrong in (
        (1, CALL, {"minors"}),
        (3, Minors(count=3, guardian="王芳", phone="13800001111"), {"minors"}),
        (3, Minors(count=-1), {"minors"}),
        (3, Minors(count=1), {"guardian", "guardian_phone"}),
        (3, Minors(count=1, guardian="王芳", phone="没有"), {"guardian_phone"}),
    ):
        with pytest.raises(Invalid) as refused:
            comes(event, "lin", party, minors=minors)
        assert set(refused.value.fields) == wrong
    place = comes(event, "lin", 3, minors=CALL)
    assert (place.minors, place.guardian, place.guardian_phone) == (1, "王芳", "138 0000 1111")
    assert comes(event, "lin", 2).minors == 1, "said again without them, they stay"
    with pytest.raises(Invalid):
        comes(event, "lin", 1)
    assert comes(event, "lin", 1, minors=Minors()).guardian == ""
    for broken in ({"minors": 1}, {"minors": 1, "party": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rsvp.objects.filter(pk=place.pk).update(**broken)


def test_i20_whom_to_call_is_read_by_the_crew_alone():
    event = opened_event(capacity=20)
    comes(event, "lin", 3, minors=CALL, listed=True)
    choose_crew(by=koc(), event=event, username=member("he").username, role="gate")
    paper, page, places = f"/events/{event.pk}/gate/list/", event.get_absolute_url(), f"/api/v1/events/{event.pk}/rsvps/"  # fmt: skip
    for crew in (koc(), member("he")):
        assert "王芳" in client_of(crew).get(paper).content.decode()
    assert "王芳" in client_of(koc()).get(page).content.decode() and "王芳" in client_of(member("lin")).get(page).content.decode()  # fmt: skip
    assert api(koc()).get(places).json()["results"][0]["guardian"] == "王芳"
    for other in (None, member("ma"), staff("operator"), staff("approver"), staff("admin")):
        assert "王芳" not in client_of(other).get(page).content.decode()
        assert client_of(other).get(paper).status_code in {302, 404}
        assert api(other).get(places).status_code in {401, 403}
    roster = api(member("he")).get(f"/api/v1/events/{event.pk}/roster/").content.decode()
    assert "王芳" not in roster and "guardian" not in roster, "no phone at the gate carries it"


def test_i20_whom_to_call_goes_with_the_plate():
    event = opened_event(capacity=20, asks_car=True)
    for who in ("lin", "he", "su2"):
        comes(event, who, 2, minors=CALL, plate="苏E12345")
    rows = list(what_i_did_with_owners(member("lin"))[1])
    assert {"name": "王芳", "phone": "138 0000 1111"} in [row.get("whom_to_call_for_them") for row in rows]
    stays_away(event, "he")
    forget_member(member_id=member("su2").pk)
    assert list(Rsvp.objects.exclude(guardian="").values_list("member__username", flat=True)) == ["lin"]
    assert forget_plates() == 0
    Event.objects.update(starts_at=timezone.now() - timedelta(days=41), ends_at=timezone.now() - timedelta(days=40))
    assert forget_plates() == 1
    place = Rsvp.objects.get(member=member("lin"))
    assert (place.plate, place.minors, place.guardian, place.guardian_phone) == ("", 0, "", "")


def of_the_day(who: str) -> tuple[str, int, str, str]:
    return Rsvp.objects.values_list("plate", "minors", "guardian", "guardian_phone").get(member__username=who)


NOTHING = ("", 0, "", "")


def test_i20_whom_to_call_goes_with_an_offer_that_nobody_took():
    event = opened_event(capacity=2, asks_car=True)
    comes(event, "lin", 2)
    comes(event, "he", 2, minors=CALL, plate="苏E12345")
    stays_away(event, "lin")
    assert of_the_day("he")[2] == "王芳"
    Rsvp.objects.filter(state="offered").update(offered_until=timezone.now() - timedelta(seconds=1))
    assert lapse_due() == 1 and of_the_day("he") == NOTHING
    assert comes(event, "he", 2, minors=CALL).guardian == "王芳", "who joins again says it again"


def test_i20_whom_to_call_goes_with_an_event_that_is_cancelled_and_stays_while_people_are_on_the_spot():
    event = opened_event(capacity=5, asks_car=True)
    comes(event, "lin", 2, minors=CALL, plate="苏E12345")
    cancel_event(by=koc(), event=event, reason="台风")
    assert of_the_day("lin") == NOTHING
    other = opened_event(event.initiative, capacity=5)
    comes(other, "he", 2, minors=CALL)
    begins = timezone.now() - timedelta(hours=1)
    Event.objects.filter(pk=other.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=8), state="running")
    cancel_event(by=koc(), event=other, reason="雷雨")
    assert of_the_day("he")[2] == "王芳" and forget_plates() == 0
    Event.objects.filter(pk=other.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    assert forget_plates() == 1 and of_the_day("he") == NOTHING


def test_i20_whom_to_call_without_how_many_is_asked_for_and_never_thrown_away():
    event = opened_event(capacity=20)
    lin, path = client_of(member("lin")), event.get_absolute_url()
    typed = {"party": "2", "minors": "", "guardian": "王芳", "guardian_phone": "13800001111"}
    for left_out in ((), ("guardian",), ("guardian_phone",)):
        refused = lin.post(f"{path}rsvp/", {name: value for name, value in typed.items() if name not in left_out})
        assert refused.status_code == 422 and set(refused.context["form"].errors) == {"minors"}
    assert "王芳" in refused.content.decode() and not Rsvp.objects.exists()
    lin.post(f"{path}rsvp/", {**typed, "minors": "1"})
    assert lin.post(f"{path}rsvp/", typed).status_code == 422 and Rsvp.objects.get().minors == 1
    lin.post(f"{path}rsvp/", {"party": "2", "minors": "", "guardian": "", "guardian_phone": ""})
    assert (Rsvp.objects.get().minors, Rsvp.objects.get().guardian) == (0, "")


def test_i20_another_person_to_call_in_json_is_kept_for_as_many_as_before():
    event = opened_event(capacity=20)
    lin, path = api(member("lin")), f"/api/v1/events/{event.pk}/rsvp/"
    lost = lin.post(path, {"party": 3, "guardian": "王芳", "guardian_phone": "13800001111"}, format="json")
    assert lost.status_code == 400 and set(lost.json()) == {"minors"}
    comes(event, "lin", 3, minors=CALL)
    for said, kept in (
        ({"guardian": "李雷", "guardian_phone": "13900002222"}, (1, "李雷", "13900002222")),
        ({"guardian_phone": "13900003333"}, (1, "李雷", "13900003333")),
        ({"minors": 2}, (2, "李雷", "13900003333")),
        ({"listed": True}, (2, "李雷", "13900003333")),
    ):
        told = lin.post(path, {"party": 3, **said}, format="json").json()
        assert (told["minors"], told["guardian"], told["guardian_phone"]) == kept
    assert set(lin.post(path, {"guardian": ""}, format="json").json()) == {"guardian"}
    assert lin.post(path, {"minors": 0}, format="json").json()["guardian_phone"] == ""


def test_i20_a_family_can_still_change_what_it_said_where_everybody_comes_alone_by_now():
    event = opened_event(capacity=20)
    comes(event, "lin", 3, minors=Minors(count=2, guardian="王芳", phone="13800001111"))
    event.refresh_from_db()
    same = {"starts_at": event.starts_at, "ends_at": event.ends_at, "capacity": event.capacity}
    edit_event(by=koc(), event=event, terms=terms(**same, party_most=1))
    lin, path = client_of(member("lin")), event.get_absolute_url()
    assert lin.post(f"{path}rsvp/", {"party": "1", "listed": "on"}).status_code == 302
    place = Rsvp.objects.get()
    assert (place.party, place.minors, place.guardian, place.listed) == (1, 0, "", True)


# --- pages and JSON


def test_i20_the_story_of_a_family_on_the_pages_alone():
    event = opened_event(capacity=5, waiver=RISK)
    lin, path = client_of(member("lin")), event.get_absolute_url()
    page = lin.get(path).content.decode()
    assert "雨天路滑" in page and f'value="{version(event)}"' in page
    typed = {"party": "3", "minors": "1", "guardian": "王芳", "guardian_phone": "13800001111"}
    refused = lin.post(f"{path}rsvp/", typed)
    assert refused.status_code == 422 and "王芳" in refused.content.decode() and not Rsvp.objects.exists()
    shown = version(event)
    reworded(event, OTHER_RISK)
    refused = lin.post(f"{path}rsvp/", {**typed, "waived": shown})
    body = refused.content.decode()
    assert refused.status_code == 422 and "没有护栏" in body and "雨天路滑" not in body and "王芳" in body
    assert f'value="{version(event)}" checked' not in body, "nobody accepts by a box that was ticked under other words"
    assert lin.post(f"{path}rsvp/", {**typed, "waived": version(event)}).status_code == 302
    place = Rsvp.objects.get()
    assert (place.minors, place.waived_sha256) == (1, version(event))
    reworded(event, RISK)
    assert f"{path}waiver/" in lin.get(path).content.decode()
    lin.post(f"{path}waiver/", {"waived": shown[::-1]})
    assert f"{path}waiver/" in lin.get(path).content.decode()
    lin.post(f"{path}waiver/", {"waived": version(event)})
    assert f"{path}waiver/" not in lin.get(path).content.decode()


def test_i20_organisers_write_the_words_about_risk_in_the_form_of_the_event():
    event = planned_event()
    client = client_of(koc())
    page = client.get(f"/events/{event.pk}/edit/")
    values = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    moments = {name: f"{values[name]:%Y-%m-%dT%H:%M}" for name in ("starts_at", "ends_at")}
    sent = {**values, **moments, "asks_car": "", "waiver": RISK}
    sent["seen"] = page.context["seen"]
    assert client.post(f"/events/{event.pk}/edit/", sent).status_code == 302
    assert version(event) == version_of(RISK)
    assert client.get(f"/events/{event.pk}/edit/").context["form"].initial["waiver"] == RISK


def test_i20_words_about_risk_and_children_in_json():
    event = opened_event(capacity=5, waiver=RISK)
    lin, path = api(member("lin")), f"/api/v1/events/{event.pk}/"
    told = lin.get(path).json()
    assert told["waiver"] == RISK and told["waiver_sha256"] == version_of(RISK)
    assert set(lin.post(f"{path}rsvp/", {"party": 2}, format="json").json()) == {"waived"}
    assert lin.post(f"{path}rsvp/", {"party": 2, "waived": "0" * 64}, format="json").status_code == 409
    said = {
        "party": 2,
        "waived": told["waiver_sha256"],
        "minors": 1,
        "guardian": "王芳",
        "guardian_phone": "13800001111",
    }
    taken = lin.post(f"{path}rsvp/", {**said, "op_id": str(uuid.uuid4())}, format="json")
    assert taken.status_code == 201 and (taken.json()["minors"], taken.json()["waived"]) == (1, version_of(RISK))
    assert lin.post(f"{path}rsvp/", {"party": 2, "minors": 2}, format="json").status_code == 400
    assert api(koc()).patch(path, {"waiver": OTHER_RISK}, format="json").json()["waiver"] == OTHER_RISK
    assert lin.post(f"{path}waiver/", {"waived": version_of(RISK)}, format="json").status_code == 409
    assert lin.post(f"{path}waiver/", {"waived": version_of(OTHER_RISK)}, format="json").status_code == 200
    assert api().post(f"{path}waiver/", {"waived": "x"}, format="json").status_code in {401, 403}
    roster: Any = api(koc()).get(f"{path}roster/").json()["places"]
    assert roster[0]["accepted"] is True


# --- two organisers at once


def form_of(client: Any, path: str) -> dict[str, Any]:
    """The page as a browser would send it."""
    page = client.get(path)
    said = {name: value for name, value in page.context["form"].initial.items() if value is not False}
    return {**said, "seen": page.context["seen"]}


def test_words_about_risk_that_another_organiser_added_meanwhile_are_not_written_over_unseen():
    event = opened_event(capacity=9)
    first, second = client_of(koc()), client_of(agreed(event.initiative))
    path = f"/events/{event.pk}/edit/"
    mine, other = form_of(second, path), form_of(first, path)
    assert first.post(path, {**other, "waiver": RISK}).status_code == 302
    refused = second.post(path, {**mine, "about": "带伞"})
    page = refused.content.decode()
    assert refused.status_code == 422 and "山路弯多，雨天路滑。" in page and "带伞" in page
    event.refresh_from_db()
    assert (event.waiver, event.about) == (RISK, "")
    # Having seen it, they save it with both.
    again = {**mine, "about": "带伞", "waiver": RISK, "seen": refused.context["seen"]}
    assert second.post(path, again).status_code == 302
    event.refresh_from_db()
    assert (event.waiver, event.about) == (RISK, "带伞")


def test_a_form_that_says_not_what_it_was_written_from_is_shown_what_stands_there_first():
    event = opened_event(capacity=9)
    client, path = client_of(koc()), f"/events/{event.pk}/edit/"
    sent = form_of(client, path)
    del sent["seen"]
    assert client.post(path, sent).status_code == 422
    assert client.post(path, {**sent, "seen": form_of(client, path)["seen"]}).status_code == 302


def test_opening_and_closing_an_event_is_no_other_version_of_what_was_written():
    event = planned_event(capacity=9)
    client, path = client_of(koc()), f"/events/{event.pk}/edit/"
    sent = form_of(client, path)
    open_event(by=koc(), event=event)
    assert client.post(path, {**sent, "about": "带伞"}).status_code == 302
    assert {*TERMS, "questions"} == set(EventTerms.__dataclass_fields__)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_single_fields_that_two_organisers_change_at_the_same_moment_are_both_kept():
    event = opened_event(capacity=9)
    first, second = api(koc()), api(agreed(event.initiative))
    path = f"/api/v1/events/{event.pk}/"
    for number in range(5):
        words, about = f"{RISK} {number}", f"带伞 {number}"
        answers = at_once(
            lambda words=words: first.patch(path, {"waiver": words}, format="json").status_code,
            lambda about=about: second.patch(path, {"about": about}, format="json").status_code,
        )
        event.refresh_from_db()
        assert answers == [200, 200] and (event.waiver, event.about) == (words, about)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_forms_that_are_sent_at_the_same_moment_one_is_saved_and_the_other_is_told():
    event = opened_event(capacity=9)
    people, path = [client_of(koc()), client_of(agreed(event.initiative))], f"/events/{event.pk}/edit/"
    forms = [form_of(client, path) for client in people]
    answers = at_once(
        lambda: people[0].post(path, {**forms[0], "waiver": RISK}).status_code,
        lambda: people[1].post(path, {**forms[1], "about": "带伞"}).status_code,
    )
    event.refresh_from_db()
    assert sorted(answers) == [302, 422] and (event.waiver, event.about) in {(RISK, ""), ("", "带伞")}
