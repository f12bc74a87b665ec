"""After an initiative: who came says how it was, who led it tells what came of it, the next one begins with its words and lessons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.notifications.models import Notification
from kocforum.uploads.actions import receive
from tasks import kinds
from tasks.actions.initiative_reports import report, tell_how_it_was
from tasks.actions.leaving import forget_member
from tasks.actions.passing import end_due
from tasks.actions.proposals import support
from tasks.models import Event, Feedback, Initiative, InitiativeReport
from tasks.queries.download import what_i_did_with_owners
from tasks.queries.initiative_reports import numbers_of, words_of
from tests.people import make_member, make_staff
from tests.tasks.initiatives import agreed, comes, drafted_initiative, koc, member, opened_event, stays_away
from tests.tasks.test_gate import draft, scanned
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_reviews import endorsed
from tests.tasks.test_survey_api import api
from tests.uploads.made import given, photo

pytestmark = pytest.mark.django_db
STORY = "一百二十辆车，慢慢走了一天。雨停在午饭之前。"


def is_over(event: Event) -> Event:
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() - timedelta(hours=9), ends_at=timezone.now() - timedelta(hours=1)
    )
    end_due()
    event.refresh_from_db()
    return event


def held_event(*names: str, initiative: Initiative | None = None, **values: Any) -> Event:
    event = opened_event(initiative, capacity=60, **values)
    for name in names:
        comes(event, name)
    return is_over(event)


# --- how it was


def test_who_came_says_how_it_was_once_and_may_say_it_again():
    event = held_event("lin")
    lin = member("lin")
    tell_how_it_was(by=lin, event=event, recommend=9, words="午饭好")
    tell_how_it_was(by=lin, event=event, recommend=7)
    told = Feedback.objects.get()
    assert (told.recommend, told.words) == (7, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(event=event, member=lin, recommend=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(event=event, member=make_member("x"), recommend=11)
    for wrong in (-1, 11, True, "9"):
        with pytest.raises(Invalid):
            tell_how_it_was(by=lin, event=event, recommend=wrong)


def test_nobody_says_how_it_was_before_it_is_over_nor_who_was_not_there_nor_who_led_it():
    event = opened_event(capacity=5)
    comes(event, "lin")
    with pytest.raises(Conflict):
        tell_how_it_was(by=member("lin"), event=event, recommend=9)
    is_over(event)
    for other in (koc(), member("su"), make_member("stranger"), make_staff("operator")):
        with pytest.raises(Forbidden):
            tell_how_it_was(by=other, event=event, recommend=9)


def test_where_a_gate_was_kept_only_who_was_seen_there_came():
    event = opened_event(capacity=5)
    here, away = comes(event, "lin"), comes(event, "he")
    scanned(event, draft(here))
    is_over(event)
    tell_how_it_was(by=here.member, event=event, recommend=10)
    with pytest.raises(Forbidden):
        tell_how_it_was(by=away.member, event=event, recommend=0)


def test_whoever_came_is_asked_once_when_it_is_over(run_deliveries):
    event = opened_event(capacity=5)
    comes(event, "lin")
    comes(event, "he")
    stays_away(event, "he")
    is_over(event)
    end_due()
    run_deliveries()
    asked = Notification.objects.filter(kind=kinds.HOW_WAS_IT)
    assert list(asked.values_list("member__username", flat=True)) == ["lin"]


def test_numbers_and_words_are_shown_from_five_answers_on_and_without_names():
    event = held_event(*(f"g{number}" for number in range(6)))
    for number in range(4):
        tell_how_it_was(by=member(f"g{number}"), event=event, recommend=10, words=f"第{number}句")
    assert numbers_of(event.initiative)["nps"] is None and words_of(event) == []
    tell_how_it_was(by=member("g4"), event=event, recommend=2, words="别再下雨")
    numbers = numbers_of(event.initiative)
    assert numbers["answers"] == 5 and numbers["nps"][0] == 60.0
    assert words_of(event) == sorted(["第0句", "第1句", "第2句", "第3句", "别再下雨"])


# --- what came of it


def test_the_numbers_are_those_of_the_gate_and_of_the_list():
    first = opened_event(capacity=20)
    places = [comes(first, name, 2) for name in ("lin", "he")]
    scanned(first, draft(places[0]), draft(kind="walk_in", name="老王", people=3))
    is_over(first)
    assert numbers_of(first.initiative) == {
        "events": 1, "places": 4, "came": 5, "walk_ins": 3, "no_shows": 2, "new_members": 1, "answers": 0, "nps": None,
    }  # fmt: skip
    other = held_event("lin", "ma", initiative=drafted_initiative(title="另一条路"))
    numbers = numbers_of(other.initiative)
    assert (numbers["came"], numbers["no_shows"], numbers["places"], numbers["new_members"]) == (None, None, 2, 1)


def test_new_is_who_came_and_had_been_to_none_before():
    before = opened_event(drafted_initiative(title="另一条路"), capacity=5)
    came_before, stayed_away = comes(before, "lin"), comes(before, "he")
    scanned(before, draft(came_before))
    is_over(before)
    event = opened_event(capacity=2)
    places = [comes(event, name) for name in ("lin", "he")]
    waits, waits_at_home = comes(event, "ma"), comes(event, "xu")
    assert {waits.state, waits_at_home.state} == {"waitlisted"}
    scanned(event, *map(draft, places), draft(waits, kind="walk_in"))
    is_over(event)
    assert stayed_away.member == places[1].member
    assert numbers_of(event.initiative)["new_members"] == 2, "he, who had a place before and did not come, and ma"


def test_who_led_it_tells_everybody_once_all_its_events_are_over(run_deliveries):
    event = opened_event(capacity=5)
    comes(event, "lin")
    initiative = event.initiative
    with pytest.raises(Conflict):
        report(by=koc(), initiative=initiative, story=STORY)
    is_over(event)
    for other in (member("lin"), make_staff("approver", role="approver")):
        with pytest.raises(Forbidden):
            report(by=other, initiative=initiative, story=STORY)
    for short in ("", "短", "x" * 6001):
        with pytest.raises(Invalid):
            report(by=koc(), initiative=initiative, story=short)
    report(by=koc(), initiative=initiative, story=STORY, lessons="雨具多备二十套")
    report(by=agreed(initiative), initiative=initiative, story=STORY + "谢谢大家。")
    run_deliveries()
    told = InitiativeReport.objects.get()
    assert told.story.endswith("谢谢大家。") and told.numbers["places"] == 1
    heard = Notification.objects.filter(kind=kinds.INITIATIVE_REPORTED)
    assert list(heard.values_list("member__username", flat=True)) == ["lin"]


def test_an_initiative_without_an_event_is_told_once_it_is_endorsed():
    made = drafted_initiative()
    with pytest.raises(Conflict):
        report(by=koc(), initiative=made, story=STORY)
    lent = endorsed()
    report(by=lent.initiative.proposer, initiative=lent.initiative, story=STORY)


def test_whoever_stands_behind_it_hears_what_came_of_it(run_deliveries):
    lent = endorsed()
    support(by=make_member("ma"), initiative=lent.initiative, kind="comes")
    report(by=lent.initiative.proposer, initiative=lent.initiative, story=STORY)
    run_deliveries()
    heard = set(Notification.objects.filter(kind=kinds.INITIATIVE_REPORTED).values_list("member__username", flat=True))
    assert heard == {"ma"}


def test_the_report_is_read_where_the_initiative_is_and_keeps_what_was_refused():
    lent = endorsed()
    made, path = lent.initiative, f"/initiatives/{lent.initiative.pk}/report/"
    leads, reads = client_of(made.proposer), client_of()
    assert reads.get(path).status_code == 404
    answer = leads.post(path, {"story": "短", "lessons": "别丢了这句"})
    assert answer.status_code == 422 and "别丢了这句" in answer.content.decode()
    picture = receive(by=made.proposer, file=given(photo()))
    assert leads.post(path, {"story": STORY, "lessons": "早点出发", "uploads": [picture.pk]}).status_code == 302
    page = reads.get(path).content.decode()
    assert STORY in page and "早点出发" in page
    picture.refresh_from_db()
    assert picture.number == InitiativeReport.objects.get().pk
    leads.post(path, {"story": STORY, "uploads": [picture.pk], "drop": [picture.pk]})
    picture.refresh_from_db()
    assert picture.number is None
    assert STORY[:10] in reads.get(made.get_absolute_url()).content.decode()
    assert cost(reads, path) <= 5


def test_the_next_one_begins_with_its_words_and_lessons_and_not_with_its_people():
    lent = endorsed()
    made = lent.initiative
    report(by=made.proposer, initiative=made, story=STORY, lessons="雨具多备二十套")
    other = koc("other-leader")
    page = client_of(other).get(f"/initiatives/new/?from={made.pk}").content.decode()
    assert "雨具多备二十套" in page and made.plan in page and "8000" in page
    assert f'value="{made.deputy.username}"' not in page
    hidden = drafted_initiative(other)
    assert client_of(made.proposer).get(f"/initiatives/new/?from={hidden.pk}").status_code == 200
    assert client_of(made.proposer).get("/initiatives/new/?from=x").status_code == 200


def test_how_it_was_and_what_came_of_it_in_json():
    event = held_event("lin")
    path = f"/api/v1/events/{event.pk}/feedback/"
    assert api(member("lin")).post(path, {"recommend": 9, "words": "好"}, format="json").json()["recommend"] == 9
    assert api(member("lin")).post(path, {"recommend": 11}, format="json").status_code == 400
    assert api(make_member("x")).post(path, {"recommend": 11}, format="json").status_code == 403
    here = f"/api/v1/initiatives/{event.initiative_id}/report/"
    assert api(koc()).get(here).status_code == 404
    assert api(koc()).post(here, {"story": STORY, "uploads": [999]}, format="json").status_code == 400
    assert api(koc()).post(here, {"story": STORY}, format="json").json()["numbers"]["places"] == 1
    assert api(koc()).get(here).json()["by"] == "zhou"
    assert api(member("lin")).post(here, {"story": STORY}, format="json").status_code in {403, 404}


def test_the_page_asks_how_it_was_with_two_taps_and_goes_when_it_is_said():
    event = held_event("lin")
    client, path = client_of(member("lin")), f"/events/{event.pk}/feedback/"
    assert path in client.get(event.get_absolute_url()).content.decode()
    assert client.get(path).status_code == 200
    assert client.post(path, {"words": "忘了打分"}).status_code == 422
    assert client.post(path, {"recommend": "8", "words": "好"}).status_code == 302
    assert path not in client.get(event.get_absolute_url()).content.decode()
    assert client_of(make_member("x")).get(path).status_code == 302


def test_a_gate_at_one_event_calls_nobody_absent_from_another():
    first = opened_event(capacity=20)
    places = [comes(first, "lin", 2), comes(first, "he", 2)]
    scanned(first, draft(places[0], people=5))
    is_over(first)
    other = opened_event(first.initiative, capacity=20)
    for name in ("ma", "su2", "zhao"):
        comes(other, name)
    is_over(other)
    numbers = numbers_of(first.initiative)
    assert (numbers["places"], numbers["came"], numbers["no_shows"]) == (7, 5, 2)


def test_what_was_said_goes_with_who_said_it_and_stands_in_the_download():
    event = held_event("lin")
    lin = member("lin")
    tell_how_it_was(by=lin, event=event, recommend=3, words="我是林某")
    report(by=koc(), initiative=event.initiative, story=STORY)
    assert any(row.get("words") == "我是林某" for row in what_i_did_with_owners(lin)[1])
    assert any(row.get("story") == STORY for row in what_i_did_with_owners(koc())[1])
    forget_member(member_id=lin.pk)
    assert not Feedback.objects.exists()


def test_pictures_of_the_proposer_stay_when_the_deputy_saves():
    lent = endorsed()
    made, path = lent.initiative, f"/initiatives/{lent.initiative.pk}/report/"
    agreed(made)
    picture = receive(by=made.proposer, file=given(photo()))
    client_of(made.proposer).post(path, {"story": STORY, "uploads": [picture.pk]})
    client_of(made.deputy).post(path, {"story": STORY + "谢谢。", "uploads": [picture.pk]})
    picture.refresh_from_db()
    assert picture.number == InitiativeReport.objects.get().pk
    client_of(made.deputy).post(path, {"story": STORY, "uploads": [picture.pk], "drop": [picture.pk]})
    picture.refresh_from_db()
    assert picture.number is None


def test_a_picture_that_another_leader_added_meanwhile_stays_on_the_page_and_goes_in_json():
    lent = endorsed()
    made, path = lent.initiative, f"/initiatives/{lent.initiative.pk}/report/"
    deputy, picture = agreed(made), receive(by=made.proposer, file=given(photo()))
    client_of(made.proposer).post(path, {"story": STORY, "uploads": [picture.pk]})
    assert client_of(deputy).post(path, {"story": STORY + "谢谢。"}).status_code == 302
    picture.refresh_from_db()
    assert picture.number == InitiativeReport.objects.get().pk
    # In JSON the list is the whole list, as it says.
    api(deputy).post(f"/api/v1/initiatives/{made.pk}/report/", {"story": STORY, "uploads": []}, format="json")
    picture.refresh_from_db()
    assert picture.number is None
